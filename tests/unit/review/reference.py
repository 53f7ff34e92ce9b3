"""What a review should be, on lines instead of texts: the reference that the real one is tried by.

It is told what happened, line by line, and never looks at a text to find out. That works because
no two lines are alike here.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field


@dataclass
class Piece:
    """One change: lines ``[start, end)`` of the present text are its own."""

    old: list[str]
    new: list[str]
    start: int
    end: int
    kept: bool = False
    doubt: bool = False
    gone: bool = False
    taken_back: bool = False


@dataclass
class Reference:
    """A document's lines and the changes in it."""

    lines: list[str]
    pieces: list[Piece]
    past: dict[str, list[Piece]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.lines)

    def now(self, piece: Piece) -> list[str]:
        """The lines that stand where the change is."""
        return self.lines[piece.start : piece.end]

    def state(self, piece: Piece) -> str:
        """open, edited, kept, undone or gone."""
        if piece.gone:
            return "gone"
        if self.now(piece) == piece.old or piece.taken_back:
            return "undone"
        if piece.kept:
            return "kept"
        return "open" if self.now(piece) == piece.new else "edited"

    def open(self) -> list[int]:
        """The changes that wait, by their places."""
        return [n for n, p in enumerate(self.pieces) if self.state(p) in ("open", "edited")]

    def remember(self) -> None:
        """What is so in this text is so again when it comes back."""
        self.past[self.text] = deepcopy(self.pieces)

    def return_to(self, lines: Sequence[str]) -> None:
        """The person returns to a text that was there before."""
        kept = [piece.kept for piece in self.pieces]
        self.pieces = deepcopy(self.past["".join(lines)])
        for piece, was_kept in zip(self.pieces, kept, strict=True):
            piece.kept = was_kept
        self.lines = list(lines)

    def edit(self, start: int, end: int, new: Sequence[str], *, certain: bool = False) -> None:
        """The person replaces lines, by others that are nothing like them unless it is certain
        which of the new lines came of which."""
        if start == end and not new:
            return
        growth = len(new) - (end - start)
        for piece in self.pieces:
            if not piece.gone:
                self._edit(piece, start, end, growth, certain=certain)
        self.lines[start:end] = new
        self._tidy()

    def _edit(self, piece: Piece, start: int, end: int, growth: int, *, certain: bool) -> None:
        above, below = end <= piece.start, start >= piece.end
        if piece.start == piece.end and start <= piece.start <= end:
            inserted = start == end
            if not inserted and (start < piece.start < end or growth > 0):
                piece.gone = True
                return
            if inserted:
                above = below = False
                piece.doubt = True
        if above and below:
            below = False
        if above:
            piece.start, piece.end = piece.start + growth, piece.end + growth
        elif not below:
            if start < piece.start or end > piece.end:
                piece.gone = True
                return
            if not certain and growth > 0 and (start == piece.start or end == piece.end):
                piece.doubt = True
            piece.end += growth

    def exchange(self, which: int, text: Sequence[str]) -> None:
        """The lines of a change are its old or its new ones again."""
        piece = self.pieces[which]
        growth = len(text) - (piece.end - piece.start)
        self.lines[piece.start : piece.end] = text
        piece.end += growth
        for other in self.pieces[which + 1 :]:
            other.start, other.end = other.start + growth, other.end + growth
        self._tidy()

    def _tidy(self) -> None:
        done = 0
        for piece in self.pieces:
            if piece.gone:
                continue
            if piece.start < done:
                piece.gone = True
                continue
            done = piece.end
            if self.now(piece) in (piece.old, piece.new):
                piece.doubt = False
                piece.taken_back = self.now(piece) == piece.old
