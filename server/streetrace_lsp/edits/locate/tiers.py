"""Where a block's old lines stand: each tier gives all its candidates, the first with any decides.

T0 exact · T1 EOL and trailing blanks · T2 uniform indent shift · T3 typographic punctuation.
More than one candidate is ambiguous, unless a hint names exactly one of them.

Models lose indent. A dedented block may stand exactly where a copy of its region has that indent,
so an exact match counts together with every copy that is indented deeper, and with every other
copy that the block would be taken for, were the exact one not there. Thus a block that is applied
can't mean another place, dedented it never ends at a wrong one, and with its region gone it has
none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from streetrace_lsp.edits.intents import Reading
from streetrace_lsp.edits.locate.file import (
    FileText,
    Normal,
    exact,
    punctuation,
    stripped,
    telling,
    trailing,
)
from streetrace_lsp.edits.locate.indent import Shift, margin, shift_between

# A block that keeps some indent, but another one than the file's, may as well mean a copy of the
# code that is gone. It takes this many lines to be sure that it lost indent, which models do, and
# more that it gained some, which they hardly do. A block without any indent was dedented.
_LINES_TO_TRUST_LOST_INDENT = 2
_LINES_TO_TRUST_GAINED_INDENT = 6


@dataclass(frozen=True, slots=True)
class Match:
    """Lines ``[first, end)`` of the file, and how the block's indents map to theirs."""

    first: int
    end: int
    tier: int
    shift: Shift


def candidates(file: FileText, reading: Reading) -> list[Match]:
    """All matches of the first tier that has any, with their copies at other indents."""
    old = reading.old
    if not old or len(old) > len(file.lines):
        return []
    for tier, normal in enumerate((exact, trailing)):
        found = file.find(old, normal)
        if found:
            matches = [Match(at, at + len(old), tier, Shift()) for at in found]
            copies = _copies(file, reading) if len(found) == 1 else []
            return sorted([*matches, *copies], key=lambda match: match.first)
    for tier, normal in ((2, stripped), (3, punctuation)):
        matches = [
            match for match in _shifted(file, reading, tier, normal) if _trusted(match.shift, old)
        ]
        if matches:
            return [] if _rivalled(file, matches, old) else matches
    return []


def _copies(file: FileText, reading: Reading) -> list[Match]:
    """Other places that the old lines may mean. Costs next to nothing where there are none."""
    longest = max((line.strip(" \t") for line in reading.old), key=len)
    if file.text.count(longest) < 2:
        return []
    return [
        match
        for match in _shifted(file, reading, 2, stripped)
        if match.shift != Shift() and (match.shift.add or _trusted(match.shift, reading.old))
    ]


def _shifted(file: FileText, reading: Reading, tier: int, normal: Normal) -> list[Match]:
    old = reading.old
    matches: list[Match] = []
    for at in file.find(old, normal):
        end = at + len(old)
        shift = shift_between(old, file.lines[at:end], reading.new, file.lines)
        if shift is not None:
            matches.append(Match(at, end, tier, shift))
    return matches


def _rivalled(file: FileText, matches: list[Match], old: Sequence[str]) -> bool:
    """Whether most of the block stands elsewhere with the very indent the block has.

    Then a shifted match is a copy of the code, and the region that was meant has changed. A block
    without indent was probably dedented: for it, all lines but one must stand there.
    """
    if all(match.shift == Shift() for match in matches):
        return False
    votes: Counter[int] = Counter()
    count = 0
    for offset, line in enumerate(old):
        if telling(line):
            count += 1
            for place in file.find((line,), trailing)[:_COMMON]:
                votes[place - offset] += 1
    enough = (count + 1) // 2 if margin(old) else max(count - 1, 2)
    starts = [start for start, seen in votes.items() if count > 1 and seen >= enough]
    return any(
        not (match.first - len(old) < start < match.end) for match in matches for start in starts
    )


# A line that stands more often than this says nothing about the place.
_COMMON = 20


def _trusted(shift: Shift, old: Sequence[str]) -> bool:
    if shift == Shift() or not (margin(old) or shift.drop):
        return True
    if shift.unit and not shift.add:
        return True  # the same depth, in tabs instead of spaces or the other way round
    needed = _LINES_TO_TRUST_GAINED_INDENT if shift.drop else _LINES_TO_TRUST_LOST_INDENT
    return sum(map(telling, old)) >= needed
