"""Eglot in Emacs 30.2: late with its changes, and sure of itself all the same."""

from __future__ import annotations

import asyncio
from typing import Any

from lsp.clients.clock import Timer
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.wire import ResponseError

_INTERNAL_ERROR = -32603


class Eglot(Editor):
    """Sends ``didChange`` when Emacs was idle for 0.5 s; requests flush it first.

    The version counts what was *sent*. So an edit with the exact version is applied although
    the buffer has changed since: at the wrong place. A wrong version is a JSON-RPC error. Files
    with CR LF are decoded: the buffer, and so the server, sees LF only.

    ``delays`` is what it is for Neovim.
    """

    name = "eglot"
    profile = "eglot-1.17"
    hides_crlf = True
    first_version = 0
    debounce = 0.5

    def __init__(self) -> None:
        super().__init__()
        self.delays = False
        self._recent: dict[str, list[dict[str, Any]]] = {}
        self._timer: Timer | None = None

    def sync(self) -> None:
        """``eglot--signal-textDocument/didChange``: all recent changes in one notification."""
        for uri, changes in list(self._recent.items()):
            del self._recent[uri]
            document = self.documents[uri]
            document.version += 1
            self._did_change(document, changes)

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """Applied, or an error: eglot never answers ``applied: false``."""
        result = super().apply_edit(params)
        if not result["applied"]:
            raise ResponseError(_INTERNAL_ERROR, "Edits require another version than you have")
        return result

    def _changed(self, document: Document, changes: list[dict[str, Any]]) -> None:
        self._recent.setdefault(document.uri, []).extend(changes)
        if not self.delays:
            asyncio.get_running_loop().call_soon(self.sync)
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.clock.after(self.debounce, self.sync)
