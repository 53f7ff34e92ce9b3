"""The protocol object: pygls with our own document mirror and quieter errors."""

from __future__ import annotations

import logging
from collections.abc import Generator
from typing import Any

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from streetrace_lsp.lsp.mirror import Mirror

log = logging.getLogger("streetrace_lsp")


class Protocol(LanguageServerProtocol):
    """`LanguageServerProtocol` whose workspace is a `Mirror`."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Answer ``initialize``; between pygls' work and its answer the mirror moves in."""
        steps = super().lsp_initialize(params)
        try:
            step = next(steps)
            self._move_in()
            while True:
                result = yield step
                step = steps.send(result)
        except StopIteration as done:
            self._move_in()
            return done.value  # type: ignore[no-any-return]

    def _move_in(self) -> None:
        stock = self.workspace
        if isinstance(stock, Mirror):
            return
        mirror = Mirror(
            stock._root_uri,
            stock._sync_kind,
            list(stock.folders.values()),
            stock.position_encoding,
        )
        self._workspace = mirror

    def _handle_cancel_notification(self, msg_id: str | int) -> None:
        # pygls keeps the future of a finished notification handler for ever and warns of
        # every late cancellation; a client may always cancel too late (LSP 3.17).
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)
