"""One block, located in one file: the changes it makes there, or why it is refused."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.guards import already_there, placeholder, too_little
from streetrace_lsp.edits.intents import EditIntent, Reading
from streetrace_lsp.edits.locate.anchors import below
from streetrace_lsp.edits.locate.elision import pieces
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.indent import Shift
from streetrace_lsp.edits.locate.tiers import Match, candidates, nearest
from streetrace_lsp.edits.splice import splice

Span = tuple[int, int]


class Refused(Exception):  # noqa: N818 -- it ends one block, it is no error
    """A block that is not applied. ``lines`` are candidate lines (1-based)."""

    def __init__(self, code: str, message: str, lines: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Placed:
    """A block's changes, and the range of the file that it stands for."""

    block: int
    start: int
    end: int
    changes: tuple[Change, ...]


def place(file: FileText, path: str, intent: EditIntent, selection: Span | None) -> Placed:
    """Locate a block of old and new lines. ``selection`` are offsets in this file, if it has one.

    Raises Refused.
    """
    reading = intent.reading
    matches = candidates(file, reading)
    if not matches:
        return _looser(file, path, intent)
    match = _chosen(file, path, intent, matches, selection)
    if too_little(reading.old) and intent.line_hint != match.first + 1:
        raise Refused(
            "too_little",
            f"The old text of edit {intent.block} has nothing to go by but blanks and brackets.",
            tuple(match.first + 1 for match in matches),
        )
    return _placed(file, path, intent, reading, match)


def _placed(
    file: FileText, path: str, intent: EditIntent, reading: Reading, match: Match
) -> Placed:
    left_out = placeholder(reading.old, reading.new)
    if left_out is not None:
        raise Refused("placeholder", f"Edit {intent.block} leaves code out ({left_out}).")
    if already_there(file, match, reading.old, reading.new):
        raise _already(path, intent, (match.first + 1,))
    changes = splice(file, match, reading)
    if changes is None:
        raise Refused(
            "indentation",
            f"The new text of edit {intent.block} can't be indented as {path} is.",
            (match.first + 1,),
        )
    start, end = file.starts[match.first], file.starts[match.end]
    return Placed(intent.block, start, end, changes)


def _already(path: str, intent: EditIntent, lines: tuple[int, ...]) -> Refused:
    message = f"{path} already has the new text of edit {intent.block}."
    return Refused("already_applied", message, lines)


def _chosen(
    file: FileText,
    path: str,
    intent: EditIntent,
    matches: list[Match],
    selection: Span | None,
) -> Match:
    """The one match that is meant: an explicit line, anchor or the selection may say which."""
    lines = tuple(match.first + 1 for match in matches)
    if len(matches) > 1:
        for narrowed in (
            [match for match in matches if match.first + 1 == intent.line_hint],
            below(file, intent.anchors, matches),
            [match for match in matches if intent.at_end and match.end == len(file.lines)],
            _selected(file, matches, selection) if intent.line_hint is None else [],
        ):
            if len(narrowed) == 1:
                return narrowed[0]
        raise Refused(
            "ambiguous",
            f"The old text of edit {intent.block} stands at {len(matches)} places in {path}.",
            lines,
        )
    return matches[0]


def _selected(file: FileText, matches: list[Match], selection: Span | None) -> list[Match]:
    if selection is None:
        return []
    start, end = selection
    line_start = max(file.text.rfind("\n", 0, start), file.text.rfind("\r", 0, start)) + 1
    return [
        match
        for match in matches
        if line_start <= file.starts[match.first] and file.starts[match.end - 1] < end
    ]


def _looser(file: FileText, path: str, intent: EditIntent) -> Placed:
    """What is no run of whole lines: a piece of a line, or pieces around ``...`` lines."""
    if intent.inline:
        placed = _within_line(file, path, intent)
        if placed is not None:
            return placed
    parts = pieces(file, intent.reading)
    if parts is None:
        raise _not_found(file, path, intent)
    placed_parts = [_placed(file, path, intent, part, match) for part, match in parts]
    return Placed(
        intent.block,
        placed_parts[0].start,
        placed_parts[-1].end,
        tuple(change for part in placed_parts for change in part.changes),
    )


def _within_line(file: FileText, path: str, intent: EditIntent) -> Placed | None:
    """An exact piece of one line, as string-replacing tools mean it, that stands there once."""
    reading = intent.reading
    if len(reading.old) != 1 or len(reading.new) > 1 or too_little(reading.old):
        return None
    old, new = reading.old[0], "".join(reading.new)
    found = [match.start() for match in re.finditer(f"(?={re.escape(old)})", file.text)]
    lines = tuple(bisect_right(file.starts, at) for at in found)
    if len(found) > 1:
        message = f"The old text of edit {intent.block} stands at {len(found)} places in {path}."
        raise Refused("ambiguous", message, lines)
    if not found:
        return None
    start, end = found[0], found[0] + len(old)
    if _cuts_word(file.text, start) or _cuts_word(file.text, end):
        return None
    if placeholder(reading.old, reading.new) is not None:
        raise Refused("placeholder", f"Edit {intent.block} leaves code out.")
    inside = new.find(old)
    if 0 <= inside <= start and file.text.startswith(new, start - inside) and new != old:
        raise _already(path, intent, lines)
    return Placed(intent.block, start, end, (Change(start, end, new),))


def _cuts_word(text: str, at: int) -> bool:
    pair = text[max(at - 1, 0) : at + 1]
    return len(pair) == 2 and all(char == "_" or char.isalnum() for char in pair)


def _not_found(file: FileText, path: str, intent: EditIntent) -> Refused:
    new = intent.reading.new
    there = candidates(file, Reading(new, ()))
    if there and not too_little(new) and there[0].shift == Shift():
        return _already(path, intent, tuple(match.first + 1 for match in there))
    lines = nearest(file, intent.reading.old)
    near = f" Something like it starts at line {lines[0]}." if lines else ""
    message = f"The old text of edit {intent.block} is not in {path}.{near}"
    return Refused("not_found", message, lines)
