"""Hunks follow the text: where they stand, and what became of them, after each change.

Judged by the text alone. The editor's own undo, its redo and our own undo all arrive as a
change like any other. What can't be told for certain is never undone later:

- A change inside a hunk edits it. Whole lines right above or below one are outside of it.
- A change across the edge of a hunk loses it.
- Where a change may have been inside or outside, since equal lines stand side by side, the hunk
  stays, in doubt.
- In a text that was there before, every hunk is what it was in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.lines import split_lines
from streetrace_lsp.edits.spans import common_prefix, common_suffix
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.layer import Layer

ACROSS = "you changed it together with the lines around it"
AT_EDGE = "you added lines at its edge"
SAME_LINES = "the same lines stand beside it, so it can't be told which of them you removed"
AT_REMOVED = "you wrote where it had removed lines"

# Two lines are one that was rewritten where so many percent of them are alike.
_ALIKE = 60


def follow(layer: Layer, before: str, change: Change, undone: Collection[str] = ()) -> Layer:
    """The layer after one change of the text that it stands in.

    ``undone``: the hunks that we are undoing ourselves. They need to be named only where lines
    are alike: which of two was removed is not in the text.
    """
    after = apply(before, (change,))
    remembered = None if undone else layer.remembered(after)
    if remembered is not None:
        return layer.moved(before, remembered)
    live = [hunk for hunk in layer.hunks if not hunk.gone]
    moved = _exchanged(live, before, after, undone)
    if moved is None:
        pieces = _pieces(before, change)
        moved = _proven([_after(hunk, pieces, before) for hunk in live], after)
    by_id = {hunk.id: hunk for hunk in moved}
    return layer.moved(before, tuple(by_id.get(hunk.id, hunk) for hunk in layer.hunks))


def _proven(hunks: Sequence[Hunk], after: str) -> list[Hunk]:
    """The hunks; one that is not where it was followed to, or in the way of another, is gone."""
    found: list[Hunk] = []
    done = 0
    for hunk in hunks:
        if hunk.gone:
            found.append(hunk)
        elif hunk.start < done or after[hunk.start : hunk.end] != hunk.now:
            found.append(replace(hunk, gone=SAME_LINES))
        else:
            found.append(hunk)
            done = hunk.end
    return found


@dataclass(frozen=True, slots=True)
class _Way:
    """How a hunk came to end at an offset: where it starts, and what stands there.

    ``score`` counts the hunks up to it that are as expected.
    """

    start: int
    text: str
    score: int


def _exchanged(
    hunks: Sequence[Hunk], before: str, after: str, undone: Collection[str]
) -> list[Hunk] | None:
    """The hunks, if ``after`` is ``before`` but for hunks that hold their old or new text again.

    One change of an editor may undo many hunks at once, and cover what stands between them.
    Where equal lines leave several ways, the one with the most of ``undone`` undone and of the
    others as they were.
    """
    ways: list[dict[int, _Way]] = []
    ends = {0: _Way(0, "", 0)}
    done = 0
    for hunk in hunks:
        gap = before[done : hunk.start]
        starts = {end + len(gap): way for end, way in ends.items() if after.startswith(gap, end)}
        ways.append(starts)
        ends = {}
        expected = hunk.old if hunk.id in undone else hunk.now
        for start, way in starts.items():
            for text in (hunk.now, hunk.old, hunk.new):
                if not after.startswith(text, start):
                    continue
                end, score = start + len(text), way.score + (text == expected)
                if end not in ends or ends[end].score < score:
                    ends[end] = _Way(start, text, score)
        done = hunk.end
    rest = before[done:]
    found: list[Hunk] = []
    here = ends.get(len(after) - len(rest))
    if here is None or not after.endswith(rest):
        return None
    for hunk, starts in zip(reversed(hunks), reversed(ways), strict=True):
        found.append(hunk.standing(here.start, here.text))
        here = starts[here.start]
    return found[::-1]


def _pieces(before: str, change: Change) -> list[Change]:
    """The change as whole lines, in as many pieces as have equal lines between them.

    An editor may send a whole text for two short lines, or trim a new line so that it seems to
    start inside the next one. Lines that were rewritten one by one are pieces of their own.
    """
    old, new = before[change.start : change.end], change.text
    head = common_prefix(old, new)
    tail = min(common_suffix(old, new), min(len(old), len(new)) - head)
    start, end = change.start + head, change.end - tail
    after = apply(before, (change,))
    growth = len(after) - len(before)
    while start and not (_starts_line(before, start) and _starts_line(after, start)):
        start -= 1
    while not (_ends_line(before, end) and _ends_line(after, end + growth)):
        end += 1
    pieces: list[Change] = []
    for part in diff(before[start:end], after[start : end + growth]):
        at = start + part.start
        pieces += _line_by_line(Change(at, start + part.end, part.text), before)
    return pieces


def _starts_line(text: str, offset: int) -> bool:
    if offset == 0 or text[offset - 1] == "\n":
        return True
    return text[offset - 1] == "\r" and text[offset : offset + 1] != "\n"


def _ends_line(text: str, offset: int) -> bool:
    return offset >= len(text) or _starts_line(text, offset)


def _line_by_line(piece: Change, before: str) -> list[Change]:
    """The piece as one for each line, where each line is a former one that was rewritten."""
    old, new = split_lines(before[piece.start : piece.end]), split_lines(piece.text)
    if len(old) != len(new) or len(old) < 2:
        return [piece]
    from rapidfuzz.fuzz import ratio

    if any(ratio(one.strip(), other.strip()) < _ALIKE for one, other in zip(old, new, strict=True)):
        return [piece]
    pieces, at = [], piece.start
    for one, other in zip(old, new, strict=True):
        pieces.append(Change(at, at + len(one), other))
        at += len(one)
    return pieces


def _after(hunk: Hunk, pieces: Sequence[Change], before: str) -> Hunk:
    """The hunk after changes of whole lines, none of which merely exchanges its text."""
    shift = 0
    inside: list[Change] = []
    doubt = ""
    for piece in pieces:
        where, place, why = _where(hunk, piece, before)
        if where == "across":
            return replace(hunk, gone=why)
        if where == "above":
            shift += piece.growth
        elif where == "inside":
            inside.append(place)
            doubt = doubt or why
    local = [Change(c.start - hunk.start, c.end - hunk.start, c.text) for c in inside]
    return hunk.standing(hunk.start + shift, apply(hunk.now, local), doubt)


Where = Literal["above", "inside", "below", "across"]


def _where(hunk: Hunk, piece: Change, before: str) -> tuple[Where, Change, str]:
    """Where a piece is, seen from the hunk, at which place, and what is doubtful about that."""
    found = {_seen(hunk, place, before): place for place in _places(piece, before)}
    if len(found) > 1 and piece.text and not {"above", "below"}.isdisjoint(found):
        # Lines that may have been added outside are left alone: so none of the person's is lost.
        found = {where: place for where, place in found.items() if where in ("above", "below")}
    if len(found) > 1:
        inside = found.get("inside")
        return ("inside", inside, SAME_LINES) if inside else ("across", piece, SAME_LINES)
    ((where, place),) = found.items()
    if where == "across":
        return where, place, ACROSS if hunk.now else AT_REMOVED
    if where != "inside":
        return where, place, ""
    if not hunk.now:
        return where, place, AT_REMOVED
    return where, place, AT_EDGE if _grows_over_edge(hunk, place, before) else ""


def _grows_over_edge(hunk: Hunk, place: Change, before: str) -> bool:
    """Whether lines were added where the hunk starts or ends, and may as well be outside of it.

    They are inside where a part of the hunk's first or last line still stands beyond them.
    """
    old, new = before[place.start : place.end], place.text
    if len(split_lines(new)) <= len(split_lines(old)):
        return False
    head = common_prefix(old, new)
    tail = min(common_suffix(old, new), min(len(old), len(new)) - head)
    at_start = place.start == hunk.start and not old[:head].strip()
    at_end = place.end == hunk.end and not old[len(old) - tail :].strip()
    return at_start or at_end


def _seen(hunk: Hunk, place: Change, before: str) -> Where:
    start, end = hunk.start, hunk.end
    if start < end:
        if place.end <= start:
            return "above"
        if place.start >= end:
            return "below"
        return "inside" if start <= place.start and place.end <= end else "across"
    if place.end < start:
        return "above"
    if place.start > start:
        return "below"
    if place.start == place.end:
        return "inside"
    if place.start < start < place.end:
        return "across"
    old = before[place.start : place.end]
    if len(split_lines(place.text)) > len(split_lines(old)):
        return "across"
    return "above" if place.end == start else "below"


def _places(piece: Change, before: str) -> list[Change]:
    """Where whole lines may have been added or removed with the same result; else the piece."""
    places = [piece]
    if piece.start < piece.end and piece.text:
        return places
    lines = split_lines(piece.text or before[piece.start : piece.end])
    up = list(lines)
    start, end = piece.start, piece.end
    while start and (above := _line_before(before, start)) == up[-1]:
        start, end = start - len(above), end - len(above)
        up = [up.pop(), *up]
        places.append(Change(start, end, "".join(up) if piece.text else ""))
    down = list(lines)
    start, end = piece.start, piece.end
    while (below := _line_at(before, end)) and below == down[0]:
        start, end = start + len(below), end + len(below)
        down = [*down[1:], below]
        places.append(Change(start, end, "".join(down) if piece.text else ""))
    return places


def _line_before(text: str, offset: int) -> str:
    start = offset - 1
    while start and not _starts_line(text, start):
        start -= 1
    return text[start:offset]


def _line_at(text: str, offset: int) -> str:
    end = offset
    while not _ends_line(text, end) or end == offset < len(text):
        end += 1
    return text[offset:end]
