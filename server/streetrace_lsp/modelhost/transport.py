"""What every HTTP call of this process obeys, whichever library makes it, and what it was answered.

Redirects are refused: a prompt and its key go to the origin they are bound to, or nowhere. The
origin is checked for each request, not only for each new connection, because pools keep
connections open. An answer with an error status is noted as it came, because libraries map
errors to statuses that no server sent; of any other the body is read along (see ``body``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from . import pools
from .body import BodyReader, reader_for
from .faults import HostFaultError
from .guard import RefusedOriginError
from .usage import Counts

# An error that is longer is not read: where it was cut, half a key might stand.
_LONGEST_ERROR: Final = 1024 * 1024
_TOO_LONG: Final = b"an error that is too long to be read"
# How long the end of a body may take whose last frame has come, in seconds.
READ_OUT_WITHIN: Final = 0.1
# What the OpenAI and Anthropic clients tell about the machine that they run on. Their other
# headers of that family steer the clients themselves.
_TELLTALES: Final = ("arch", "async", "lang", "os", "package-version", "runtime", "runtime-version")
_PORTS: Final = {"http": 80, "https": 443}

Check = Callable[[str, int | None], None]


@dataclass
class Exchange:
    """What one request of ours was answered.

    The last error status with its headers and body; the fault found in a body; the finish reason
    that the model itself gave; and the tokens that the server counted. ``timeout``: what holds
    for its requests. ``sent``: when the first of them left (``time.monotonic``).
    """

    timeout: httpx.Timeout | None = None
    sent: float | None = None
    status: int | None = None
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    body: str = ""
    fault: HostFaultError | None = None
    finish_reason: str | None = None
    counts: Counts = field(default_factory=Counts)
    bodies: list[_ReadAlong] = field(default_factory=list)

    async def close(self) -> None:
        """Closes what a library left open: a connection would go on receiving to nobody."""
        while self.bodies:
            with suppress(httpx.HTTPError):
                await self.bodies.pop().aclose()


class _ReadAlong(httpx.AsyncByteStream):
    """A body on its way to a library, read along."""

    def __init__(
        self, stream: httpx.AsyncByteStream, exchange: Exchange, reader: BodyReader
    ) -> None:
        self._stream = stream
        self._pieces = aiter(stream)
        self._exchange = exchange
        self._reader = reader
        self._closing = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._pieces:
                self._reader.feed(piece)
                self._note()
                yield piece
            self._reader.end()
            self._note()
        except HostFaultError as fault:
            self._exchange.fault = fault
            raise
        finally:
            # Not every library closes the response that it stops reading.
            await self.aclose()

    async def aclose(self) -> None:
        if self._closing:
            return
        self._closing = True
        # Clients stop reading at the last frame. What follows it is the end of the body; with
        # that read the connection can serve the next request.
        if self._exchange.finish_reason is not None and self._exchange.fault is None:
            with suppress(TimeoutError, httpx.HTTPError, HostFaultError):
                async with asyncio.timeout(READ_OUT_WITHIN):
                    async for piece in self._pieces:
                        self._reader.feed(piece)
        await self._stream.aclose()

    def _note(self) -> None:
        self._exchange.finish_reason = self._reader.finish_reason
        self._exchange.counts = self._reader.counts


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
_check: list[Check] = []


@contextmanager
def watched(total: float | None = None, connect: float | None = None) -> Iterator[Exchange]:
    """The answers to what the block sends, also from tasks and threads that it starts.

    ``total`` and ``connect`` (seconds) hold for each of its requests, whatever the library that
    makes them says: some of LiteLLM's providers know no timeout for a connection, or none at all.
    """
    timeout = httpx.Timeout(total, connect=connect) if total is not None else None
    exchange = Exchange(timeout=timeout)
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)


def install(check: Check) -> None:
    """Puts the rules in force for every httpx client; ``check`` refuses an origin by raising."""
    if _check:
        return
    _check.append(check)
    pools.install()
    send_async, send_sync = httpx.AsyncClient.send, httpx.Client.send

    async def send(self: httpx.AsyncClient, request: httpx.Request, **kwargs: Any) -> Any:
        _may_go(request)
        _say_less(request)
        with _noting_faults():
            response = await send_async(self, request, **{**kwargs, "follow_redirects": False})
        try:
            _may_follow(response)
            if not response.is_error:
                return _read_along(response)
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _LONGEST_ERROR:
                    body = _TOO_LONG
                    break
        except BaseException:
            await response.aclose()
            raise
        await response.aclose()
        return _noted(response, body)

    def send_blocking(self: httpx.Client, request: httpx.Request, **kwargs: Any) -> Any:
        _may_go(request)
        _say_less(request)
        with _noting_faults():
            response = send_sync(self, request, **{**kwargs, "follow_redirects": False})
        try:
            _may_follow(response)
        except BaseException:
            response.close()
            raise
        return response

    httpx.AsyncClient.send = send  # type: ignore[method-assign]
    httpx.Client.send = send_blocking  # type: ignore[method-assign]


def _say_less(request: httpx.Request) -> None:
    for name in _TELLTALES:
        request.headers.pop(f"x-stainless-{name}", None)


def check_target(url: str) -> None:
    """The rule about origins for libraries that don't use httpx. Raises ``RefusedOriginError``."""
    for check in _check:
        check(*_origin(httpx.URL(url)))


def note(fault: HostFaultError) -> None:
    """Keeps a fault that libraries would hide, for the request that is being served."""
    exchange = _current.get()
    if exchange is not None:
        exchange.fault = fault


@contextmanager
def _noting_faults() -> Iterator[None]:
    try:
        yield
    except HostFaultError as fault:
        note(fault)
        raise


def _may_go(request: httpx.Request) -> None:
    for check in _check:
        check(*_origin(request.url))
    # A compressed stream arrives in blocks, and could not be read along.
    request.headers["accept-encoding"] = "identity"
    exchange = _current.get()
    if exchange is not None and exchange.sent is None:
        exchange.sent = time.monotonic()
    if exchange is not None and exchange.timeout is not None:
        request.extensions = {**request.extensions, "timeout": exchange.timeout.as_dict()}


def _read_along(response: httpx.Response) -> httpx.Response:
    exchange = _current.get()
    kind = response.headers.get("content-type", "")
    packed = "content-encoding" in response.headers
    if exchange is not None and not packed and isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = body = _ReadAlong(response.stream, exchange, reader_for(kind))
        exchange.bodies.append(body)
    return response


def _may_follow(response: httpx.Response) -> None:
    if response.has_redirect_location:
        try:
            url = response.request.url.join(response.headers["location"])
        except httpx.InvalidURL:
            raise RefusedOriginError("an unreadable address", None) from None
        raise RefusedOriginError(*_origin(url))
    if response.is_success and "text/html" in response.headers.get("content-type", ""):
        raise HostFaultError("malformed", said="a web page")


def _noted(response: httpx.Response, body: bytes) -> httpx.Response:
    exchange = _current.get()
    if exchange is not None:
        exchange.status = response.status_code
        exchange.headers = response.headers
        exchange.body = body.decode("utf-8", "replace")
    # The body is decoded already; a pool's connection is free again.
    kept = [
        (name, value)
        for name, value in response.headers.multi_items()
        if name.lower() not in ("content-encoding", "content-length", "transfer-encoding")
    ]
    return httpx.Response(
        response.status_code, headers=kept, content=body, request=response.request
    )


def _origin(url: httpx.URL) -> tuple[str, int | None]:
    return url.host, url.port or _PORTS.get(url.scheme)
