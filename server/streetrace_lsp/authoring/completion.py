"""What can be written at the cursor of a configuration file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from streetrace_lsp.config.mend import Path, quoted
from streetrace_lsp.config.placeholders import PLACEHOLDERS
from streetrace_lsp.config.tiers import Tier, tier

from .cursor import Cursor, cursor_at, table_text
from .described import documentation, kind
from .glance import declared_backends
from .keys import Key, has_free_names, key_at, keys_in
from .known import Known
from .mending import bare_or_quoted
from .values import Value, names, values

_OPEN_BRACE: Final = re.compile(r"(?<![{$])\{\w*\Z")
_REST_OF_NAME: Final = re.compile(r"\w*\}?")
_LONGEST_NAME: Final = 24
_STATEMENT: Final = re.compile(r"^[ \t]*([A-Za-z0-9_-]+)[ \t]*[.=]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Completion:
    """One proposal: ``text`` takes the place from ``start`` to ``end``, offsets in code points.

    ``label`` is what the person sees and types; ``detail`` a few words; ``documentation`` Markdown.
    """

    label: str
    text: str
    start: int
    end: int
    kind: Literal["key", "table", "value", "name", "variable"]
    detail: str = ""
    documentation: str = ""


def complete(text: str, offset: int, known: Known) -> list[Completion]:
    """The proposals at ``offset``, in the order to show them; none in a comment."""
    cursor = cursor_at(text, offset)
    known = replace(known, declared=declared_backends(text))
    if cursor.place == "comment":
        return []
    if cursor.place == "header":
        return list(_headers(cursor, known))
    if cursor.place == "key":
        return [*_keys(text, cursor, known), *_tables_from(text, cursor, known)]
    if is_prompt(cursor.path):
        return list(_placeholders(text, offset))
    return [_value(cursor, value) for value in values(cursor, known)]


def is_prompt(path: Path) -> bool:
    """Whether the value at ``path`` is a prompt, with placeholders in it."""
    return len(path) == 3 and path[0] == "actions" and path[2] == "prompt"


def _placeholders(text: str, offset: int) -> Iterator[Completion]:
    """The placeholders, where a brace was opened."""
    opened = _OPEN_BRACE.search(text, max(0, offset - _LONGEST_NAME), offset)
    if opened is None:
        return
    behind = _REST_OF_NAME.match(text, offset)
    end = behind.end() if behind is not None else offset
    for name in PLACEHOLDERS:
        yield Completion(
            f"{{{name}}}", f"{{{name}}}", opened.start(), end, "variable", "placeholder"
        )


def _keys(text: str, cursor: Cursor, known: Known) -> Iterator[Completion]:
    there = _written(text, cursor)
    for key in _allowed(keys_in(cursor.path), known):
        if key.name in there or (key.is_table and not cursor.path):
            continue
        opening = "" if cursor.assigned else " = "
        yield Completion(
            key.name,
            key.name + opening,
            cursor.start,
            cursor.end,
            "key",
            ("needed, " if key.required else "") + kind(key),
            documentation(key, from_project=known.from_project),
        )
    if not has_free_names(cursor.path):
        return
    for value in names(cursor.path, known):
        if value.text in there:
            continue
        opening = "" if cursor.assigned else " = "
        name = bare_or_quoted(value.text)
        yield Completion(value.text, name + opening, cursor.start, cursor.end, "name", value.detail)


def _tables_from(text: str, cursor: Cursor, known: Known) -> Iterator[Completion]:
    """The headers of tables that can follow, where a line begins."""
    line_start = text.rfind("\n", 0, cursor.start) + 1
    if cursor.assigned or text[line_start : cursor.start].strip():
        return
    for key in _allowed(keys_in(()), known):
        if not key.is_table:
            continue
        free = has_free_names(key.path) and key.name not in _PLAIN_TABLES
        shown = f"[{key.name}.…]" if free else f"[{key.name}]"
        made = f"[{key.name}." if free else f"[{key.name}]\n"
        yield Completion(
            shown,
            made,
            cursor.start,
            cursor.end,
            "table",
            "table",
            documentation(key, from_project=known.from_project),
        )


# Tables of free names whose entries are values, not tables of their own.
_PLAIN_TABLES: Final = frozenset({"tasks", "pools"})


def _headers(cursor: Cursor, known: Known) -> Iterator[Completion]:
    for key in _allowed(keys_in(cursor.path), known):
        if not any(form for form in _table_forms(key)):
            continue
        free = has_free_names(key.path) and key.name not in _PLAIN_TABLES
        deeper = free and len(cursor.path) == 0
        yield Completion(
            key.name,
            key.name + ("." if deeper else ""),
            cursor.start,
            cursor.end,
            "table",
            "table",
            documentation(key, from_project=known.from_project),
        )
    below = key_at((*cursor.path, "any"))
    if has_free_names(cursor.path) and below is not None and below.is_table:
        for value in names(cursor.path, known):
            text = bare_or_quoted(value.text)
            yield Completion(value.text, text, cursor.start, cursor.end, "name", value.detail)


def _table_forms(key: Key) -> Iterator[object]:
    from .keys import forms

    return (form for form in forms(key.schema) if form.get("type") == "object")


def _allowed(found: Iterable[Key], known: Known) -> Iterator[Key]:
    """The keys that this file may set; what a table needs goes first."""
    allowed = (
        key for key in found if not known.from_project or tier(key.path) is not Tier.USER_ONLY
    )
    return iter(sorted(allowed, key=lambda key: not key.required))


def _written(text: str, cursor: Cursor) -> frozenset[str]:
    """The keys that the table has already, but for the one at the cursor."""
    part, start = table_text(text, cursor)
    line_start = text.rfind("\n", 0, cursor.start) + 1
    if "{" in (line := text[line_start : cursor.start]):
        return frozenset(re.findall(r"([A-Za-z0-9_-]+)\s*=", line.rpartition("{")[2]))
    return frozenset(
        match[1]
        for match in _STATEMENT.finditer(part)
        if not cursor.start <= start + match.start(1) <= cursor.end
    )


def _value(cursor: Cursor, value: Value) -> Completion:
    text = value.text
    if value.is_text and not cursor.quoted:
        text = quoted(text)
        if _wants_list(cursor):
            text = f"[{text}]"
    return Completion(
        value.text, text, cursor.start, cursor.end, value.kind, value.detail, value.documentation
    )


def _wants_list(cursor: Cursor) -> bool:
    path: Path = cursor.path
    key = key_at(path)
    return key is not None and key.is_list and not cursor.in_list
