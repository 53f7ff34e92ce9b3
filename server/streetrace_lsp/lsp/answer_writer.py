"""An answer as it comes, wherever its chat is: in the editor that has it open, or in its file.

A person may open and close the chat meanwhile; then the answer goes on at the other place. An
editor that takes edits only after a command gets nothing until then: the answer waits as a whole.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.slots import Slot, Task, slot
from streetrace_lsp.chat.transcript import parse
from streetrace_lsp.lsp.chat_writer import CHANGED, TYPED_INSIDE, Writer
from streetrace_lsp.lsp.settings import local_path

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

# So much of what stands before the rest of an answer tells it apart from the same words elsewhere.
_SIGN = 60


class AnswerWriter:
    """Writes one answer into ``place`` of the chat ``text``. Use it as a context manager.

    ``old`` is what stands in that place. ``stopped`` says, as a clause, why nothing more is
    written; it is empty while all is well.
    """

    def __init__(
        self, server: StreetraceServer, uri: str, text: str, task: Task, place: Slot
    ) -> None:
        self._server = server
        self._uri = uri
        self._task = task
        self._place = place
        self.old = text[place.start : place.end]
        self.stopped = ""
        # What stood around the answer when it was seen last.
        self._above, self._below = text[: place.start], text[place.end :]
        # What is known to stand there, and what belongs behind it.
        self._written: str | None = None
        self._waiting = ""
        self._in_file = False
        self._open: tuple[Document, Writer] | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        document = self._server.mirror.get_document(self._uri)
        if document is not None and self._server.profile.apply_edit:
            await self._enter(document)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._leave()

    @property
    def begun(self) -> bool:
        """Whether anything was given to be written."""
        return self._written is not None or bool(self._waiting)

    @property
    def waits(self) -> bool:
        """Whether something could not be written yet, since the editor takes it only when asked."""
        return bool(self._waiting)

    @property
    def behind(self) -> str:
        """What stands in the chat behind the answer."""
        if self._open is not None:
            return self._open[1].behind
        text = self._file_text()
        found = self._find(text) if text is not None else None
        return text[found[1] :] if text is not None and found is not None else self._below

    async def write(self, text: str) -> None:
        """Append to what was written; the first time this takes the place of what stood there.

        Raises ``ChatFolderError`` where the file can't be written.
        """
        self._waiting += text if not self.stopped else ""
        while self._waiting and not self.stopped:
            document = self._server.mirror.get_document(self._uri)
            if document is None:
                await self._leave()
                self._write_file()
            elif self._server.profile.apply_edit:
                await self._write_document(document)
            else:
                await self._leave()
                return

    async def write_behind(self, text: str) -> None:
        """Write behind the answer although the person changed it."""
        if self._open is not None:
            await self._open[1].write_behind(text)
            return
        path, now = local_path(self._uri), self._file_text()
        if path is not None and now is not None and now.endswith(self._below):
            end = len(now) - len(self._below)
            folder.replace(path, now[:end] + text + now[end:])

    def _file_text(self) -> str | None:
        path = local_path(self._uri)
        return folder.read(path) if path is not None else None

    def _write_file(self) -> None:
        path, text = local_path(self._uri), self._file_text()
        found = self._find(text) if text is not None else None
        if path is None or text is None or found is None:
            self.stopped = TYPED_INSIDE if self._in_file and text is not None else CHANGED
            return
        start, end = found
        written = (self._written or "") + self._waiting
        folder.replace(path, text[:start] + written + text[end:])
        self._above, self._below = text[:start], text[end:]
        self._written, self._waiting, self._in_file = written, "", True

    async def _write_document(self, document: Document) -> None:
        if self._open is None or self._open[0] is not document:
            await self._leave()
            await self._enter(document)
        if self._open is None:
            self.stopped = CHANGED
            return
        writer = self._open[1]
        await writer.write(self._waiting)
        if writer.written is not None:
            whole = (self._written or "") + self._waiting
            self._waiting = whole[len(writer.written) :]
            self._written = writer.written
            self._above, self._below = writer.above, writer.behind
        if self._waiting and not writer.closed:
            self.stopped = writer.stopped

    async def _enter(self, document: Document) -> None:
        """Write into an open document from here on, unless the answer's place isn't in it."""
        await self._stack.enter_async_context(document.writer)
        found = self._find(document.text)
        if found is None:
            return
        writer = Writer(self._server, document, *found, written=self._written)
        self._stack.enter_context(writer)
        self._open, self._in_file = (document, writer), False

    async def _leave(self) -> None:
        await self._stack.aclose()
        self._open = None

    def _find(self, text: str) -> tuple[int, int] | None:
        """Where in a text the answer stands, so far as it is written there.

        An editor or a file may have the chat as it was some steps ago: what is missing waits again.
        """
        written, start = self._written, len(self._above)
        if written is not None:
            turn = self._above[self._above.rfind("## ") :]
            sign = "" if self._place.headed else turn[-_SIGN:]
            known = sign + written
            if text.startswith(known, start - len(sign)):
                return start, start + len(written)
            if text.count(known) == 1:
                start = text.find(known) + len(sign)
                return start, start + len(written)
        end = len(text) - len(self._below)
        if start <= end and text.startswith(self._above) and text.endswith(self._below):
            stands = text[start:end]
            if stands == self.old:
                self._waiting, self._written = (written or "") + self._waiting, None
                return start, end
            if written is not None and stands and written.startswith(stands):
                self._waiting = written[len(stands) :] + self._waiting
                self._written = stands
                return start, end
        return self._find_anew(text)

    def _find_anew(self, text: str) -> tuple[int, int] | None:
        """Where the answer belongs in a text that has nothing of it."""
        found = slot(parse(text), self._task)
        if isinstance(found, str) or found.question != self._place.question:
            return None
        if self._written is not None and found.replaces:
            # What stands there may be a part of the answer that somebody changed.
            return None
        self._waiting, self._written = (self._written or "") + self._waiting, None
        self.old = text[found.start : found.end]
        return found.start, found.end
