"""No key of the schema without a row that shows its effect, and no row that could show none."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import tomli
from jsonschema import Draft202012Validator
from pydantic import Field

from backends.effects.base import OLLAMA, OPENAI
from backends.effects.row import Row
from backends.effects.rows import ROWS
from backends.effects.scene import asking, body
from backends.effects.test_effects import assert_has_its_effect
from streetrace_lsp.config.json_schema import json_schema
from streetrace_lsp.config.limits import Cache
from streetrace_lsp.config.reference import TABLES
from streetrace_lsp.routing.host import ModelHost

HERE = Path(__file__).parent
# What the configuration holds, its sources and problems: reading a key is not yet an effect.
INSIDE = {"settings", "sources", "problems"}


def keys_of(tables: Iterable[tuple[str, type[Any], tuple[str, ...]]]) -> list[str]:
    """The keys that stand on the reference page; what has no description has its own section."""
    return [
        ".".join((*path, name))
        for _, table, path in tables
        for name, info in table.model_fields.items()
        if info.description is not None
    ]


def test_every_key_of_the_schema_has_one_row_and_every_row_a_key() -> None:
    keys = Counter(keys_of(TABLES))
    rows = Counter(row.key for row in ROWS)
    assert keys - rows == Counter(), "write a Row that shows what the key does"
    assert rows - keys == Counter(), "these are no keys of the schema"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_both_configurations_of_a_row_are_valid(row: Row) -> None:
    """A file that is refused would look like an effect."""
    schema = Draft202012Validator(json_schema())
    for text in row.configurations():
        assert list(schema.iter_errors(tomli.loads(text))) == []


def test_a_new_key_is_missed() -> None:
    class Larger(Cache):
        sparkle: bool = Field(default=False, description="Sparkles.", examples=[True])

    added = set(keys_of([("`[cache]`", Larger, ("cache",))])) - {row.key for row in ROWS}
    assert added == {"cache.sparkle"}


@pytest.mark.asyncio(loop_scope="session")
async def test_a_key_that_does_nothing_is_found_out(
    tmp_path: Path, home: Path, host: ModelHost
) -> None:
    seen = body("keep_alive")
    key = "backends.NAME.keep_alive"
    effect = Row(key, "10m", OLLAMA, asking(seen), "10m", None)
    await assert_has_its_effect(effect, tmp_path / "ollama", home, host)
    none = Row(key, "10m", OPENAI, asking(seen), "10m", None)
    with pytest.raises(AssertionError, match=r"\[None, None\]"):
        await assert_has_its_effect(none, tmp_path / "openai", home, host)
    with pytest.raises(AssertionError, match="this proves nothing"):
        same = Row(key, "10m", OPENAI, asking(seen), None, None)
        await assert_has_its_effect(same, tmp_path / "same", home, host)


@pytest.mark.parametrize("file", sorted(HERE.glob("*.py")), ids=lambda path: path.stem)
def test_an_effect_is_seen_from_outside(file: Path) -> None:
    """In requests, in what a shell or an editor is told, in files: never in the configuration."""
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert read & INSIDE == set()
