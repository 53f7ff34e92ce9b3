"""What one applied edit did to one document: its hunks, and the way back for each of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from streetrace_lsp.edits.changes import Change, invert
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.requests.account import UNTOLD, Told
from streetrace_lsp.review.hunk import Hunk

# So many texts are remembered.
_PAST = 200

MADE_AGAIN = "a newer edit made the same change again"


@dataclass(frozen=True, slots=True)
class Layer:
    """The hunks of one edit in one document, in the order of the text, disjoint.

    ``review`` names the edit: its layers in other documents have the same. ``past`` has the
    hash of each former text and the hunks as they stood in it, newest last: a person who returns
    to a text, as undo and redo do, has its hunks again. ``made``: the edit made the file, and
    ``deleted``: it deleted it, so that there is no document that the hunk stands in. ``told``:
    who made the edit, and in which words.
    """

    review: str
    title: str
    hunks: tuple[Hunk, ...]
    past: tuple[tuple[int, tuple[Hunk, ...]], ...] = ()
    made: bool = False
    deleted: bool = False
    told: Told = UNTOLD

    @property
    def open(self) -> tuple[Hunk, ...]:
        """The hunks that wait for the person."""
        return tuple(hunk for hunk in self.hunks if hunk.is_open)

    def remembered(self, text: str) -> tuple[Hunk, ...] | None:
        """The hunks as they stood in a text, if it was there before. What was kept stays kept."""
        wanted = hash(text)
        for then, hunks in reversed(self.past):
            if then == wanted:
                kept = {hunk.id for hunk in self.hunks if hunk.kept}
                return tuple(replace(hunk, kept=hunk.id in kept) for hunk in hunks)
        return None

    def yielding_to(self, newer: Layer, before: str | None) -> Layer:
        """The layer once a newer edit was applied to the text ``before``; None: not yet.

        What was undone in that text, and is there again only since the newer edit makes the same
        change once more, is the newer one's: nobody has to decide about it twice.
        """
        then = self.hunks if before is None else self.remembered(before) or self.hunks
        undone = {hunk.id for hunk in then if hunk.state == "undone"}
        hunks = tuple(
            replace(hunk, gone=MADE_AGAIN)
            if hunk.id in undone and any(_touch(hunk, other) for other in newer.hunks)
            else hunk
            for hunk in self.hunks
        )
        return replace(self, hunks=hunks)

    def moved(self, before: str, hunks: tuple[Hunk, ...]) -> Layer:
        """The layer in its next text, with what it was in the text ``before``."""
        past = (*self.past, (hash(before), self.hunks))[-_PAST:]
        return replace(self, hunks=hunks, past=past)

    def keep(self, ids: Collection[str]) -> Layer:
        """The layer with these hunks kept. No text changes by that."""
        hunks = tuple(
            replace(hunk, kept=True) if hunk.id in ids and hunk.is_open else hunk
            for hunk in self.hunks
        )
        return replace(self, hunks=hunks)

    def undoing(self, ids: Collection[str]) -> tuple[Change, ...]:
        """The changes to the present text that put back the old text of these hunks.

        Only of those that are open, and where it is certain what has to be restored.
        """
        changes: list[Change] = []
        for hunk in self.hunks:
            if hunk.id not in ids or not hunk.is_open or hunk.doubt:
                continue
            if changes and changes[-1].end == hunk.start:
                last = changes.pop()
                changes.append(Change(last.start, hunk.end, last.text + hunk.old))
            else:
                changes.append(Change(hunk.start, hunk.end, hunk.old))
        return tuple(changes)


def _touch(one: Hunk, other: Hunk) -> bool:
    return one.start <= other.end and other.start <= one.end


def layer_of(review: str, title: str, before: str, after: str, number: int = 1) -> Layer:
    """The layer of an edit that made ``after`` of ``before``, in its document of this number."""
    changes = diff(before, after)
    hunks = tuple(
        Hunk(f"{review}.{number}.{place}", back.text, change.text, change.text, back.start)
        for place, (change, back) in enumerate(
            zip(changes, invert(before, changes), strict=True), 1
        )
    )
    return Layer(review, title, hunks)
