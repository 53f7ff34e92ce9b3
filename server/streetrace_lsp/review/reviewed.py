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
    """The changes that undo the hunks ``ids``, and those of them that they don't undo.

    ``text`` and ``reviewed`` are what comes of it, if nothing else changes. ``own``: words of the
    person's own go with it, in a file that an edit made.
    """

    ids: frozenset[str]
    changes: tuple[Change, ...]
    left: tuple[Hunk, ...]
    text: str
    reviewed: Reviewed
    own: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A document's edits. Hunks of different layers may overlap: each layer follows the text."""

    uri: str
    path: str
    layers: tuple[Layer, ...] = ()

    def with_layer(self, layer: Layer, before: str | None = None) -> Reviewed:
        """One more edit was applied to the text ``before``; None: it is not in the text yet."""
        older = tuple(one.yielding_to(layer, before) for one in self.layers)
        return replace(self, layers=(*older, layer)[-_LAYERS:])

    def without(self, review: str) -> Reviewed:
        """Without the layers of this review."""
        return replace(self, layers=tuple(one for one in self.layers if one.review != review))

    def after(self, before: str, change: Change, undo: Undo | None = None) -> Reviewed:
        """The reviews after a change of the text that they stand in.

        ``undo`` is an edit of ours that is under way: what comes of it is known, and where the
        person typed besides, it says which of two equal lines was removed.
        """
        if undo is not None and apply(before, (change,)) == undo.text:
            return undo.reviewed
        return self._followed(before, change, undo.ids if undo is not None else ())

    def _followed(self, before: str, change: Change, undone: Collection[str]) -> Reviewed:
        layers = tuple(follow(one, before, change, undone) for one in self.layers)
        return replace(self, layers=layers)

    @property
    def open(self) -> tuple[Hunk, ...]:
        """The hunks that wait for the person, in the order of the text."""
        found = (hunk for layer in self.layers for hunk in layer.open)
        return tuple(sorted(found, key=lambda hunk: (hunk.start, hunk.end)))

    def open_of(self, review: str) -> tuple[Hunk, ...]:
        """The hunks of one review that wait for the person."""
        return tuple(hunk for layer in self.layers if layer.review == review for hunk in layer.open)

    def all_ids(self) -> frozenset[str]:
        """What undoing everything means: what waits, and what will once a newer edit is undone."""
        hunks = (hunk for layer in self.layers for hunk in layer.hunks)
        return frozenset(hunk.id for hunk in hunks if hunk.is_open or hunk.state == "undone")

    def find(self, hunk_id: str) -> Hunk | None:
        """The hunk of this id, whatever became of it."""
        return next((h for layer in self.layers for h in layer.hunks if h.id == hunk_id), None)

    @property
    def deleted(self) -> bool:
        """Whether an edit deleted the file, and a person may still want it back."""
        return any(layer.deleted and layer.open for layer in self.layers)

    def back(self) -> Reviewed:
        """The file is there again, whoever made it: that it was deleted is over."""
        return replace(self, layers=tuple(one for one in self.layers if not one.deleted))

    def unmade_by(self, undo: Undo) -> bool:
        """Whether nothing is left of a file that an edit made, so that it goes as a whole."""
        return not undo.text and any(layer.made and layer.open for layer in self.layers)

    def keep(self, ids: Collection[str]) -> Reviewed:
        """With these hunks kept."""
        return replace(self, layers=tuple(layer.keep(ids) for layer in self.layers))

    def undoing(self, ids: Collection[str], text: str) -> Undo:
        """What takes these hunks back out of the present ``text``: the newest edit's first."""
        here, then = self, text
        changes: tuple[Change, ...] = ()
        own = False
        for place in reversed(range(len(self.layers))):
            layer = here.layers[place]
            step = layer.undoing(ids)
            if step:
                own = own or (layer.made and any(one.state == "edited" for one in layer.open))
                changes = compose(changes, step)
                before, then = then, apply(then, step)
                here = here._followed(before, Change(0, len(before), then), ids)
        left = tuple(hunk for hunk in here.open if hunk.id in ids)
        return Undo(frozenset(ids), changes, left, then, here, own)
