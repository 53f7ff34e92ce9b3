"""The edits as an editor gets them, and an independent applier that checks them.

The applier shares no code with the line index or the changes: it walks lines and encoded units
as a client does. What it makes of the emitted edits must be the text that was planned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.lines import LineIndex

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PositionEdit:
    """An LSP TextEdit in plain data: (line, character) positions, 0-based, end exclusive."""

    start: Position
    end: Position
    text: str


def position_edits(
    text: str, changes: Sequence[Change], encoding: str, index: LineIndex | None = None
) -> tuple[PositionEdit, ...]:
    """Changes to ``text`` as LSP edits in the given position encoding."""
    if index is None:
        index = LineIndex(text)
    return tuple(
        PositionEdit(
            index.position(change.start, encoding),
            index.position(change.end, encoding),
            change.text,
        )
        for change in changes
    )


_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def apply_positions(text: str, edits: Sequence[PositionEdit], encoding: str) -> str:
    """What a client that follows LSP 3.17 makes of the edits. Written without LineIndex."""
    lines = _LINE.findall(text)
    if len(lines) > 1 and lines[-1] == "" and lines[-2][-1:] not in ("\r", "\n"):
        lines.pop()
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(position: Position) -> int:
        line, character = position
        if line >= len(lines):
            return len(text)
        codec, width = _CODECS[encoding]
        content = lines[line].rstrip("\r\n").encode(codec, "surrogatepass")
        return starts[line] + len(content[: character * width].decode(codec, "surrogatepass"))

    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        start, end = offset(edit.start), offset(edit.end)
        text = text[:start] + edit.text + text[end:]
    return text


def faithful(before: str, changes: Sequence[Change], after: str, encoding: str = "utf-16") -> bool:
    """Whether an editor that gets these changes ends with ``after``."""
    return apply_positions(before, position_edits(before, changes, encoding), encoding) == after
