"""Changes to one text: apply them, take them back, carry them over someone else's changes.

Offsets are code points into the text before. A set of changes is sorted and disjoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Replace ``[start, end)`` of a text by ``text``."""

    start: int
    end: int
    text: str

    @property
    def growth(self) -> int:
        """By how many code points the text gets longer."""
        return len(self.text) - (self.end - self.start)


def apply(text: str, changes: Sequence[Change]) -> str:
    """The text after the changes, all of them against ``text``.

    Raises ValueError where they are unsorted, overlap or lie outside the text.
    """
    pieces: list[str] = []
    done = 0
    for change in changes:
        if not done <= change.start <= change.end <= len(text):
            raise ValueError(f"changes are unsorted, overlap or lie outside the text: {change}")
        pieces.append(text[done : change.start])
        pieces.append(change.text)
        done = change.end
    pieces.append(text[done:])
    return "".join(pieces)


def invert(text: str, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes that take ``apply(text, changes)`` back to ``text``."""
    inverse: list[Change] = []
    shift = 0
    for change in changes:
        start = change.start + shift
        inverse.append(Change(start, start + len(change.text), text[change.start : change.end]))
        shift += change.growth
    return tuple(inverse)


def _line_boundary(text: str, offset: int) -> bool:
    if offset == 0:
        return True
    before = text[offset - 1]
    return before == "\n" or (before == "\r" and text[offset : offset + 1] != "\n")


def _clearly_apart(first: Change, second: Change, base: str | None) -> bool:
    """Whether two changes that touch (``first.end == second.start``) share no line.

    Needs the text they stand against: they meet between two lines, and still do afterwards.
    """
    if base is None or (first.start == first.end and second.start == second.end):
        return False
    if not (_line_boundary(base, first.start) or first.text):
        return False
    if not _line_boundary(base, first.end):
        return False
    before = first.text or base[max(first.start - 1, 0) : first.start]
    after = second.text or base[second.end : second.end + 1]
    if before.endswith("\r"):
        return not after.startswith("\n")
    return not before or before.endswith("\n")


def conflict(one: Change, other: Change, base: str | None = None) -> bool:
    """Whether two changes against the same text can't both be made independently.

    Touching counts, unless ``base`` (the text before both) shows that they share no line:
    typing at the start of the next line is not typing in this one.
    """
    if one.end < other.start or other.end < one.start:
        return False
    if one.end == other.start and one.start <= other.start and one.end <= other.end:
        return not _clearly_apart(one, other, base)
    if other.end == one.start and other.start <= one.start and other.end <= one.end:
        return not _clearly_apart(other, one, base)
    return True


def rebase(
    changes: Sequence[Change], over: Sequence[Change], base: str | None = None
) -> tuple[Change, ...] | None:
    """``changes`` moved so that they apply to the text after ``over``; None where they conflict.

    Both stand against the same text; ``over`` are the user's edits since. ``base`` is that text:
    with it, changes that meet exactly between two lines are not in conflict.
    """
    moved: list[Change] = []
    shift = 0
    index = 0
    for change in changes:
        while index < len(over) and over[index].end < change.start:
            shift += over[index].growth
            index += 1
        near = shift
        probe = index
        while probe < len(over) and over[probe].start <= change.end:
            theirs = over[probe]
            if conflict(change, theirs, base):
                return None
            if theirs.end <= change.start:
                near += theirs.growth
            probe += 1
        moved.append(Change(change.start + near, change.end + near, change.text))
    return tuple(moved)


def compose(first: Sequence[Change], second: Sequence[Change]) -> tuple[Change, ...]:
    """One set of changes that does what ``first`` and then ``second`` do.

    ``second`` stands against the text after ``first``.
    """
    middle = _pieces(first)
    pieces: list[tuple[int, int] | str] = []
    at = 0
    for change in second:
        _take(middle, change.start - at, pieces)
        _take(middle, change.end - change.start, [])
        pieces.append(change.text)
        at = change.end
    pieces.extend(reversed(middle))

    composed: list[Change] = []
    done = 0
    pending = ""
    for piece in pieces:
        if isinstance(piece, str):
            pending += piece
        elif piece[0] < piece[1]:
            if pending or piece[0] > done:
                composed.append(Change(done, piece[0], pending))
            done, pending = piece[1], ""
    return tuple(composed)


_FAR = 1 << 62


def _pieces(changes: Sequence[Change]) -> list[tuple[int, int] | str]:
    """The text after, as kept ranges of the text before and new text; last piece first."""
    pieces: list[tuple[int, int] | str] = []
    done = 0
    for change in changes:
        pieces += [(done, change.start), change.text]
        done = change.end
    pieces.append((done, _FAR))
    pieces.reverse()
    return pieces


def _take(
    pieces: list[tuple[int, int] | str], count: int, into: list[tuple[int, int] | str]
) -> None:
    """Move ``count`` code points from the front (the list's end) of ``pieces`` to ``into``."""
    while count:
        piece = pieces.pop()
        if isinstance(piece, str):
            into.append(piece[:count])
            if len(piece) > count:
                pieces.append(piece[count:])
            count -= min(count, len(piece))
        else:
            start, end = piece
            cut = min(end, start + count)
            into.append((start, cut))
            if cut < end:
                pieces.append((cut, end))
            count -= cut - start
