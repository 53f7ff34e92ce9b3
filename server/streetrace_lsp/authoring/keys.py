"""What can stand where in a configuration file: read from the JSON Schema of its types."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from streetrace_lsp.config.mend import Path

Schema = Mapping[str, Any]
_NAMES: Final = ("patternProperties", "additionalProperties")


@dataclass(frozen=True)
class Key:
    """One key: its ``path`` with a name's place taken by the name itself, and its schema.

    ``required``: whether its table can't do without it.
    """

    path: Path
    schema: Schema
    required: bool = False

    @property
    def name(self) -> str:
        """The key itself."""
        return str(self.path[-1])

    @property
    def description(self) -> str:
        """What it does, in Markdown."""
        said = self.schema.get("description") or resolved(self.schema).get("description", "")
        return str(said)

    @property
    def is_table(self) -> bool:
        """Whether its value is a table and nothing else."""
        return all(form.get("type") == "object" for form in forms(self.schema))

    @property
    def is_list(self) -> bool:
        """Whether its value can only be a list."""
        return all(form.get("type") == "array" for form in forms(self.schema))

    @property
    def example(self) -> Any:
        """A value that it may have; None where none is known."""
        return next(iter(self.schema.get("examples", ())), None)


def key_at(path: Path) -> Key | None:
    """The key at ``path``; a number in it is a place in a list. None where nothing can stand."""
    schema: Schema = root()
    required = False
    for step in path:
        if isinstance(step, int):
            below = next((form["items"] for form in forms(schema) if "items" in form), None)
        else:
            required = any(step in form.get("required", ()) for form in forms(schema))
            below = next(filter(None, (_member(form, step) for form in forms(schema))), None)
        if below is None:
            return None
        schema = below
    return Key(path, schema, required)


def keys_in(path: Path) -> list[Key]:
    """The keys that the table at ``path`` may have; none where its names are free."""
    holder = key_at(path)
    if holder is None:
        return []
    return [
        Key((*path, name), schema, name in form.get("required", ()))
        for form in forms(holder.schema)
        for name, schema in form.get("properties", {}).items()
    ]


def has_free_names(path: Path) -> bool:
    """Whether the keys of the table at ``path`` are names that a person makes up."""
    holder = key_at(path)
    return holder is not None and any(_of_names(form) is not None for form in forms(holder.schema))


def choices(schema: Schema) -> list[Any]:
    """The values that are possible, where they can be counted."""
    found: list[Any] = []
    for form in forms(schema):
        if "enum" in form:
            found += form["enum"]
        elif "const" in form:
            found.append(form["const"])
        elif form.get("type") == "boolean":
            found += [True, False]
    return found


def forms(schema: Schema) -> Iterator[Schema]:
    """The forms that a value may have, ``null`` left out: TOML has none."""
    schema = resolved(schema)
    for form in schema.get("anyOf", [schema]):
        found = resolved(form)
        if found.get("type") != "null":
            yield found


def resolved(schema: Schema) -> Schema:
    """``schema``, or the definition that it refers to."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Schema = root()["$defs"][str(reference).rpartition("/")[2]]
    return found


@functools.cache
def root() -> Schema:
    """The JSON Schema of a configuration file."""
    from streetrace_lsp.config.json_schema import json_schema

    return json_schema()


def _member(form: Schema, name: str) -> Schema | None:
    known: Schema | None = form.get("properties", {}).get(name)
    return known if known is not None else _of_names(form)


def _of_names(form: Schema) -> Schema | None:
    for key in _NAMES:
        found = form.get(key)
        if key == "patternProperties" and found:
            found = next(iter(found.values()))
        if isinstance(found, dict):
            return found
    return None
