"""One block, located in one file: the changes it makes there, or why it is refused."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.guards import already_there, placeholder, too_little
from streetrace_lsp.edits.intents import EditIntent, Reading
from streetrace_lsp.edits.locate.anchors import below
from streetrace_lsp.edits.locate.elision import pieces
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.fuzzy import nearest
from streetrace_lsp.edits.locate.indent import Shift
from streetrace_lsp.edits.locate.inline import occurrences
from streetrace_lsp.edits.locate.tiers import Match, candidates
from streetrace_lsp.edits.locate.unescape import readings
from streetrace_lsp.edits.splice import splice

Span = tuple[int, int]


class Refused(Exception):  # noqa: N818 -- it ends one block, it is no error
    """A block that is not applied. ``lines`` are candidate lines (1-based), ``closest`` the text
    that is most like its old text.
    """

    def __init__(
        self, code: str, message: str, lines: tuple[int, ...] = (), closest: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.lines = lines
        self.closest = closest


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
    if too_little(reading.old) and not _certain(match, matches, intent):
        raise Refused(
            "too_little",
            f"The old text of edit {intent.block} has nothing to go by but blanks and brackets.",
            _lines(matches),
        )
    return _placed(file, path, intent, match)


def _certain(match: Match, matches: list[Match], intent: EditIntent) -> bool:
    """Whether old text that says nothing has one place nevertheless."""
    several = len(intent.reading.old) > 1 and len(matches) == 1 and match.shift == Shift()
    return several or intent.line_hint == match.first + 1


def _lines(matches: Sequence[Match]) -> tuple[int, ...]:
    return tuple(match.first + 1 for match in matches)


def _placed(file: FileText, path: str, intent: EditIntent, match: Match) -> Placed:
    reading = intent.reading
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


def _ambiguous(path: str, intent: EditIntent, lines: tuple[int, ...]) -> Refused:
    message = f"The old text of edit {intent.block} stands at {len(lines)} places in {path}."
    return Refused("ambiguous", message, lines)


def _chosen(
    file: FileText,
    path: str,
    intent: EditIntent,
    matches: list[Match],
    selection: Span | None,
) -> Match:
    """The one match that is meant: an explicit line, anchor or the selection may say which."""
    if len(matches) > 1:
        for narrowed in (
            [match for match in matches if match.first + 1 == intent.line_hint],
            below(file, intent.anchors, matches),
            [match for match in matches if intent.at_end and match.end == len(file.lines)],
            _selected(file, matches, selection) if intent.line_hint is None else [],
        ):
            if len(narrowed) == 1:
                return narrowed[0]
        raise _ambiguous(path, intent, _lines(matches))
    match = matches[0]
    if intent.inline and intent.line_hint != match.first + 1:
        # A piece of another line may be meant as well.
        start, end = file.starts[match.first], file.starts[match.end]
        spans = occurrences(file, intent.reading.old)
        others = [first for first, last in spans if not (start <= first and last <= end)]
        if others:
            lines = {match.first + 1, *(bisect_right(file.starts, at) for at in others)}
            raise _ambiguous(path, intent, tuple(sorted(lines)))
    return match


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
    """What is no run of whole lines: pieces of lines, around ``...`` lines, or escaped text."""
    if intent.inline:
        placed = _within_line(file, path, intent)
        if placed is not None:
            return placed
    parts = pieces(file, intent.reading)
    if parts is not None:
        placed_parts = [
            _placed(file, path, replace(intent, reading=part), match) for part, match in parts
        ]
        return Placed(
            intent.block,
            placed_parts[0].start,
            placed_parts[-1].end,
            tuple(change for part in placed_parts for change in part.changes),
        )
    for reading in readings(intent.reading):
        matches = candidates(file, reading)
        if len(matches) == 1 and matches[0].shift == Shift() and not too_little(reading.old):
            return _placed(file, path, replace(intent, reading=reading), matches[0])
    raise _not_found(file, path, intent)


def _within_line(file: FileText, path: str, intent: EditIntent) -> Placed | None:
    """An exact piece of the text, as string-replacing tools mean it, that stands there once."""
    reading = intent.reading
    if too_little(reading.old):
        return None
    found = occurrences(file, reading.old)
    if not found:
        return None
    lines = tuple(bisect_right(file.starts, start) for start, _ in found)
    if len(found) > 1:
        raise _ambiguous(path, intent, lines)
    if placeholder(reading.old, reading.new) is not None:
        raise Refused("placeholder", f"Edit {intent.block} leaves code out.")
    start, end = found[0]
    eol = file.eol_at(lines[0] - 1)
    old, new = file.text[start:end], eol.join(reading.new)
    inside = new.find(old)
    if 0 <= inside <= start and file.text.startswith(new, start - inside) and new != old:
        raise _already(path, intent, lines)
    return Placed(intent.block, start, end, (Change(start, end, new),))


def _not_found(file: FileText, path: str, intent: EditIntent) -> Refused:
    new = intent.reading.new
    there = [match for match in candidates(file, Reading(new, ())) if match.shift == Shift()]
    if there and not too_little(new):
        return _already(path, intent, _lines(there))
    near = nearest(file, intent.reading.old)
    message = f"The old text of edit {intent.block} is not in {path}."
    if not near:
        return Refused("not_found", message)
    first, end = near[0].first, near[0].end
    places = f"line {first + 1}" if end - first == 1 else f"lines {first + 1} to {end}"
    return Refused(
        "not_found",
        f"{message} Did you mean {places}?",
        tuple(one.first + 1 for one in near),
        "\n".join(file.lines[first:end]),
    )
