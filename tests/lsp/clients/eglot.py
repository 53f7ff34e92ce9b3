"""Eglot in Emacs 30.2: late with its changes, and sure of itself all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lsp.clients.clock import Timer
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.text import Range, Splice, range_of
from lsp.clients.wire import Request, ResponseError

_INTERNAL_ERROR = -32603
_QUESTION = "window/showMessageRequest"
_COMMAND = "workspace/executeCommand"
# Changes that are nearer to each other than so many characters become one.
_NEAR = 100
# How long Emacs takes from a command's answer to reading keys, at most, in seconds.
_LEAVING = 0.05


@dataclass
class _Pending:
    """What changed in a buffer and was not told: the last place, and those before it."""

    base: str
    start: int
    end: int
    earlier: list[dict[str, Any]] = field(default_factory=list)


class EglotAlone(Editor):
    """Eglot as it comes. It sends ``didChange`` when Emacs was idle for 0.5 s.

    A request tells first of what changed in the buffer at hand, and of no other. The version
    counts what was told, or stands far from what changed next (`track-changes`). So an edit with
    the exact version is applied although the buffer has changed since: at the wrong place. What is
    near to each other is told as one change, the person's and the server's. A wrong version is a
    JSON-RPC error. Files with CR LF are decoded: the buffer, and so the server, sees LF only.

    While a command waits for its answer no key is read (``jsonrpc-request``). A question that
    comes meanwhile, or before Emacs has left the command, is lost.

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
        self._pending: dict[str, _Pending] = {}
        self._timer: Timer | None = None
        self._at_hand: str | None = None
        self._commands = 0
        self._leaving: asyncio.Future[None] | None = None
        self._keys: list[Callable[[], None]] = []

    def sync(self) -> None:
        """``eglot--signal-textDocument/didChange`` in every buffer, as when Emacs was idle."""
        for uri in list(self._pending):
            self._tell(uri)

    def send(self, method: str, params: Any) -> Request:
        """``eglot--request``: the buffer at hand is told of first."""
        if self._at_hand is not None:
            self._tell(self._at_hand)
        if method == _COMMAND:
            self._commands += 1
        return self.connection.request(method, params)

    async def actions(
        self, document: Document, where: Range, **more: Any
    ) -> dict[str, dict[str, Any]]:
        """The code actions of a range of the buffer at hand."""
        self._at_hand = document.uri
        return await super().actions(document, where, **more)

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """Applied, or an error: eglot never answers ``applied: false``."""
        result = super().apply_edit(params)
        if not result["applied"]:
            raise ResponseError(_INTERNAL_ERROR, "Edits require another version than you have")
        return result

    def _receive(self, method: str, params: Any, is_request: bool) -> Any:
        if method == _QUESTION and (self._commands or self._leaving):
            self.violations.append("a question while Emacs is in a command: it is lost")
        if self._commands and self.interject is not None and method == "workspace/applyEdit":
            # The person types, and Emacs reads it when the command has ended.
            self._keys.append(self.interject)
            self.interject = None
        result = super()._receive(method, params, is_request)
        if not is_request or not self._leaving or method == "workspace/applyEdit":
            return result
        late = asyncio.get_running_loop().create_future()
        self._leaving.add_done_callback(lambda _: late.set_result(result))
        return late

    def _answered(self, request: Request, result: Any) -> None:
        super()._answered(request, result)
        if request.method != _COMMAND:
            return
        self._commands -= 1
        keys, self._keys = self._keys, []
        for press in keys:
            press()
        if self._leaving is None:
            loop = asyncio.get_running_loop()
            self._leaving = loop.create_future()
            loop.call_later(_LEAVING, self._left)

    def _left(self) -> None:
        leaving, self._leaving = self._leaving, None
        if leaving is not None:
            leaving.set_result(None)

    def _edit(
        self, document: Document, changes: Sequence[Splice], *, undoable: bool = True
    ) -> None:
        """Each change beside what waits already, or for itself where it is far from it."""
        self._at_hand = document.uri
        text, moved = document.text, list(changes)
        document.change(moved, undoable=undoable)
        for start, end, new in reversed(moved):
            self._track(document, text, start, end, new)
            text = text[:start] + new + text[end:]
        self._changed(document, [])

    def _changed(self, document: Document, changes: list[dict[str, Any]]) -> None:
        if not self.delays:
            asyncio.get_running_loop().call_soon(self.sync)
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.clock.after(self.debounce, self.sync)

    def _track(self, document: Document, text: str, start: int, end: int, new: str) -> None:
        """``track-changes--before`` and ``eglot--track-changes-signal``."""
        waits = self._pending.get(document.uri)
        if waits is not None and (start - waits.end > _NEAR or waits.start - end > _NEAR):
            waits.earlier.append(self._fetched(document, text, waits))
            waits.base, waits.start, waits.end = text, start, end
        elif waits is None:
            waits = self._pending[document.uri] = _Pending(text, start, end)
        waits.start = min(waits.start, start)
        waits.end = max(waits.end, end) + len(new) - (end - start)

    def _fetched(self, document: Document, text: str, waits: _Pending) -> dict[str, Any]:
        document.version += 1
        behind = len(text) - waits.end
        was = range_of(waits.base, waits.start, len(waits.base) - behind, self.encoding)
        return {"range": was, "text": text[waits.start : waits.end]}

    def _tell(self, uri: str) -> None:
        waits = self._pending.pop(uri, None)
        document = self.documents.get(uri)
        if waits is None or document is None:
            return
        last = self._fetched(document, document.text, waits)
        self._did_change(document, [*waits.earlier, last])


class Eglot(EglotAlone):
    """Eglot with our ``streetrace.el``: it tells of every buffer before it applies an edit."""

    def __init__(self) -> None:
        super().__init__()
        self.introduction |= {
            "capabilities": self.capabilities
            | {"experimental": {"streetrace": {"flushesChanges": True}}}
        }
        self.capabilities = self.introduction["capabilities"]

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """``didChange`` goes first, so what the server did not know has another version."""
        self.sync()
        return super().apply_edit(params)
