"""An answer as it comes, into an open chat: few edits, each verified, at a place that moves along.

What is typed elsewhere in the chat meanwhile is safe; what is typed right behind the answer becomes
the next question. Who types inside the answer while it is written has the last word: nothing more
of it is written.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.lsp.apply import Landed, NotApplied, Unconfirmed, apply_changes
from streetrace_lsp.lsp.chat_documents import refuse_chat_document

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

_LABEL = "Streetrace: Chat"
_ATTEMPTS = 3
# So much of an answer's beginning shows that it is there, although it was changed.
_SIGN = 16
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
        for _ in range(_ATTEMPTS):
            if self.stopped or not text:
                return
            if self.closed:
                self.stopped = "the chat was closed"
                return
            known = self.old if self._written is None else self._written
            start = self._start.offset
            if not self._document.text.startswith(known, start):
                self.stopped = TYPED_INSIDE if self.begun else _CHANGED
                return
            end = start + len(known)
            self._follow_ours(True)
            result = await self._applied(Change(start if self._written is None else end, end, text))
            self._follow_ours(False)
            self._look(known, text, result)
            # Eglot applies what is stale; nobody but us writes here, so it is sent again.
            if not isinstance(result, NotApplied) or not result.taken_back:
                return

    def _follow_ours(self, ours: bool) -> None:
        """Let the places frame our own text while it arrives, and keep out what is typed else."""
        self._start.stays = ours and self._written is None
        self._end.stays = not ours

    def _look(self, known: str, text: str, result: Landed | NotApplied | Unconfirmed) -> None:
        """See in the document itself what came of an edit: typing beside it may hide it."""
        document, start = self._document.text, self._start.offset
        whole = (self._written or "") + text
        # Something may have been typed at the very same place, before the answer.
        reach = self._end.offset + len(whole)
        found = start if document.startswith(whole, start) else -1
        if found < 0 and self._written is None:
            found = document.find(whole, start, reach)
        if found >= 0:
            self._written = whole
            self._start.offset = found
            self._end.offset = found + len(whole)
        elif isinstance(result, NotApplied) and result.taken_back:
            pass
        elif known and document.startswith(known, start) and not isinstance(result, Landed):
            unseen = "the editor says that it is written, and does not show it"
            self.stopped = result.why if isinstance(result, NotApplied) else unseen
        elif self.begun or document.startswith(text[:_SIGN], start):
            self.stopped = TYPED_INSIDE
        else:
            self.stopped = result.why if isinstance(result, NotApplied) else _CHANGED

    async def write_behind(self, text: str) -> None:
        """Write behind the answer although the person changed it."""
        place = self._end.offset
        await self._applied(Change(place, place, text))

    async def _applied(self, change: Change) -> Landed | NotApplied | Unconfirmed:
        return await apply_changes(
            self._server, self._document, (change,), _LABEL, refuse=refuse_chat_document
        )
