"""The server's copy of the open documents, exact to the code point.

pygls splits lines at form feeds and other characters that are no line ends in LSP, so a
later incremental change lands on the wrong line. Here lines end only where LSP 3.17
("Text Documents") says: at ``\\n``, ``\\r\\n`` and ``\\r``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from streetrace_lsp.edits.buffer import LineBuffer
from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.lsp.track import Anchor, Track, narrowed


class Document(TextDocument):
    """An open document: its text, version, language and line index."""

    def __init__(self, uri: str, text: str, version: int | None, language: str, encoding: str):
        super().__init__(uri, source=text, version=version, language_id=language)
        self._buffer = LineBuffer(text)
        self.language = language
        self.encoding = encoding
        # One writer for each document: an edit job holds this from its snapshot to the
        # verified result, others queue.
        self.writer = asyncio.Lock()
        self._index: LineIndex | None = None
        self._tracks: list[Track] = []
        self._anchors: list[Anchor] = []
        self._once: list[Callable[[], None]] = []
        # Called with the text before and the change, after every change.
        self.followers: list[Callable[[str, Change], None]] = []

    @property
    def text(self) -> str:
        """The whole text."""
        return self._buffer.text

    @property
    def source(self) -> str:
        """The whole text, by pygls' name."""
        return self.text

    @property
    def index(self) -> LineIndex:
        """The line index of the present text."""
        if self._index is None:
            self._index = LineIndex(self.text)
        return self._index

    def offset(self, position: types.Position) -> int:
        """The code point offset of a position in the agreed encoding."""
        return self.index.offset(position.line, position.character, self.encoding)

    def span(self, area: types.Range) -> tuple[int, int]:
        """The code point offsets (start, end) of a range, in order."""
        start, end = self.offset(area.start), self.offset(area.end)
        return min(start, end), max(start, end)

    def range(self, start: int, end: int) -> types.Range:
        """The range of a span of code points, in the agreed encoding."""
        first = self.index.position(start, self.encoding)
        last = self.index.position(end, self.encoding)
        return types.Range(types.Position(*first), types.Position(*last))

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Take over one content change of ``textDocument/didChange``.

        While nobody watches the document this costs the lines it touches and no more.
        """
        watched = bool(self._tracks or self._anchors or self.followers)
        before = self.text if self.followers else ""
        done = self._as_change(change) if watched else None
        if done is not None:
            self._move_anchors(done)
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            self._buffer.replace(
                (start.line, start.character),
                (end.line, end.character),
                change.text,
                self.encoding,
            )
        else:
            self._buffer = LineBuffer(change.text)
        self._index = None
        if done is not None:
            for track in self._tracks:
                track.add(done, self.text)
            for follower in self.followers:
                follower(before, done)
        waiting, self._once = self._once, []
        for call in waiting:
            call()

    def at_next_change(self, call: Callable[[], None]) -> None:
        """Call once, as soon as the next change is in the text."""
        self._once.append(call)

    def _as_change(self, change: types.TextDocumentContentChangeEvent) -> Change:
        if isinstance(change, types.TextDocumentContentChangePartial):
            return Change(*self.span(change.range), change.text)
        return Change(0, len(self.text), change.text)

    def _move_anchors(self, done: Change) -> None:
        if self._anchors:
            # Each part is against the text before: from the last to the first none moves another.
            for part in reversed(narrowed(self.text, done)):
                for anchor in self._anchors:
                    anchor.pass_over(part)

    @property
    def is_tracked(self) -> bool:
        """Whether a job still watches this document."""
        return bool(self._tracks or self._anchors)

    def close(self) -> None:
        """Tell every track that the client closed the document."""
        for track in self._tracks:
            track.closed = True

    def reopen(self, text: str, version: int | None) -> None:
        """Take over a new ``didOpen`` for what a job still watches."""
        for track in self._tracks:
            track.closed = False
        self.version = version
        if text != self.text:
            self.apply_change(types.TextDocumentContentChangeWholeDocument(text))

    @contextmanager
    def anchor(self, offset: int, *, stays: bool) -> Iterator[Anchor]:
        """Follow a place for as long as it is needed."""
        anchor = Anchor(offset, stays)
        self._anchors.append(anchor)
        try:
            yield anchor
        finally:
            self._anchors.remove(anchor)

    @contextmanager
    def track(self) -> Iterator[Track]:
        """Record every change from here on."""
        track = Track(self.text)
        self._tracks.append(track)
        try:
            yield track
        finally:
            self._tracks.remove(track)


class Mirror(Workspace):
    """All open documents."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        # Documents that were closed while a job watched them.
        self._left: dict[str, Document] = {}
        self._news = asyncio.Event()

    def get_document(self, uri: str) -> Document | None:
        """The open document of this URI, or None where the client has not opened it."""
        found = self.text_documents.get(unquote(uri))
        return found if isinstance(found, Document) else None

    async def opened(self, uri: str, seconds: float) -> Document | None:
        """The document once the client has opened it; None when it did not in time."""
        deadline = asyncio.get_running_loop().time() + max(seconds, 0)
        while (found := self.get_document(uri)) is None:
            self._news.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(left):
                    await self._news.wait()
            except TimeoutError:
                return self.get_document(uri)
        return found

    def documents(self) -> list[Document]:
        """Every open document; the one that a person used last stands last."""
        return [d for d in self.text_documents.values() if isinstance(d, Document)]

    def put_text_document(
        self, text_document: types.TextDocumentItem, notebook_uri: str | None = None
    ) -> None:
        """Take over ``textDocument/didOpen``."""
        uri = unquote(text_document.uri)
        self._news.set()
        left = self._left.pop(uri, None)
        if left is not None and left.is_tracked:
            # An edit under way may make the client open the document again.
            left.reopen(text_document.text, text_document.version)
            self.text_documents[uri] = left
            return
        self.text_documents[uri] = Document(
            text_document.uri,
            text_document.text,
            text_document.version,
            text_document.language_id,
            str(getattr(self.position_encoding, "value", self.position_encoding)),
        )

    def remove_text_document(self, doc_uri: str) -> None:
        """Take over ``textDocument/didClose``."""
        document = self.text_documents.pop(unquote(doc_uri), None)
        if isinstance(document, Document):
            document.close()
            if document.is_tracked:
                self._left[unquote(doc_uri)] = document

    def update_text_document(
        self,
        text_doc: types.VersionedTextDocumentIdentifier,
        change: types.TextDocumentContentChangeEvent,
    ) -> None:
        """Take over one content change; one for an unknown document is ignored."""
        document = self.get_document(text_doc.uri)
        if document is not None:
            document.version = text_doc.version
            document.apply_change(change)
            # While a job writes here, a change says nothing of where the person is.
            if not document.writer.locked():
                self.used(document)

    def used(self, document: Document) -> None:
        """A person is in this document now."""
        uri = unquote(document.uri)
        if uri in self.text_documents:
            self.text_documents[uri] = self.text_documents.pop(uri)
