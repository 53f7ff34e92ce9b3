"""Tier T5: what is merely similar to the old lines. Never applied: it becomes a "did you mean".

Old lines vote for the starts that their copies in the file imply; where none stands in the file,
their words do. The likeliest places are snapped to lines and verified by rapidfuzz.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from streetrace_lsp.edits.locate.file import FileText, punctuation, stripped, telling

_MOST = 3
_TRIED = 6
_COMMON = 20
_SIMILAR = 0.6
_REACH = 2
_WORD = re.compile(r"\w{3,}")
# Longer old text is compared by its start, so that a refusal stays cheap.
_LINES_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Near:
    """Lines ``[first, end)`` (0-based) that resemble the old text, and by how much (0 to 1)."""

    first: int
    end: int
    similarity: float


def nearest(file: FileText, old: Sequence[str]) -> list[Near]:
    """The places most like the old lines, best first; at most three, none that differ much."""
    if not any(map(telling, old)) or not file.lines:
        return []
    old = old[:_LINES_COMPARED]
    found: list[Near] = []
    for start in _starts(_line_votes(file, old)) or _starts(_word_votes(file, old)):
        near = _snapped(file, old, start)
        if near.similarity >= _SIMILAR and not any(
            near.first < other.end and other.first < near.end for other in found
        ):
            found.append(near)
    found.sort(key=lambda near: (-near.similarity, near.first))
    return found[:_MOST]


def _starts(votes: Counter[int]) -> list[int]:
    best = max(votes.values(), default=0)
    starts = sorted(votes, key=lambda start: (-votes[start], start))
    return [start for start in starts[:_TRIED] if votes[start] * 2 >= best]


def _line_votes(file: FileText, old: Sequence[str]) -> Counter[int]:
    votes: Counter[int] = Counter()
    for offset, line in enumerate(old):
        if telling(line):
            places = file.find((line,), punctuation)
            if len(places) <= _COMMON:
                votes.update(max(place - offset, 0) for place in places)
    return votes


def _word_votes(file: FileText, old: Sequence[str]) -> Counter[int]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for offset, line in enumerate(old):
        for word in _words(line):
            wanted[word].append(offset)
    places: dict[str, list[int]] = {word: [] for word in wanted}
    for at, line in enumerate(file.lines):
        for word in _words(line):
            if word in places:
                places[word].append(at)
    votes: Counter[int] = Counter()
    for word, found in places.items():
        if len(found) <= _COMMON:
            votes.update({max(at - offset, 0) for at in found for offset in wanted[word]})
    return votes


def _words(line: str) -> Iterable[str]:
    return set(_WORD.findall(line))


def _snapped(file: FileText, old: Sequence[str], start: int) -> Near:
    """The lines around a start that resemble the old lines most."""
    from rapidfuzz.distance import Indel

    wanted = "\n".join(map(stripped, old))
    best = Near(start, start, 0.0)
    for first in range(max(start - _REACH, 0), min(start + _REACH, len(file.lines) - 1) + 1):
        for size in range(max(len(old) - _REACH, 1), len(old) + _REACH + 1):
            end = min(first + size, len(file.lines))
            text = "\n".join(map(stripped, file.lines[first:end]))
            similarity = Indel.normalized_similarity(
                wanted, text, score_cutoff=max(best.similarity, _SIMILAR / 2)
            )
            if similarity > best.similarity:
                best = Near(first, end, similarity)
    return best
