"""An edit that removes a line of its file as well, whether the model thought of it or not."""

from __future__ import annotations

from dataclasses import replace

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.lines import split_lines
from streetrace_lsp.edits.plan_types import Hunk, Plan


def without_line(found: Plan, path: str, text: str, line: tuple[int, int]) -> Plan:
    """The plan without the line ``[start, end)`` of ``text``, where it changes that file at all."""
    if found.files.get(path) is None:
        return found
    start, end = line
    gone = text[start:end]
    changes: list[Change] = []
    met = False
    for hunk in found.hunks:
        if hunk.path != path:
            continue
        new = hunk.new
        if hunk.start < end and start < hunk.end:
            met = True
            new = _less(new, gone)
        changes.append(Change(hunk.start, hunk.end, new))
    if not met:
        changes = sorted([*changes, Change(start, end, "")], key=lambda one: (one.start, one.end))
    new_text = apply(text, changes)
    hunks = [
        Hunk(path, one.start, one.end, text[one.start : one.end], one.text)
        for one in diff(text, new_text)
    ]
    others = [hunk for hunk in found.hunks if hunk.path != path]
    return replace(found, files={**found.files, path: new_text}, hunks=(*hunks, *others))


def _less(new: str, gone: str) -> str:
    """``new`` without the first line that says the same, however it is indented."""
    lines = split_lines(new)
    for number, line in enumerate(lines):
        if line.strip() == gone.strip():
            return "".join([*lines[:number], *lines[number + 1 :]])
    return new
