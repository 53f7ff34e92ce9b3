"""Text as the LSP specification counts it: a reference of the clients' own.

It shares nothing with the server's edit engine, so that the two check each other. Positions are
plain JSON: ``{"line": 0, "character": 0}``; offsets count code points. Lines end at CR LF, LF
and CR only (LSP 3.17, *Text Documents*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

Position = dict[str, int]
Range = dict[str, Position]
Splice = tuple[int, int, str]  # start, end, new text; offsets into one text

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_UNIT = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def lines(text: str) -> list[str]:
    """The lines of a text with their terminators; the last one has none and may be empty."""
    found = [match.group() for match in _LINE.finditer(text)]
    if len(found) > 1 and found[-1] == "" and not found[-2].endswith(("\r", "\n")):
        found.pop()  # the empty match after an unterminated last line
    return found


def width(text: str, encoding: str) -> int:
    """How many code units a text has in a position encoding."""
    codec, size = _UNIT[encoding]
    return len(text.encode(codec, "surrogatepass")) // size


def position_at(text: str, offset: int, encoding: str) -> Position:
    """The position of an offset."""
    before = lines(text[:offset])
    line = len(before) - 1
    if text[offset - 1 : offset + 1] == "\r\n":
        line -= 1  # between CR and LF is still the line that they end
        return {"line": line, "character": width(lines(text)[line].rstrip("\r\n"), encoding)}
    return {"line": line, "character": width(before[-1], encoding)}


def offset_at(text: str, position: Position, encoding: str) -> int:
    """The offset of a position; beyond the end of a line it is the end of that line."""
    rows = lines(text)
    if position["line"] >= len(rows):
        return len(text)
    row = rows[position["line"]]
    content = row.rstrip("\r\n")
    codec, size = _UNIT[encoding]
    units = content.encode(codec, "surrogatepass")[: position["character"] * size]
    inside = len(units.decode(codec, "ignore"))
    return sum(map(len, rows[: position["line"]])) + inside


def exists(text: str, position: Position, encoding: str) -> bool:
    """Whether a position is really in a text: no clamping, no half of a character."""
    return position_at(text, offset_at(text, position, encoding), encoding) == position


def range_of(text: str, start: int, end: int, encoding: str) -> Range:
    """The range of two offsets."""
    return {"start": position_at(text, start, encoding), "end": position_at(text, end, encoding)}


def splices(text: str, edits: Iterable[dict[str, Any]], encoding: str) -> list[Splice]:
    """LSP TextEdits as splices, in the order of the text. Overlaps raise ``ValueError``."""
    found = [
        (
            offset_at(text, edit["range"]["start"], encoding),
            offset_at(text, edit["range"]["end"], encoding),
            str(edit["newText"]),
        )
        for edit in edits
    ]
    found.sort(key=lambda splice: splice[:2])
    for left, right in pairwise(found):
        if right[0] < left[1]:
            raise ValueError(f"edits overlap: {left} and {right}")
    return found


def spliced(text: str, changes: Sequence[Splice]) -> str:
    """The text after splices that are sorted, disjoint and all against ``text``."""
    pieces: list[str] = []
    done = 0
    for start, end, new in changes:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def one_splice(old: str, new: str) -> Splice:
    """The one change between two texts: what is left without common ends. CR LF stays whole."""
    limit = min(len(old), len(new))
    start = 0
    while start < limit and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < limit - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if start and old[start - 1] == "\r":
        start -= 1
    if tail and old[len(old) - tail] == "\n":
        tail -= 1
    return start, len(old) - tail, new[start : len(new) - tail]


def content_changes(text: str, changes: Sequence[Splice], encoding: str) -> list[dict[str, Any]]:
    """Splices as ``contentChanges`` that hold when applied one after the other: last one first."""
    return [
        {"range": range_of(text, start, end, encoding), "text": new}
        for start, end, new in reversed(changes)
    ]


def synced(text: str, changes: Iterable[dict[str, Any]], encoding: str) -> str:
    """What a server that follows the specification has after ``contentChanges``."""
    for change in changes:
        if "range" not in change:
            text = change["text"]
            continue
        start = offset_at(text, change["range"]["start"], encoding)
        end = offset_at(text, change["range"]["end"], encoding)
        text = text[:start] + change["text"] + text[end:]
    return text
