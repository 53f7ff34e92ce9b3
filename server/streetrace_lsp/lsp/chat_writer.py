"""An answer as it comes, into an open chat: few edits, each verified, at a place that moves along.

What is typed elsewhere in the chat meanwhile is safe; what is typed right behind the answer becomes
the next question. Who types inside the answer while it is written has the last word: nothing more
of it is written.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.lsp.apply import Landed, NotApplied, apply_changes
from streetrace_lsp.lsp.chat_documents import refuse_chat_document

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

_LABEL = "Streetrace: Chat"
TYPED_INSIDE = "you changed the answer while it was written, so the rest was left out"
_CHANGED = "the chat was changed meanwhile where the answer belongs"


class Writer:
    """Writes one answer over ``start`` to ``end`` of a document. Use it as a context manager.

    ``old`` is what stood there. ``stopped`` says, as a clause, why nothing more is written; it is
    empty while all is well.
    """

    def __init__(self, server: StreetraceServer, document: Document, start: int, end: int) -> None:
        self._server = server
        self._document = document
        self.old = document.text[start:end]
        self._stack = ExitStack()
        # What is typed right before the answer stays before it, and what is typed behind it behind.
        self._start = self._stack.enter_context(document.anchor(start, stays=False))
        self._end = self._stack.enter_context(document.anchor(end, stays=True))
        self._written: str | None = None
        self.stopped = ""

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return self._written is not None

    @property
    def behind(self) -> str:
        """What stands in the document behind the answer."""
        return self._document.text[self._end.offset :]

    @property
    def closed(self) -> bool:
        """Whether the person closed the document."""
        return self._server.mirror.get_document(self._document.uri) is not self._document

    async def write(self, text: str) -> None:
        """Append to what was written; the first time this takes the place of what stood there."""
        if self.stopped or not text:
            return
        start = self._start.offset
        known = self.old if self._written is None else self._written
        if not self._document.text.startswith(known, start):
            self.stopped = TYPED_INSIDE if self.begun else _CHANGED
            return
        end = start + len(known)
        change = Change(start if self._written is None else end, end, text)
        self.stopped = await self._applied(change)
        if self.stopped:
            return
        if self._written is None:
            # Something may have been typed at the very same place, before the answer.
            found = self._document.text.find(text, start)
            self._start.offset = max(found, start)
        self._written = (self._written or "") + text
        self._end.offset = self._start.offset + len(self._written)
        if not self._document.text.startswith(self._written, self._start.offset):
            self.stopped = TYPED_INSIDE

    async def write_behind(self, text: str) -> None:
        """Write behind the answer although the person changed it."""
        place = self._end.offset
        await self._applied(Change(place, place, text))

    async def _applied(self, change: Change) -> str:
        result = await apply_changes(
            self._server, self._document, (change,), _LABEL, refuse=refuse_chat_document
        )
        if isinstance(result, Landed):
            return ""
        if isinstance(result, NotApplied):
            return result.why
        return "the editor says that it is written, and does not show it"
