"""Helix 25.07: exact about versions, impatient with requests, and nothing beyond the basics."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.text import Splice, lines, range_of, spliced
from lsp.clients.wire import Request


class Helix(Editor):
    """Code actions and diagnostics only; UTF-8 first; a request is given up after 20 s.

    The 20 s pass on the test's clock. Helix answers a stale edit with the reason, and knows no
    code lens. A file that is not there is opened as an empty line. Of an edit it
    sends the lines that differ, first to last, each as a content change of its own.
    """

    name = "helix"
    profile = "helix-25.07"
    first_version = 0
    patience = 20.0

    def __init__(self) -> None:
        super().__init__()
        self.window.unknown = frozenset({"workspace/codeLens/refresh"})

    def send(self, method: str, params: Any) -> Request:
        """Send a request that is forgotten when it takes too long."""
        request = super().send(method, params)
        self.clock.after(
            self.patience, lambda: self.connection.abandon(request, "Helix did not wait longer")
        )
        return request

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """``failureReason`` is Helix's own word for it."""
        result = super().apply_edit(params)
        return result if result["applied"] else result | {"failureReason": "document changed"}

    def _tell_of(self, document: Document) -> None:
        if not document.path.exists():
            document.text = document.text or "\n"
        super()._tell_of(document)

    def _edits(self, document: Document, edits: list[dict[str, Any]]) -> list[Splice]:
        found = super()._edits(document, edits)
        return [piece for splice in found for piece in _differing(document.text, splice)]

    def _edit(self, document: Document, changes: list[Splice], *, undoable: bool = True) -> None:
        events: list[dict[str, Any]] = []
        text, moved = document.text, 0
        for first, last, new in changes:
            start, end = first + moved, last + moved
            where = range_of(text, start, end, self.encoding)
            events.append({"range": where, "text": new})
            text = spliced(text, [(start, end, new)])
            moved += len(new) - (end - start)
        document.change(changes, undoable=undoable)
        self._changed(document, events)


def _differing(text: str, splice: Splice) -> list[Splice]:
    """The pieces of a splice that change something, line by line."""
    start, end, new = splice
    old_lines, new_lines = lines(text[start:end]), lines(new)
    found: list[Splice] = []
    for kind, i, j, k, m in SequenceMatcher(
        None, old_lines, new_lines, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            first = start + sum(map(len, old_lines[:i]))
            last = first + sum(map(len, old_lines[i:j]))
            found.append((first, last, "".join(new_lines[k:m])))
    return found
