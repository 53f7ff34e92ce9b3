"""The protocol object: pygls with our own document mirror and quieter errors."""

from __future__ import annotations

import logging
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from streetrace_lsp.lsp.held_command import holding
from streetrace_lsp.lsp.mirror import Mirror

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp")

# What the methods begin with that are not part of LSP.
OWN = "streetrace/"


class RefusedError(JsonRpcException):
    """The answer to a request of a program that could not be fulfilled: not a fault of ours."""

    @classmethod
    def of_params(cls, message: str) -> Self:
        """For parameters that can't be taken."""
        return cls(message, types.ErrorCodes.InvalidParams.value)

    @classmethod
    def of_request(cls, message: str, data: dict[str, Any]) -> Self:
        """For a request that was understood (LSP 3.17, ``RequestFailed``)."""
        return cls(message, types.LSPErrorCodes.RequestFailed.value, data)


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

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(
        self, params: types.ExecuteCommandParams
    ) -> Generator[Any, Any, Any]:
        """Run a command; a client that waits for its answer gets it when it may go on."""
        steps = super().lsp_workspace__execute_command(params)
        handler, args, kwargs = next(steps)
        server = cast("StreetraceServer", self._server)
        if not server.profile.waits_for_commands:
            return (yield handler, args, kwargs)
        command, handler = holding(server, handler)
        try:
            return (yield handler, args, kwargs)
        finally:
            # The answer leaves before anybody who waits for this goes on.
            command.release()
            command.answered.set()

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message as an object; one of ours may leave out its parameters, as JSON-RPC allows.

        pygls would not answer a request without them.
        """
        if str(data.get("method", "")).startswith(OWN):
            data.setdefault("params", None)
        return super().structure_message(data)

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        refused = None if future.cancelled() else future.exception()
        if not isinstance(refused, RefusedError):
            super()._send_handler_result(future, msg_id=msg_id)
            return
        # pygls would log a traceback, and call it an error of the server.
        self._request_futures.pop(msg_id, None)
        self._send_response(msg_id, error=refused.to_response_error())

    def _handle_cancel_notification(self, msg_id: str | int) -> None:
        # pygls keeps the future of a finished notification handler for ever and warns of
        # every late cancellation; a client may always cancel too late (LSP 3.17).
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)
