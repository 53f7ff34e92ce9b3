"""The places of a workspace that fit some words: ranked by the words, or by their meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from streetrace_lsp.edits.lines import split_lines

CHUNK_LINES: Final = 40
SHOWN: Final = 6
# So many of the best by words are ranked by meaning, where a model for that is configured.
CANDIDATES: Final = 60

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
_K1: Final = 1.2
_B: Final = 0.75


@dataclass(frozen=True)
class Chunk:
    """Lines of a file, from ``first`` (counted from 1)."""

    path: str
    first: int
    text: str

    @property
    def title(self) -> str:
        """Its place, in words; the path last, so that its ending says what kind of file it is."""
        last = self.first + max(len(split_lines(self.text)) - 1, 0)
        return f"Lines {self.first} to {last} of {self.path}"


def chunks(files: Iterable[tuple[str, str]]) -> list[Chunk]:
    """The files in pieces of some lines each."""
    found = []
    for path, text in files:
        lines = split_lines(text)
        for first in range(0, len(lines), CHUNK_LINES):
            piece = "".join(lines[first : first + CHUNK_LINES])
            if piece.strip():
                found.append(Chunk(path, first + 1, piece))
    return found


def ranked(pieces: Sequence[Chunk], query: str) -> list[Chunk]:
    """The pieces that hold words of the query, the best first (BM25; a path counts as text)."""
    wanted = set(_words(query))
    counted = [Counter(_words(f"{piece.path} {piece.text}")) for piece in pieces]
    lengths = [sum(one.values()) for one in counted]
    average = sum(lengths) / len(lengths) if lengths else 1
    rarity = {
        word: math.log(1 + (len(pieces) - held + 0.5) / (held + 0.5))
        for word in wanted
        if (held := sum(word in one for one in counted))
    }

    def score(number: int) -> float:
        length = 1 - _B + _B * lengths[number] / average
        return sum(
            weight * seen * (_K1 + 1) / (seen + _K1 * length)
            for word, weight in rarity.items()
            if (seen := counted[number][word])
        )

    scores = {number: score(number) for number in range(len(pieces))}
    best = sorted(scores, key=lambda number: (-scores[number], number))
    return [pieces[number] for number in best if scores[number] > 0]


def by_meaning(
    pieces: Sequence[Chunk], vectors: Sequence[Sequence[float]], query: Sequence[float]
) -> list[Chunk]:
    """The pieces by the angle of their vectors to the query's, the closest first."""
    closeness = [_cosine(vector, query) for vector in vectors]
    return [pieces[n] for n in sorted(range(len(pieces)), key=lambda n: (-closeness[n], n))]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    length = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0.0


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", text))]
