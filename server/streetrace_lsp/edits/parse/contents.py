"""What a closed fence holds: a diff, JSON edits, or plain text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from streetrace_lsp.edits.intents import Block, Broken, EditIntent, Fence
from streetrace_lsp.edits.parse import objects, unified

_DIFFS = ("diff", "patch", "udiff")
_JSON = ("", "json", "jsonc", "json5", "tool_call")


def contents_of(fence: Fence, number: Callable[[], int]) -> list[Block]:
    """The blocks that a fence stands for; the fence itself where it is plain text.

    ``number`` counts blocks; the fence's own number goes to the first of them.
    """
    first, end = fence.source_span
    language = (fence.info.split() or [""])[0].lower()
    numbers = _numbers(fence.block, number)
    if language in _DIFFS or (language in ("", "text") and _is_diff(fence.lines)):
        lines = _with_hunk(fence.lines)
        blocks = unified.UnifiedDiff(lines, first + 1, True, fence.label, numbers).parsed()
        return [replace(block, source_span=(first, end)) for block in blocks] or [fence]
    if language in _JSON:
        text = "\n".join(fence.lines).strip()
        if text[:1] in ("{", "[") and objects.may_hold_edits(text):
            return _json(fence, text, numbers)
    return [fence]


def _numbers(own: int, number: Callable[[], int]) -> Callable[[], int]:
    fresh = [own]
    return lambda: fresh.pop() if fresh else number()


def _is_diff(lines: tuple[str, ...]) -> bool:
    filled = [line for line in lines if line.strip()]
    head, following = (*filled[:2], "", "")[:2]
    heads = unified.starts(head, following) or head.startswith(("diff --git ", "@@ "))
    return heads and unified.looks_unified(lines)


def _with_hunk(lines: tuple[str, ...]) -> list[str]:
    """A diff without any ``@@`` is one hunk."""
    if any(line.startswith("@@") for line in lines) or not any(
        line[:1] in ("+", "-") for line in lines
    ):
        return list(lines)
    at = next((i + 1 for i, line in enumerate(lines) if line.startswith("+++ ")), 0)
    return [*lines[:at], "@@", *lines[at:]]


def _json(fence: Fence, text: str, numbers: Callable[[], int]) -> list[Block]:
    value = objects.decoded(text)
    if value is None or text[value[1] :].strip():
        if '"old_' not in text and '"old' not in text:
            return [fence]
        message = f"The JSON of edit {fence.block} can't be read."
        return [Broken(fence.block, fence.label, "malformed", message, fence.source_span)]
    blocks = objects.edits_in(value[0], fence.source_span, numbers)
    edits = tuple(block for block in blocks if isinstance(block, EditIntent))
    if any(edit.kind == "whole" for edit in edits):
        # A JSON file may have these keys itself: with a selection, it is a replacement.
        return [replace(fence, edits=edits)]
    return blocks or [fence]
