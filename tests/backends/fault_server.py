"""A model server that misbehaves on request, in the wires of many providers.

It speaks real HTTP/1.1 over a real socket on 127.0.0.1, in a thread with a loop of its own:

    with FaultServer() as server:
        server.script(Reply(text="def f(): ...", hold_after=1), Reply(status=429))
        # api_base: server.openai ("http://127.0.0.1:PORT/v1") or server.base (Ollama, Anthropic …)

Each model request takes the next scripted `Reply`; when none is left, `server.default`. See
`fault_wires.Reply` for what can be scripted: text, chunk size, rate, hold, cut, raw frames, status,
redirect, whole bodies. A reply answers in the wire of the path that was asked:

    …/chat/completions            OpenAI (also Azure's path), streamed or whole
    /api/chat                     Ollama; /api/tags, /api/show, /api/ps, /api/version answer too
    …/messages, …RawPredict       Anthropic (and Claude on Vertex AI)
    …:streamGenerateContent       Gemini (and Vertex AI)
    /v1/chat, /v2/chat            Cohere
    …/converse-stream             Bedrock, and …/invoke-with-response-stream (Anthropic's models)
    …/predictions                 Replicate: a prediction, and its state when asked again
    /token                        Google's sign-in
    /api/pull                     Ollama fetches a model: a line of progress for each chunk
    /v1/models                    the list of `server.models`
    any path in `server.pages`    that value, as JSON

Tests wait for what happened, and never sleep:

    server.wait(lambda: server.requests)                 blocks until true, at most 10 s
    await server.until(lambda: server.held == 1)         the same in a coroutine
    server.release()                                     lets held replies go on
    server.requests[0].headers["authorization"]          method, path, headers, body (bytes), json
    server.connections[0].closed, .closed_by, .opened    time.monotonic(); "client" or "server"
    server.bytes_received                                everything that any client ever sent
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any

from backends.fault_http import Connection, Peer, Request
from backends.fault_wires import (
    EMPTY,
    HTML,
    INVALID_UTF8,
    MALFORMED,
    Called,
    Reply,
    body_of,
)

__all__ = [
    "EMPTY",
    "HTML",
    "INVALID_UTF8",
    "MALFORMED",
    "Called",
    "Connection",
    "FaultServer",
    "Reply",
    "Request",
    "body_of",
]


class FaultServer:
    """The server; a context manager. Everything public may be used from any thread."""

    def __init__(
        self,
        default: Reply | None = None,
        *,
        models: tuple[str, ...] = ("demo",),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.default = default or Reply()
        self.models = models
        self.pages: dict[str, Any] = {}
        self._tls = tls
        self.requests: list[Request] = []
        self.connections: list[Connection] = []
        self.bytes_received = 0
        # Error and description with which Google's sign-in refuses, where it does.
        self.refused_sign_in: tuple[str, str] | None = None
        # Replies that wait for `release()`, and chunks sent in all replies.
        self.held = 0
        self.chunks_sent = 0
        self._script: deque[Reply] = deque()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._released = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self.port = 0

    def __enter__(self) -> FaultServer:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def base(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def openai(self) -> str:
        return f"{self.base}/v1"

    @property
    def origin(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def script(self, *replies: Reply) -> None:
        """Adds replies for the next model requests."""
        self._script.extend(replies)

    def release(self) -> None:
        """Lets every held reply, and those to come, go on."""
        self._loop.call_soon_threadsafe(self._released.set)

    def wait(self, happened: Callable[[], Any], timeout: float = 90.0) -> None:
        """Blocks until `happened()` is true; looks again whenever anything changes."""
        with self._changed:
            assert self._changed.wait_for(happened, timeout), self._story()

    async def until(self, happened: Callable[[], Any]) -> None:
        """`wait` for coroutines."""
        await asyncio.to_thread(self.wait, happened)

    def note(self, change: Callable[[], None]) -> None:
        """Makes a change that waiting tests hear of."""
        with self._changed:
            change()
            self._changed.notify_all()

    def _story(self) -> str:
        asked = [f"{request.method} {request.path}" for request in self.requests]
        return f"did not happen; requests: {asked}; connections: {self.connections}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = self._loop.run_until_complete(
            self._loop.create_server(lambda: Peer(self), "127.0.0.1", 0, ssl=self._tls)
        )
        self.port = serving.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        serving.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        for peer in Peer.of.pop(self, []):
            peer.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def next_reply(self) -> Reply:
        return self._script.popleft() if self._script else self.default

    async def hold(self) -> None:
        self.note(lambda: setattr(self, "held", self.held + 1))
        try:
            await self._released.wait()
        finally:
            self.note(lambda: setattr(self, "held", self.held - 1))

    def sent_chunk(self) -> None:
        self.note(lambda: setattr(self, "chunks_sent", self.chunks_sent + 1))
