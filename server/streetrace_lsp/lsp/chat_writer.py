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
# A person who types all the time pauses within so many rounds of edits.
_ATTEMPTS = 20
# So much of an answer's beginning shows that it is there, although it was changed.
_SIGN = 16
TYPED_INSIDE = "you changed the answer while it was written, so the rest was left out"
CHANGED = "the chat was changed meanwhile where the answer belongs"


class Writer:
    """Writes one answer over ``start`` to ``end`` of a document. Use it as a context manager.

    ``old`` is what stood there, or ``written`` what stands there of the answer already.
    ``stopped`` says, as a clause, why nothing more is written; it is empty while all is well.
    """

    def __init__(
        self,
        server: StreetraceServer,
        document: Document,
        start: int,
        end: int,
        *,
        written: str | None = None,
    ) -> None:
        self._server = server
        self._document = document
        self.old = document.text[start:end]
        self._stack = ExitStack()
        # What is typed right before the answer stays before it, and what is typed behind it behind.
        self._start = self._stack.enter_context(document.anchor(start, stays=False))
        self._end = self._stack.enter_context(document.anchor(end, stays=True))
        self.written = written
        self.stopped = ""

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return self.written is not None

    @property
    def above(self) -> str:
        """What stands in the document above the answer."""
        return self._document.text[: self._start.offset]

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
            known = self.old if self.written is None else self.written
            if not self._found(known):
                self.stopped = TYPED_INSIDE if self.begun else CHANGED
                return
            start = self._start.offset
            end = start + len(known)
            self._follow_ours(True)
            result = await self._applied(Change(start if self.written is None else end, end, text))
            self._follow_ours(False)
            # Somebody types fast, or eglot put it elsewhere: nobody but us writes at this place.
            if self._is_there(text, result) or not isinstance(result, NotApplied):
                return
            if not result.again:
                return
        self.stopped = "the chat kept changing"

    def _follow_ours(self, ours: bool) -> None:
        """Let the places frame our own text while it arrives, and keep out what is typed else."""
        self._start.stays = ours and self.written is None
        self._end.stays = not ours

    def _found(self, known: str) -> bool:
        """Whether what is known to stand there still does; it is looked for where it moved.

        Neovim sends what changed at several places as one change, over everything between them.
        """
        text = self._document.text
        if text.startswith(known, self._start.offset):
            return True
        if not self.begun or text.count(known) != 1:
            return False
        self._start.offset = text.find(known)
        return True

    def _is_there(self, text: str, result: Landed | NotApplied | Unconfirmed) -> bool:
        """See in the document itself what came of an edit: typing beside it may hide it."""
        document, before = self._document.text, self.written or ""
        whole = before + text
        if isinstance(result, Landed) and len(result.inverse) == 1 and result.after == document:
            self._start.offset = result.inverse[0].start - len(before)
        start = self._start.offset
        if not document.startswith(whole, start) and document.count(whole) == 1:
            start = document.find(whole)
        if document.startswith(whole, start):
            self.written = whole
            self._start.offset = start
            self._end.offset = start + len(whole)
            return True
        if isinstance(result, NotApplied) and result.again:
            return False
        known = self.old if self.written is None else before
        if known and document.startswith(known, start) and not isinstance(result, Landed):
            unseen = "the editor says that it is written, and does not show it"
            self.stopped = result.why if isinstance(result, NotApplied) else unseen
        elif self.begun or document.startswith(text[:_SIGN], start):
            self.stopped = TYPED_INSIDE
        else:
            self.stopped = result.why if isinstance(result, NotApplied) else CHANGED
        return False

    async def write_behind(self, text: str) -> None:
        """Write behind the answer although the person changed it."""
        place = self._end.offset
        await self._applied(Change(place, place, text))

    async def _applied(self, change: Change) -> Landed | NotApplied | Unconfirmed:
        return await apply_changes(
            self._server, self._document, (change,), _LABEL, refuse=refuse_chat_document
        )
