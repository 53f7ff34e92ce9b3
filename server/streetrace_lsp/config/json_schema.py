"""The JSON Schema of a configuration file, from its types."""

from __future__ import annotations

from typing import Any

from streetrace_lsp.config.model import Settings


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a configuration file."""
    schema = Settings.model_json_schema()
    _close(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Streetrace LSP configuration",
    }


def _close(schema: Any) -> None:
    """A name that does not match a table's pattern is an error in the schema as well."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)
