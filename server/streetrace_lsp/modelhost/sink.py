"""Where an adapter puts the reply: merges small pieces, and stops a reply that is too long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from .faults import HostFaultError
from .tool_calls import ToolCalls

LARGEST_REPLY: Final = 4 * 1024 * 1024
# 8 streams of 300 pieces/s would be 2400 frames/s for the server; this makes 320 of them.
FLUSH_EVERY: Final = 0.025


class Sink:
    """The reply of one request on its way to the server.

    The first piece is sent at once; later ones are collected for ``FLUSH_EVERY`` seconds.
    ``first``: when it came (``time.monotonic``).
    """

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._pieces: list[str] = []
        self._frame: dict[str, Any] = {"ev": "text"}
        self._size = 0
        self.first: float | None = None
        self.calls = ToolCalls()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def wrote(self) -> bool:
        """Whether anything came."""
        return self._size > 0 or self._frame["ev"] == "tool_call"

    def text(self, piece: str) -> None:
        """A piece of the answer. Raises ``HostFaultError`` (too_large) over 4 MiB in all."""
        self._put({"ev": "text"}, piece)

    def reasoning(self, piece: str) -> None:
        """A piece of what the model thought; counted towards the same 4 MiB."""
        self._put({"ev": "reasoning"}, piece)

    def tool_call(self, index: int, call_id: str, name: str, arguments: str) -> None:
        """A piece of a tool call (see `ToolCalls.add`); counted towards the same 4 MiB."""
        call = self.calls.add(index, call_id, name, arguments)
        frame = {"ev": "tool_call", "index": call.number, "call": call.id, "name": call.name}
        self._put(frame, arguments)

    def flush(self) -> None:
        """Sends what is collected."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._send_pieces()

    def _put(self, frame: dict[str, Any], piece: str) -> None:
        # A call is told of when it begins, also while its arguments are still to come.
        if not piece and (frame["ev"] != "tool_call" or frame == self._frame):
            return
        if self.first is None:
            self.first = time.monotonic()
        self._size += len(piece.encode("utf-8", "surrogatepass"))
        if self._size > LARGEST_REPLY:
            raise HostFaultError("too_large")
        if frame != self._frame:
            self._send_pieces()
            self._frame = frame
        self._pieces.append(piece)
        if self._timer is None:
            self._send_pieces()
            self._timer = self._loop.call_later(FLUSH_EVERY, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._pieces:
            self._send_pieces()
            self._timer = self._loop.call_later(FLUSH_EVERY, self._tick)

    def _send_pieces(self) -> None:
        if self._pieces:
            text, self._pieces = "".join(self._pieces), []
            field = "arguments" if self._frame["ev"] == "tool_call" else "text"
            self._send({**self._frame, field: text})

    def drop(self) -> None:
        """Forgets what is collected: nobody wants it any more."""
        self._pieces = []
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
