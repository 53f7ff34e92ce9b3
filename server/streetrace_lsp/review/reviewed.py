"""The reviews of one document: a layer for each edit that was applied to it, newest last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from streetrace_lsp.edits.changes import Change, apply, compose
from streetrace_lsp.review.follow import follow
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.layer import Layer

# So many edits of one document are followed; of older ones the changes count as kept.
_LAYERS = 50


@dataclass(frozen=True, slots=True)
class Undo:
    """The changes that undo hunks, and those of the hunks that they don't undo."""

    changes: tuple[Change, ...]
    left: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A document's edits. Hunks of different layers may overlap: each layer follows the text."""

    uri: str
    path: str
    layers: tuple[Layer, ...] = ()

    def with_layer(self, layer: Layer) -> Reviewed:
        """One more edit was applied."""
        return replace(self, layers=(*self.layers, layer)[-_LAYERS:])

    def without(self, review: str) -> Reviewed:
        """Without the layers of this review."""
        return replace(self, layers=tuple(one for one in self.layers if one.review != review))

    def after(self, before: str, change: Change) -> Reviewed:
        """The reviews after a change of the text that they stand in."""
        return replace(self, layers=tuple(follow(one, before, change) for one in self.layers))

    @property
    def open(self) -> tuple[Hunk, ...]:
        """The hunks that wait for the person, in the order of the text."""
        found = (hunk for layer in self.layers for hunk in layer.open)
        return tuple(sorted(found, key=lambda hunk: (hunk.start, hunk.end)))

    def open_of(self, review: str) -> tuple[Hunk, ...]:
        """The hunks of one review that wait for the person."""
        return tuple(hunk for layer in self.layers if layer.review == review for hunk in layer.open)

    def find(self, hunk_id: str) -> Hunk | None:
        """The hunk of this id, whatever became of it."""
        return next((h for layer in self.layers for h in layer.hunks if h.id == hunk_id), None)

    def keep(self, ids: Collection[str]) -> Reviewed:
        """With these hunks kept."""
        return replace(self, layers=tuple(layer.keep(ids) for layer in self.layers))

    def undoing(self, ids: Collection[str], text: str) -> Undo:
        """What takes these hunks back out of the present ``text``: the newest edit's first."""
        here, then = self, text
        changes: tuple[Change, ...] = ()
        for place in reversed(range(len(self.layers))):
            step = here.layers[place].undoing(ids)
            changes = compose(changes, step)
            # Against one text: from the last to the first none moves another.
            for change in reversed(step):
                here, then = here.after(then, change), apply(then, (change,))
        left = tuple(hunk for hunk in here.open if hunk.id in ids)
        return Undo(changes, left)
