"""Edits as JSON: tool calls such as ``{"path", "old_str", "new_str"}``, and whole files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from streetrace_lsp.edits.intents import Block, EditIntent, Label, Reading
from streetrace_lsp.edits.lines import content_of, split_lines

_PATH_KEYS = ("path", "file_path", "filepath", "file", "filename", "target_file")
_PAIRS = (
    ("old_str", "new_str"),
    ("old_string", "new_string"),
    ("old_text", "new_text"),
    ("oldText", "newText"),
    ("oldString", "newString"),
    ("search", "replace"),
)
_WHOLE_KEYS = ("content", "contents", "file_text", "new_content")
_INSIDE = (
    "edits",
    "changes",
    "arguments",
    "input",
    "parameters",
    "files",
    "tool_calls",
    "function",
)
_HINT = re.compile(
    r'\\?"(?:' + "|".join([pair[0] for pair in _PAIRS] + list(_WHOLE_KEYS)) + r')\\?"\s*:'
)
_DEEPEST = 8


def may_hold_edits(text: str) -> bool:
    """Whether a text has a key that JSON edits have."""
    return _HINT.search(text) is not None


def decoded(text: str) -> tuple[Any, int] | None:
    """The JSON value at the start of a text and where it ends, or None."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None


def edits_in(value: Any, span: tuple[int, int], number: Callable[[], int]) -> list[Block]:
    """The edits that a JSON value holds."""
    return [
        EditIntent(number(), label, kind, reading, span, inline=inline, final_newline=newline)
        for label, kind, reading, inline, newline in _found(value, None, 0)
    ]


def _found(value: Any, label: Label | None, depth: int) -> Iterator[tuple[Any, ...]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str) and depth and value.lstrip()[:1] in ("{", "["):
        inner = decoded(value.strip())
        if inner is not None and may_hold_edits(value):
            yield from _found(inner[0], label, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _found(item, label, depth + 1)
    elif isinstance(value, dict):
        path = next((value[key] for key in _PATH_KEYS if isinstance(value.get(key), str)), None)
        label = Label(path, True) if path else label
        for old, new in _PAIRS:
            if isinstance(value.get(old), str) and isinstance(value.get(new), str):
                reading = Reading(_lines(value[old]), _lines(value[new]))
                yield label, "replace", reading, _is_piece(value[old], value[new]), True
                return
        whole = next((value[key] for key in _WHOLE_KEYS if isinstance(value.get(key), str)), None)
        if whole is not None and path:
            yield label, "whole", Reading((), _lines(whole)), False, whole.endswith(("\n", "\r"))
            return
        for key in _INSIDE:
            if key in value:
                yield from _found(value[key], label, depth + 1)


def _is_piece(old: str, new: str) -> bool:
    """Whether the old text may start and end inside lines: no line end says otherwise."""
    return not (old + new[-1:]).endswith("\n") or "\n" not in old


def _lines(text: str) -> tuple[str, ...]:
    return tuple(content_of(line) for line in split_lines(text))
