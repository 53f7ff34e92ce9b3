"""What happens to a document meanwhile: every change, and places that move with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from streetrace_lsp.edits.changes import Change, rebase


class Track:
    """What happened to a document since the track began.

    ``texts`` are the texts after each content change, in order; ``steps`` what each change
    really changed, against the text before it. ``changed`` is set at every change.
    """

    def __init__(self, text: str) -> None:
        self.before = text
        self.texts: list[str] = []
        self.steps: list[tuple[Change, ...]] = []
        self.changed = asyncio.Event()
        self.closed = False

    def add(self, change: Change, text: str) -> None:
        """Record one content change and the text after it."""
        old = self.texts[-1] if self.texts else self.before
        self.steps.append(narrowed(old, change))
        self.texts.append(text)
        self.changed.set()

    def one_by_one(self) -> Iterator[Change]:
        """Every change, each against the text that those before it left."""
        for step in self.steps:
            # Against one text: from the last to the first none moves another.
            yield from reversed(step)

    def carry(self, changes: tuple[Change, ...]) -> tuple[Change, ...] | None:
        """``changes`` against the text before, moved to the present text; None on conflict."""
        moved: tuple[Change, ...] | None = changes
        for base, step in zip([self.before, *self.texts], self.steps, strict=False):
            moved = rebase(moved, step, base) if moved is not None else None
        return moved

    async def wait(self, seconds: float) -> bool:
        """Wait for the next change; False when none came in time."""
        self.changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self.changed.wait()
        except TimeoutError:
            return False
        return True


def narrowed(old: str, change: Change) -> tuple[Change, ...]:
    """What a content change changed; a client may send a whole text for two short lines."""
    replaced = old[change.start : change.end]
    if "\n" not in replaced or "\n" not in change.text:
        return (change,)
    from streetrace_lsp.edits.diff import diff

    return tuple(
        Change(part.start + change.start, part.end + change.start, part.text)
        for part in diff(replaced, change.text)
    )


class Anchor:
    """A place in a document that stays with the text behind it while somebody types.

    ``stays``: what is inserted exactly here comes behind it.
    """

    def __init__(self, offset: int, stays: bool) -> None:
        self.offset = offset
        self.stays = stays

    def pass_over(self, change: Change) -> None:
        """Take one change into account; a place that was deleted is where the deletion was."""
        if change.end < self.offset or (
            change.end == self.offset and not (self.stays and change.start == change.end)
        ):
            self.offset += change.growth
        elif change.start < self.offset:
            self.offset = change.start
