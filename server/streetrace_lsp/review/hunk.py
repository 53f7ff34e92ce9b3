"""One change of an applied edit, as it stands in the document now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

State = Literal["open", "edited", "kept", "undone", "gone"]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Whole lines ``old`` became ``new``; ``now`` stands at ``start`` in the present text.

    ``doubt`` is a clause for the person: why it is not certain what undoing would have to
    restore. ``gone`` is one too: why the hunk can't be followed any more. ``taken_back``: the old
    text stood there again, and what the person made of it since is theirs, until the new text is
    back. Offsets are code points.
    """

    id: str
    old: str
    new: str
    now: str
    start: int
    kept: bool = False
    doubt: str = ""
    gone: str = ""
    taken_back: bool = False

    @property
    def end(self) -> int:
        """Where the hunk ends in the present text."""
        return self.start + len(self.now)

    @property
    def state(self) -> State:
        """What the text says of the hunk, and what the person decided.

        That the editor's own undo took it back is seen by the text alone, and so is a redo.
        """
        if self.gone:
            return "gone"
        if self.now == self.old or self.taken_back:
            return "undone"
        if self.kept:
            return "kept"
        return "open" if self.now == self.new else "edited"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the person."""
        return self.state in ("open", "edited")

    def standing(self, start: int, now: str, doubt: str = "") -> Hunk:
        """The hunk with another place and text. Text that is known leaves no doubt."""
        certain = now in (self.old, self.new)
        return replace(
            self,
            start=start,
            now=now,
            doubt="" if certain else doubt or self.doubt,
            taken_back=now == self.old or (self.taken_back and now != self.new),
        )
