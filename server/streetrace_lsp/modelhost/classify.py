"""What an exception of a library means: one fault with its cause, found along the whole chain."""

from __future__ import annotations

import errno
import json
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from .faults import HostFaultError
from .guard import MARK, RefusedOriginError
from .statuses import is_page, kind_of, message_in, retry_after
from .transport import Exchange

_MARKED: Final = re.compile(re.escape(MARK) + r": (\S+):(\d+|None)")
# "litellm.APIError: APIError: OpenAIException - " says nothing to a user.
_PREFIX: Final = re.compile(r"^(?:(?:litellm\.)?\w*(?:Error|Exception)\w*(?::| -)\s*)+")

# The characters in which they are looked for, which takes time in their square.
_PREFIXES: Final = 1000


def classify(error: BaseException, exchange: Exchange) -> HostFaultError:
    """The fault behind ``error``; ``unknown`` with its text when nothing fits."""
    chain = list(_chain(error))
    if exchange.fault is not None:
        return exchange.fault
    for cause in chain:
        if isinstance(cause, HostFaultError):
            return cause
    detail = _story(chain[:6])
    return (
        _refused(chain, detail)
        or answered(exchange, detail)
        or _network(chain, detail)
        or _reading(chain, detail)
        or _stated(chain, detail)
        or HostFaultError("unknown", said=_text(chain), detail=detail)
    )


def answered(exchange: Exchange, detail: str = "") -> HostFaultError | None:
    """The fault of an answer with an error status, if there was one."""
    if exchange.status is None:
        return None
    said = message_in(exchange.body)
    return HostFaultError(
        kind_of(exchange.status, f"{said[:2000]} {exchange.body[:2000]}"),
        said=said,
        status=exchange.status,
        retry_after=retry_after(exchange.headers),
        detail=detail or exchange.body,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [cause for cause in (one.__cause__, one.__context__) if cause is not None]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _story(chain: list[BaseException]) -> str:
    """Each exception in its words. A library that wraps another one quotes it; once is enough."""
    told: list[str] = []
    for one in chain:
        said, kind = str(one), type(one).__name__
        told.append(kind if any(said in before for before in told) else f"{kind}: {said}")
    return " <- ".join(told)


def _refused(chain: list[BaseException], detail: str) -> HostFaultError | None:
    for one in chain:
        if isinstance(one, RefusedOriginError):
            return HostFaultError("refused_origin", host=one.host, port=one.port, detail=detail)
    for one in chain:
        if marked := _MARKED.search(str(one)):
            port = None if marked[2] == "None" else int(marked[2])
            return HostFaultError("refused_origin", host=marked[1], port=port, detail=detail)
    return None


def _network(chain: list[BaseException], detail: str) -> HostFaultError | None:
    for one in chain:
        if isinstance(one, socket.gaierror):
            return HostFaultError("dns", detail=detail)
        if isinstance(one, ssl.SSLError):
            # aiohttp's are of this kind, too, and have nothing of it.
            reason = getattr(one, "verify_message", "") or getattr(one, "reason", "")
            reason = reason or "no TLS on that port"
            return HostFaultError("tls", said=str(reason), detail=detail)
        if isinstance(one, httpx.ConnectTimeout):
            return HostFaultError("connect", said="did not accept a connection", detail=detail)
        if isinstance(one, ConnectionRefusedError):
            return HostFaultError("connect", said="refused the connection", detail=detail)
        if isinstance(one, OSError) and one.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return HostFaultError("connect", said="could not be reached", detail=detail)
    for one in chain:
        if isinstance(one, httpx.ConnectError):
            return HostFaultError("connect", said="could not be reached", detail=detail)
        if isinstance(one, httpx.RemoteProtocolError | httpx.ReadError | ConnectionResetError):
            return HostFaultError("cut", detail=detail)
        if isinstance(one, httpx.TimeoutException):
            return HostFaultError("timeout_total", detail=detail)
    return None


def _reading(chain: list[BaseException], detail: str) -> HostFaultError | None:
    for one in chain:
        if isinstance(one, UnicodeDecodeError):
            return HostFaultError("malformed", said="text that is not UTF-8", detail=detail)
        if isinstance(one, json.JSONDecodeError):
            said = "a web page" if is_page(one.doc) else "a frame that is not JSON"
            return HostFaultError("malformed", said=said, detail=detail)
    return None


def _stated(chain: list[BaseException], detail: str) -> HostFaultError | None:
    """An error that the server stated inside its stream, after a status of 200."""
    for one in chain:
        status = getattr(one, "status_code", None)
        if isinstance(status, int | str) and str(status).isdigit():
            said = _text(chain)
            # Of a prediction that failed at Replicate LiteLLM says that the request was wrong.
            failed = any(type(cause).__name__ == "ReplicateError" for cause in chain)
            kind = kind_of(500 if failed else int(status), said)
            return HostFaultError(kind, said=said, detail=detail)
    return None


def _text(chain: list[BaseException]) -> str:
    for one in chain:
        body = getattr(one, "body", None)
        if isinstance(body, dict) and isinstance(body.get("message"), str):
            return message_in(body["message"])
    text = str(getattr(chain[0], "message", None) or chain[0])
    text = _PREFIX.sub("", text[:_PREFIXES]) + text[_PREFIXES:]
    return message_in(text.split("Traceback (most recent", 1)[0])
