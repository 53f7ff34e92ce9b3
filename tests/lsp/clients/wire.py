"""JSON-RPC 2.0 over a server's stdin and stdout, with a log of every message both ways."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Found = TypeVar("Found")

# Nothing waits for a clock: this only ends a test that would hang for ever.
DEADLINE = 90.0
METHOD_NOT_FOUND = -32601
REQUEST_CANCELLED = -32800


class ResponseError(Exception):
    """An error response of the server, or one that a client gives."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
        self.data = data


class ServerGoneError(AssertionError):
    """The server ended while something was still expected of it."""


@dataclass
class Request:
    """A request on its way; ``future`` has the result, or raises ``ResponseError``."""

    id: int
    method: str
    params: Any
    future: asyncio.Future[Any]


class Connection:
    """One server process and the messages to and from it.

    ``receive(method, params, is_request)`` gets what the server sends, one message at a time.
    For a request it returns the result, or a future of it, or raises ``ResponseError``.
    ``sent(method, params)`` and ``answered(request, result)`` may look at what passes.
    """

    def __init__(
        self,
        receive: Callable[[str, Any, bool], Any],
        sent: Callable[[str, Any], None],
        answered: Callable[[Request, Any], None],
    ) -> None:
        self.log: list[str] = []
        self.stderr: list[str] = []
        self.violations: list[str] = []
        self.closed = False
        self.process: asyncio.subprocess.Process | None = None
        self._receive, self._sent, self._answered = receive, sent, answered
        self._pending: dict[int, Request] = {}
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._last_id = 0

    async def start(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        """Start the server with exactly this environment."""
        self.process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(environment),
            cwd=folder,
            limit=2**24,
        )
        self._tasks = [
            asyncio.create_task(self._read_messages()),
            asyncio.create_task(self._read_stderr()),
        ]

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._sent(method, params)
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Request:
        """Send a request; its answer arrives in ``future``."""
        self._last_id += 1
        future = asyncio.get_running_loop().create_future()
        request = Request(self._last_id, method, params, future)
        self._pending[request.id] = request
        self._sent(method, params)
        message = {"id": request.id, "method": method}
        self._send(message if params is None else message | {"params": params})
        return request

    def abandon(self, request: Request, reason: str) -> None:
        """Stop waiting for an answer, as a client does after its time-out."""
        if not request.future.done():
            request.future.set_exception(ResponseError(REQUEST_CANCELLED, reason))

    async def until(
        self, what: str, look: Callable[[], Found], deadline: float = DEADLINE
    ) -> Found:
        """Wait, message by message, until ``look`` finds something; returns what it found."""
        try:
            async with asyncio.timeout(deadline):
                while not (found := look()):
                    if self.closed:
                        raise ServerGoneError(f"the server ended before {what}")
                    await self._news.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"this never happened: {what}") from None

    def close_stdin(self) -> None:
        """Leave as an editor does that crashed: its end of the pipe is simply gone."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    async def ended(self, deadline: float = DEADLINE) -> int:
        """Wait for the server's end; returns its exit code."""
        process = self.process
        assert process is not None
        async with asyncio.timeout(deadline):
            code = await process.wait()
            await asyncio.gather(*self._tasks)
        process._transport.close()  # type: ignore[attr-defined]  # else it warns when collected
        return code

    async def kill(self) -> None:
        """End the server, whatever state it is in."""
        if self.process and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        if self.process:
            await self.ended()

    def transcript(self) -> str:
        """Every message both ways and what the server wrote to stderr."""
        return "\n".join([*self.log, "--- stderr ---", *self.stderr])

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False)
        self.log.append(f"--> {body}")
        data = body.encode("utf-8", "surrogatepass")
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)

    async def _read_messages(self) -> None:
        assert self.process is not None
        stdout = self.process.stdout
        assert stdout is not None
        try:
            while True:
                header = await stdout.readuntil(b"\r\n\r\n")
                fields = dict(line.split(b": ", 1) for line in header.split(b"\r\n") if line)
                body = await stdout.readexactly(int(fields[b"Content-Length"]))
                self.log.append(f"<-- {body.decode()}")
                self._handle(json.loads(body))
                self._wake()
        except asyncio.IncompleteReadError as end:
            if end.partial:
                self.violations.append(f"the server ended inside a message: {end.partial!r}")
        except Exception as error:
            self.violations.append(f"unreadable message from the server: {error!r}")
            raise
        finally:
            self.closed = True
            for request in self._pending.values():
                if not request.future.done():
                    request.future.set_exception(ServerGoneError(f"no answer: {request.method}"))
                    request.future.exception()  # seen: nobody may be waiting for it
            self._wake()

    def _handle(self, message: dict[str, Any]) -> None:
        if message.get("jsonrpc") != "2.0":
            self.violations.append(f"no JSON-RPC 2.0 message: {message}")
        if "method" not in message:
            self._handle_response(message)
        elif "id" not in message:
            self._receive(message["method"], message.get("params"), False)
        else:
            self._handle_request(message["id"], message["method"], message.get("params"))

    def _handle_response(self, message: dict[str, Any]) -> None:
        request = self._pending.pop(message["id"], None)
        if request is None:
            self.violations.append(f"a second or unasked response: {message}")
            return
        if request.future.done():
            return
        if "error" in message:
            error = message["error"]
            request.future.set_exception(
                ResponseError(error["code"], error["message"], error.get("data"))
            )
            return
        self._answered(request, message.get("result"))
        request.future.set_result(message.get("result"))

    def _handle_request(self, request_id: Any, method: str, params: Any) -> None:
        try:
            result = self._receive(method, params, True)
        except ResponseError as error:
            body = {"code": error.code, "message": error.message}
            self._send({"id": request_id, "error": body})
            return
        if not isinstance(result, asyncio.Future):
            self._send({"id": request_id, "result": result})
            return
        result.add_done_callback(
            lambda done: self._send({"id": request_id, "result": done.result()})
        )

    async def _read_stderr(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.stderr.append(line.decode("utf-8", "replace").rstrip("\n"))
            self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
