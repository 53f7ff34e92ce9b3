"""The chats of one session: which documents are chats, and what is known beside their text.

A chat's text is the truth: every command reads it anew, so that it goes on after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import to_fs_path

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.meant import carried
from streetrace_lsp.lsp.settings import local_path

if TYPE_CHECKING:
    from streetrace_lsp.chat.attachments import Lines
    from streetrace_lsp.chat.slots import Task
    from streetrace_lsp.chat.stand_ins import StandIns
    from streetrace_lsp.chat.transcript import Transcript
    from streetrace_lsp.lsp.chat_send import Asked
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer


class NoChatError(StreetraceError):
    """There is no such chat."""

    is_failure = False


class BusyError(StreetraceError):
    """An answer is being written to the chat, or waits for it."""

    is_failure = False


@dataclass(frozen=True)
class Kept:
    """An answer that is not in its document yet, since the editor takes edits only when asked.

    ``question``: what it answers; ``head`` and ``body``: its heading and what stands below.
    ``asked``: how, with the words of a question that is not in the document yet either.
    """

    task: Task
    question: str
    head: str
    body: str
    asked: Asked


@dataclass(frozen=True)
class Seen:
    """Where a person asked for code actions last, outside of chats, in the text of that moment."""

    uri: str
    range: types.Range
    text: str


class Chats:
    """What the server knows of chats."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        self.kept: dict[str, Kept] = {}
        self._last_place: Seen | None = None
        self._read: tuple[str, Transcript] | None = None
        # What stood in the lines that a chat attaches, whenever they were asked about.
        self._lines: dict[tuple[Path, Lines], set[str]] = {}
        # What the editor said of its diagnostics, with the document's version of that moment.
        self._diagnostics: dict[str, tuple[int | None, dict[str, types.Diagnostic]]] = {}

    @cached_property
    def stand_ins(self) -> StandIns:
        """What the place-holders in answers stand for."""
        from streetrace_lsp.chat.stand_ins import StandIns
        from streetrace_lsp.review.journal import Journal

        kept = Journal(self._server.state_dir / "stand-ins")
        # What is old is deleted while it is looked through.
        for _ in kept.records():
            pass
        return StandIns(kept)

    def holds(self, uri: str) -> bool:
        """Whether a document is a chat."""
        from streetrace_lsp.chat.folder import is_chat

        path = local_path(uri)
        return path is not None and is_chat(path)

    def open_at(self, uri: str) -> Document | None:
        """The open chat of this URI."""
        return self._server.mirror.get_document(uri) if self.holds(uri) else None

    def read(self, text: str) -> Transcript:
        """A chat's text, read; of a long one only what changed is read again."""
        from streetrace_lsp.chat.transcript import parse, parse_again

        if self._read is None:
            self._read = (text, parse(text))
        elif self._read[0] is not text:
            self._read = (text, parse_again(text, *self._read))
        return self._read[1]

    def root_of(self, uri: str | None) -> Path:
        """The folder whose chats a document's are: its workspace folder, or the first there is.

        Without any workspace folder it is a folder of the server's own.
        """
        settings, mirror = self._server.settings, self._server.mirror
        path = local_path(uri) if uri else None
        if uri and path is not None and self.holds(uri):
            return path.parents[2]
        root = settings.root_of(path)
        if root is None:
            folders = [to_fs_path(entry.uri) for entry in mirror.folders.values()]
            named = next(filter(None, [*folders, mirror.root_path]), None)
            root = Path(named) if named else None
        return root or self._server.state_dir

    def workspace_of(self, uri: str) -> Path | None:
        """The folder whose files a chat may speak of; None for a chat of no workspace folder."""
        root, path = self.root_of(uri), local_path(uri)
        apart = root == self._server.state_dir or self._server.settings.folder_of(path) is None
        return None if apart else root

    @property
    def last_place(self) -> Seen | None:
        """Where a person asked for code actions last, outside of chats, as it stands by now.

        None where that can't be told, since they changed the very lines.
        """
        seen = self._last_place
        document = self._server.mirror.get_document(seen.uri) if seen is not None else None
        if seen is None or document is None or document.text == seen.text:
            return seen
        now = carried(seen.range, seen.text, document)
        return Seen(seen.uri, now, document.text) if now is not None else None

    def attached(self, root: Path, lines: Lines, text: str) -> None:
        """Remember what stands in these lines as a model is asked about them."""
        self._lines.setdefault((root, lines), set()).add(text)

    def lines_as_attached(self, root: Path, lines: Lines) -> frozenset[str]:
        """What a model was told that these lines are, in this session."""
        return frozenset(self._lines.get((root, lines), ()))

    def looked_at(self, document: Document, params: types.CodeActionParams) -> None:
        """Remember where a person is in a source file, and what the editor says is wrong there."""
        self._last_place = Seen(document.uri, params.range, document.text)
        version, known = self._diagnostics.get(document.uri, (None, {}))
        if version != document.version:
            known = {}
        for one in params.context.diagnostics:
            known[f"{one.range} {one.message}"] = one
        self._diagnostics[document.uri] = (document.version, known)

    def diagnostics(self, document: Document) -> list[types.Diagnostic]:
        """What the editor has said is wrong in a document as it is now, in its order."""
        version, known = self._diagnostics.get(document.uri, (None, {}))
        if version != document.version:
            return []
        return sorted(known.values(), key=lambda one: (one.range.start.line, one.message))


def refuse_chat_document(server: StreetraceServer, uri: str) -> str | None:
    """Why a chat may not be written here; the one place where protected names may be written."""
    from streetrace_lsp.chat.folder import refuse_chat

    path = local_path(uri)
    return refuse_chat(path) if path is not None else "it is no file"
