"""Neovim 0.12: late with its changes, and polite to the point of lying."""

from __future__ import annotations

import asyncio
from typing import Any

from lsp.clients.clock import Timer
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.text import Splice, content_changes, splices
from lsp.clients.vscode import with_own_line_ends


class Neovim(Editor):
    """Sends ``didChange`` 150 ms after a change, merged into one; requests flush it first.

    The version counts changes of the buffer (``changedtick``) and runs ahead of what was sent,
    so a stale edit is seen as stale. It is skipped then, and still answered ``applied: true``.
    Only the first entry of ``documentChanges`` is compared at all
    (``vim.lsp.util.apply_workspace_edit``).

    While ``delays`` is False the debounce ends right after each message; while it is True it
    ends when the test moves the clock or something flushes.
    """

    name = "neovim"
    profile = "neovim-0.12"
    first_version = 3
    debounce = 0.15

    def __init__(self) -> None:
        super().__init__()
        self.delays = False
        self._timer: Timer | None = None

    def sync(self) -> None:
        """``changetracking.flush``: before every request, and when the debounce is over."""
        for document in self.documents.values():
            change = document.unsynced()
            if change is not None:
                events = content_changes(document.synced_text, [change], self.encoding)
                self._did_change(document, events)

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """What can't be applied is skipped without a word."""
        edit = params["edit"]
        for index, change in enumerate(edit.get("documentChanges", [])):
            if "kind" in change:
                continue  # CreateFile with ignoreIfExists makes nothing here
            if index == 0 and self._newer(change):
                continue
            self._take(change)
        return {"applied": True}

    def _newer(self, change: dict[str, Any]) -> bool:
        document = self.documents.get(change["textDocument"]["uri"])
        version = change["textDocument"].get("version")
        return document is not None and bool(version) and document.version > version

    def _changed(self, document: Document, changes: list[dict[str, Any]]) -> None:
        document.version += max(len(changes), 1)
        if not self.delays:
            asyncio.get_running_loop().call_soon(self.sync)
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.clock.after(self.debounce, self.sync)

    def _edits(self, document: Document, edits: list[dict[str, Any]]) -> list[Splice]:
        return with_own_line_ends(document, splices(document.text, edits, self.encoding))


class RestedNeovim(Neovim):
    """Neovim whose buffer rested for longer than the debounce since its last message.

    Then the first of several changes is sent at once, in the midst of an edit and before its
    answer, and the others when the debounce is over (``vim.lsp._changetracking``).
    """

    def _edit(self, document: Document, changes: list[Splice], *, undoable: bool = True) -> None:
        for place, change in enumerate(sorted(changes, reverse=True)):
            super()._edit(document, [change], undoable=undoable and place == 0)
            if place == 0:
                self.sync()


class UntouchedNeovim(Neovim):
    """Neovim with buffers as they were opened: version 0, and no edit for it is compared."""

    first_version = 0
