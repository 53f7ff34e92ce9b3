"""Where a block's old lines stand: each tier gives all its candidates, the first with any decides.

T0 exact · T1 EOL and trailing blanks · T2 uniform indent shift · T3 typographic punctuation.
More than one candidate is ambiguous, unless a hint names exactly one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streetrace_lsp.edits.intents import Reading
from streetrace_lsp.edits.locate.file import FileText, exact, punctuation, stripped, trailing
from streetrace_lsp.edits.locate.indent import Shift, margin, shift_between

# A block that keeps some indent, but another one than the file's, may as well mean a copy of the
# code elsewhere. It takes this many lines to be sure. A block without any indent was dedented.
_LINES_TO_TRUST_A_SHIFT = 3


@dataclass(frozen=True, slots=True)
class Match:
    """Lines ``[first, end)`` of the file, and how the block's indents map to theirs."""

    first: int
    end: int
    tier: int
    shift: Shift


Chooser = Callable[[list[Match]], list[Match]]


def candidates(file: FileText, reading: Reading) -> list[Match]:
    """All matches of the first tier that has any."""
    old = reading.old
    if not old or len(old) > len(file.lines):
        return []
    size = len(old)
    for tier, normal in enumerate((exact, trailing)):
        found = file.find(old, normal)
        if found:
            return [Match(at, at + size, tier, Shift()) for at in found]
    for tier, normal in ((2, stripped), (3, punctuation)):
        matches: list[Match] = []
        for at in file.find(old, normal):
            shift = shift_between(old, file.lines[at : at + size], reading.new, file.lines)
            if shift is not None and _trusted(shift, old):
                matches.append(Match(at, at + size, tier, shift))
        if matches:
            return [] if _rivalled(file, matches, old) else matches
    return []


def _rivalled(file: FileText, matches: list[Match], old: Sequence[str]) -> bool:
    """Whether half of the block stands elsewhere with the very indent the block has.

    Then a shifted match is a copy of the code, and the region that was meant has changed.
    """
    if all(match.shift == Shift() for match in matches):
        return False
    votes: Counter[int] = Counter()
    telling = 0
    for offset, line in enumerate(old):
        if any(char.isalnum() for char in line):
            telling += 1
            for place in file.find((line,), trailing)[:_COMMON]:
                votes[place - offset] += 1
    starts = [start for start, count in votes.items() if count * 2 >= telling > 1]
    return any(
        not (match.first - len(old) < start < match.end) for match in matches for start in starts
    )


def _trusted(shift: Shift, old: Sequence[str]) -> bool:
    if shift == Shift() or not (margin(old) or shift.drop):
        return True
    if shift.unit and not shift.add:
        return True  # the same depth, in tabs instead of spaces or the other way round
    telling = [line for line in old if any(char.isalnum() for char in line)]
    return len(telling) >= _LINES_TO_TRUST_A_SHIFT


def nearest(file: FileText, old: Sequence[str], most: int = 3) -> tuple[int, ...]:
    """Lines (1-based) where something like the old lines may start, likeliest first.

    Each old line votes for the starts that its copies in the file imply.
    """
    votes: Counter[int] = Counter()
    for offset, line in enumerate(old):
        if not any(char.isalnum() for char in line):
            continue
        places = file.find((line,), punctuation)
        if len(places) <= _COMMON:
            for place in places:
                votes[max(place - offset, 0)] += 1
    if not votes:
        return ()
    best = max(votes.values())
    starts = sorted(votes, key=lambda start: (-votes[start], start))
    return tuple(start + 1 for start in starts[:most] if votes[start] * 2 >= best)


_COMMON = 20
