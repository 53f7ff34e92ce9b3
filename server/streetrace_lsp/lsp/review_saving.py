"""Writes the reviews of documents into the journal, off the loop and one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from streetrace_lsp.review.record import to_record
from streetrace_lsp.review.reviewed import Reviewed

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.review.journal import Journal

log = logging.getLogger("streetrace_lsp.review")

# How long typing rests before the journal is written, in seconds.
_RESTED = 1.0


class Saving:
    """What is not in the journal yet. ``current`` gives a document's reviews and text by its key.

    What can't be written is said in the log: the review works all the same until the server ends.
    """

    def __init__(
        self,
        server: StreetraceServer,
        journal: Journal,
        current: Callable[[str], tuple[Reviewed, str]],
    ) -> None:
        self._server = server
        self._journal = journal
        self._current = current
        # In its order.
        self._unsaved: dict[str, None] = {}
        self._saving: asyncio.Task[None] | None = None
        self._resting: asyncio.TimerHandle | None = None

    def now(self, key: str) -> None:
        """Something was decided: write it."""
        self._unsaved[key] = None
        self._save()

    def once_rested(self, key: str) -> None:
        """Something was typed: write it when typing rests."""
        self._unsaved[key] = None
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(_RESTED, self._save)

    async def done(self) -> None:
        """Wait until what was decided is in the journal, as far as it can be written."""
        if self._saving is not None:
            await asyncio.shield(self._saving)

    async def close(self) -> None:
        """Write what is not in the journal yet."""
        if self._resting is not None:
            self._resting.cancel()
        if self._unsaved:
            self._save()
        await self.done()

    def _save(self) -> None:
        if self._saving is None or self._saving.done():
            self._saving = asyncio.ensure_future(self._save_all())
            self._server.keep(self._saving)

    async def _save_all(self) -> None:
        while self._unsaved:
            key = next(iter(self._unsaved))
            del self._unsaved[key]
            await asyncio.to_thread(self._write, key, *self._current(key))

    def _write(self, key: str, reviewed: Reviewed, text: str) -> None:
        try:
            if not reviewed.open:
                self._journal.drop(key)
            elif not self._journal.write(key, to_record(reviewed, text)):
                log.warning("a review is too large to survive a restart")
        except OSError as error:
            log.warning("a review will not survive a restart: %s", error.strerror)
