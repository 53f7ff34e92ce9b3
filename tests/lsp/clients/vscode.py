"""Visual Studio Code 1.139 with vscode-languageclient 11."""

from __future__ import annotations

import re
from typing import Any

from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.text import Splice, splices


class VSCode(Editor):
    """UTF-16 only, synced at once, one line ending per document.

    A stale version is answered ``applied: false`` without a reason. ``discards`` is a person
    who closes the refactor preview: VS Code changes nothing then, and has answered both
    ``applied: true`` and ``applied: false``; ``says`` is the one that it answers.
    ``accepts`` are the edits, by their places, that a person leaves ticked in it; None: all.
    """

    name = "vscode"
    profile = "vscode-1.139"

    def __init__(self) -> None:
        super().__init__()
        self.discards = False
        self.says = True
        self.accepts: set[int] | None = None

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """All documents or none; the versions are compared before anything is touched."""
        if self.discards:
            return {"applied": self.says}
        if self.accepts is not None:
            for change in params["edit"]["documentChanges"]:
                edits = enumerate(change["edits"])
                change["edits"] = [edit for place, edit in edits if place in self.accepts]
        result = super().apply_edit(params)
        return {"applied": result["applied"]}

    def _edits(self, document: Document, edits: list[dict[str, Any]]) -> list[Splice]:
        return with_own_line_ends(document, splices(document.text, edits, self.encoding))


def with_own_line_ends(document: Document, changes: list[Splice]) -> list[Splice]:
    """New text with the one line ending that the buffer has."""
    eol = "\r\n" if "\r\n" in document.text else "\n"
    return [(start, end, re.sub(r"\r\n|\r|\n", eol, new)) for start, end, new in changes]
