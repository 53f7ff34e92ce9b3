"""One connection of the fault server: HTTP/1.1 as it is spoken, and as it goes wrong."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from backends.fault_aws import CONTENT_TYPE
from backends.fault_replicate import prediction
from backends.fault_wires import Reply, Wire, frames, whole

if TYPE_CHECKING:
    from backends.fault_server import FaultServer

_TLS_HANDSHAKE = b"\x16\x03"
_TYPES = {
    "ollama": "application/x-ndjson",
    "cohere": "application/stream+json",
    "converse": CONTENT_TYPE,
    "invoke": CONTENT_TYPE,
    "pull": "application/x-ndjson",
}


@dataclass
class Connection:
    """One accepted connection. Times are of `time.monotonic()`."""

    opened: float
    closed: float | None = None
    closed_by: str | None = None
    requests: int = 0


@dataclass(frozen=True)
class Request:
    """One whole request as it arrived. Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    arrived: float
    connection: Connection = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def key(self) -> str:
        """The key that the client sent, wherever providers put it."""
        for name in ("x-api-key", "api-key", "x-goog-api-key"):
            if name in self.headers:
                return self.headers[name]
        if "key=" in self.path:
            return self.path.partition("key=")[2].partition("&")[0]
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Peer(asyncio.Protocol):
    """One connection: cuts requests out of the bytes and answers them in order."""

    of: dict[FaultServer, list[Peer]] = {}  # noqa: RUF012

    def __init__(self, server: FaultServer) -> None:
        self._server = server
        self._pending = b""
        self._log = Connection(opened=time.monotonic())
        self._answer: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.of.setdefault(self._server, []).append(self)
        self._server.note(lambda: self._server.connections.append(self._log))

    def data_received(self, data: bytes) -> None:
        self._server.bytes_received += len(data)
        self._pending += data
        if self._pending.startswith(_TLS_HANDSHAKE):
            # As real servers do when they are spoken to in TLS on a plain port.
            self.transport.write(_head(400, {}, "Content-Length: 0"))
            self.transport.close()
            return
        head, found, rest = self._pending.partition(b"\r\n\r\n")
        if not found or (self._answer is not None and not self._answer.done()):
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._pending = rest[length:]
        method, path, _ = first.split(" ", 2)
        request = Request(method, path, headers, rest[:length], time.monotonic(), self._log)
        self._log.requests += 1
        self._server.note(lambda: self._server.requests.append(request))
        self._answer = asyncio.ensure_future(_Answer(self._server, self, request).run())

    def eof_received(self) -> None:
        self._closed("client")

    def connection_lost(self, error: Exception | None) -> None:
        self._closed("client" if error else "server")
        self._writable.set()
        if self._answer is not None:
            self._answer.cancel()
        peers = self.of.get(self._server, [])
        if self in peers:
            peers.remove(self)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def write(self, data: bytes) -> None:
        # Lets the loop see that the client has gone, even in a flood.
        await asyncio.sleep(0)
        await self._writable.wait()
        if self.transport.is_closing():
            raise asyncio.CancelledError
        self.transport.write(data)

    def _closed(self, by: str) -> None:
        if self._log.closed is None:

            def close() -> None:
                self._log.closed, self._log.closed_by = time.monotonic(), by

            self._server.note(close)


class _Answer:
    """The answer to one request."""

    def __init__(self, server: FaultServer, peer: Peer, request: Request) -> None:
        self._server, self._peer, self._request = server, peer, request

    async def run(self) -> None:
        path = self._request.path.partition("?")[0]
        wire = _wire(path)
        if path == "/token" and (refused := self._server.refused_sign_in):
            said = dict(zip(("error", "error_description"), refused, strict=True))
            await self._whole(400, json.dumps(said).encode(), {})
            return
        if wire is None and (listed := self._listing(path)) is not None:
            await self._whole(200, json.dumps(listed).encode(), {})
            return
        reply = self._server.next_reply()
        if reply.redirect is not None:
            location = reply.redirect
            if location.endswith("*"):
                location = location[:-1].rstrip("/") + self._request.path
            await self._whole(307, b"", {"Location": location})
        elif reply.body is not None:
            await self._body(reply)
        elif reply.status != 200:
            await self._error(reply, wire)
        elif wire == "replicate":
            await self._prediction(reply)
        elif wire is None:
            await self._whole(404, b'{"error": "no such path"}', {})
        else:
            await self._model(reply, wire)

    async def _model(self, reply: Reply, wire: Wire) -> None:
        asked = self._request.json or {}
        model = str(asked.get("model", "demo"))
        streamed = asked.get("stream", wire == "ollama") or "stream" in self._request.path
        if not streamed:
            await self._whole(200, json.dumps(whole(reply, wire, model)).encode(), reply.headers)
            return
        kind = reply.content_type or _TYPES.get(wire, "text/event-stream")
        chunked = reply.framing == "chunked"
        length = "Transfer-Encoding: chunked" if chunked else "Connection: close"
        if reply.hold_after == 0:
            await self._server.hold()
        await self._peer.write(_head(200, {"Content-Type": kind, **reply.headers}, length))
        await self._stream(reply, wire, model)
        if chunked and reply.cut_after is None:
            await self._peer.write(b"0\r\n\r\n")
        elif reply.reset:
            self._peer.transport.abort()
        else:
            self._peer.transport.close()

    async def _prediction(self, reply: Reply) -> None:
        polls = sum(request.method == "GET" for request in self._server.requests)
        scheme = self._server.base.partition("://")[0]
        place = f"{scheme}://{self._request.headers['host']}/v1/predictions/p1"
        body = json.dumps(prediction(reply, place, polls)).encode()
        # Held before its beginning, or after it.
        if reply.hold_after == polls:
            await self._server.hold()
        if reply.cut_after is None:
            await self._whole(200, body, {})
        else:
            head = _head(200, {"Content-Type": "application/json"}, f"Content-Length: {len(body)}")
            await self._peer.write(head + body[: reply.cut_after])
            self._peer.transport.close()

    async def _stream(self, reply: Reply, wire: Wire, model: str) -> None:
        loop = asyncio.get_running_loop()
        begun, left = loop.time(), reply.cut_after
        sent = 0
        for whole_frame, number in frames(reply, wire, model):
            frame = whole_frame if left is None else whole_frame[:left]
            if frame and reply.framing == "chunked":
                await self._peer.write(b"%x\r\n%b\r\n" % (len(frame), frame))
            elif frame:
                await self._peer.write(frame)
            if left is not None:
                left -= len(frame)
                if left <= 0:
                    return
            if number == sent:
                continue
            sent = number
            self._server.sent_chunk()
            if reply.hold_after == number:
                await self._server.hold()
            if reply.rate is not None:
                await asyncio.sleep(begun + number / reply.rate - loop.time())

    async def _error(self, reply: Reply, wire: Wire | None) -> None:
        message = reply.message.replace("{key}", self._request.key)
        error: Any = message
        if wire in ("converse", "invoke"):
            body = json.dumps({"message": message}).encode()
            await self._whole(reply.status, body, reply.headers)
            return
        if wire != "ollama":
            error = {"message": message, "type": "scripted", "code": str(reply.status)}
        await self._whole(reply.status, json.dumps({"error": error}).encode(), reply.headers)

    async def _body(self, reply: Reply) -> None:
        body = reply.body or b""
        kind = {"Content-Type": reply.content_type or "application/json"}
        await self._whole(reply.status, body, {**kind, **reply.headers})

    async def _whole(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        named = {"Content-Type": "application/json", **headers}
        await self._peer.write(_head(status, named, f"Content-Length: {len(body)}") + body)

    def _listing(self, path: str) -> Any:
        models = self._server.models
        if path in self._server.pages:
            return self._server.pages[path]
        match path:
            case "/v1/models" | "/models":
                return {"object": "list", "data": [{"id": m, "object": "model"} for m in models]}
            case "/api/tags" | "/api/ps":
                return {"models": [{"name": m, "model": m, "size": 1} for m in models]}
            case "/api/show":
                window = {"general.architecture": "llama", "llama.context_length": 32768}
                return {"model_info": window, "capabilities": ["completion"], "details": {}}
            case "/api/version":
                return {"version": "0.12.0"}
            case "/token":
                return {"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer"}
            case _:
                return None


def _wire(path: str) -> Wire | None:
    if path.endswith("/chat/completions"):
        return "openai"
    if path.endswith(("/messages", "RawPredict")):
        return "anthropic"
    if "enerateContent" in path:
        return "gemini"
    if path == "/api/chat":
        return "ollama"
    if path == "/api/pull":
        return "pull"
    if path.endswith("/converse-stream"):
        return "converse"
    if path.endswith("/invoke-with-response-stream"):
        return "invoke"
    if "/predictions" in path:
        return "replicate"
    return "cohere" if path.endswith(("/v1/chat", "/v2/chat")) else None


def _head(status: int, headers: dict[str, str], length: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{n}: {v}" for n, v in headers.items()), length]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
