"""The Ollama adapter: the native API through the `ollama` package, read strictly.

Ollama's API answers 200 and drops the oldest messages of a prompt that is too long, reports
errors inside a stream that began with 200, and ends a stream without a word when it dies. The
native API is described in Ollama's docs/api.md.
"""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, Final

import httpx
import ollama

from . import transport
from .faults import HostFaultError
from .ollama_tools import read_calls, with_tools
from .redact import LONGEST_READ
from .sink import Sink
from .statuses import kind_of
from .usage import reported
from .wire import ChatFrame

DEFAULT_BASE: Final = "http://127.0.0.1:11434"
# The smallest window of the built-in steps; routing sends a fitting one.
DEFAULT_NUM_CTX: Final = 8192
_LONGEST_LINE: Final = 8 * 1024 * 1024
_OWN_OPTIONS: Final = ("keep_alive", "think", "max_tokens", "temperature", "num_ctx")


class StrictClient(ollama.AsyncClient):
    """The package's client, with what its ``chat`` can't say and doesn't check."""

    def __init__(self, request: ChatFrame) -> None:
        headers = dict(request["headers"])
        if request["key"]:
            headers.setdefault("authorization", f"Bearer {request['key']}")
        super().__init__(
            request["api_base"] or DEFAULT_BASE,
            headers=headers,
            follow_redirects=False,
            timeout=httpx.Timeout(request["total_timeout"], connect=request["connect_timeout"]),
            trust_env=False,
            verify=_trusts_nobody(),
        )
        if not any(name.lower() == "authorization" for name in headers):
            # The package attaches OLLAMA_API_KEY of the environment to whatever host it is given.
            self._client.headers.pop("authorization", None)

    async def strict_chat(self, body: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """The objects of the reply as they arrive. Raises ``HostFaultError`` and httpx errors."""
        async with self._client.stream("POST", "/api/chat", json=body) as response:
            response.raise_for_status()
            rest = b""
            async for piece in response.aiter_bytes():
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    if line.strip():
                        yield _object(line)
                if len(rest) > _LONGEST_LINE:
                    raise HostFaultError("too_large")
            if rest.strip():
                yield _object(rest, last=True)

    @classmethod
    def kept(cls, request: ChatFrame) -> StrictClient:
        """The client for this server and key, with the connections that it keeps open.

        There are as many as a session has backends, so none is ever dropped.
        """
        identity = (request["api_base"], request["key"], *sorted(request["headers"].items()))
        if identity not in _kept:
            _kept[identity] = cls(request)
        return _kept[identity]


_kept: dict[tuple[Any, ...], StrictClient] = {}


async def chat(request: ChatFrame, sink: Sink, _: transport.Exchange) -> dict[str, Any]:
    """Streams one reply. Raises ``HostFaultError`` and httpx errors."""
    body = _body(request)
    client = StrictClient.kept(request)
    async with aclosing(client.strict_chat(body)) as parts:
        async for part in parts:
            message = part.get("message") or {}
            sink.reasoning(message.get("thinking") or "")
            sink.text(message.get("content") or "")
            if request["tools"]:
                read_calls(message, sink)
            if part.get("done") is True:
                finish = _finish(part, body["options"]["num_ctx"], wrote=sink.wrote)
                await _read_out(parts)
                return finish
            # What is buffered never suspends: without this a cancel would wait for its end.
            await asyncio.sleep(0)
    raise HostFaultError("cut", detail="the stream ended without done: true")


async def _read_out(parts: AsyncIterator[Any]) -> None:
    """Reads the end of a body whose last object has come, so that its connection can be kept."""
    with suppress(TimeoutError, httpx.HTTPError, HostFaultError):
        async with asyncio.timeout(transport.READ_OUT_WITHIN):
            async for _ in parts:
                pass


async def models(request: ChatFrame) -> list[str]:
    """The names of the installed models, newest first. Raises what the client raises."""
    async with StrictClient(request) as client:
        return [model.model for model in (await client.list()).models if model.model]


async def prewarm(nowhere: str) -> None:
    """Loads what the first request needs, by one to ``nowhere``, where nobody listens."""
    async with ollama.AsyncClient(nowhere, trust_env=False, verify=_trusts_nobody()) as client:
        with suppress(ConnectionError):
            await client.list()


def _body(request: ChatFrame) -> dict[str, Any]:
    given = request["options"]
    options: dict[str, Any] = {k: v for k, v in given.items() if k not in _OWN_OPTIONS}
    options["num_ctx"] = int(given.get("num_ctx") or DEFAULT_NUM_CTX)
    if given.get("max_tokens") is not None:
        options["num_predict"] = int(given["max_tokens"])
    if given.get("temperature") is not None:
        options["temperature"] = given["temperature"]
    extra = {k: v for k, v in request["extra_body"].items() if k not in ("options",)}
    options |= dict(request["extra_body"].get("options") or {})
    body = {
        **extra,
        "model": request["model"],
        **with_tools(request),
        "stream": True,
        "options": options,
        # Both default to true and silently drop the oldest messages of a prompt that is too long.
        "truncate": False,
        "shift": False,
    }
    for name in ("keep_alive", "think"):
        if given.get(name) is not None:
            body[name] = given[name]
    return body


def _object(line: bytes, *, last: bool = False) -> dict[str, Any]:
    try:
        part = json.loads(line.decode("utf-8"))
    except ValueError as error:
        if last:
            raise HostFaultError("cut", detail="the stream ended inside a line") from error
        raise HostFaultError(
            "malformed", said="a line that is not JSON", detail=repr(line[:LONGEST_READ])
        ) from error
    if not isinstance(part, dict) or not isinstance(part.get("message") or {}, dict):
        raise HostFaultError(
            "malformed", said="a line that is no reply", detail=repr(line[:LONGEST_READ])
        )
    if part.get("error"):
        raise _stated(str(part["error"]))
    return part


def _stated(said: str) -> HostFaultError:
    return HostFaultError("context" if kind_of(400, said) == "context" else "server", said=said)


def _finish(part: dict[str, Any], num_ctx: int, *, wrote: bool) -> dict[str, Any]:
    prompt, completion = part.get("prompt_eval_count"), part.get("eval_count")
    # An older server ignores `truncate`: a prompt that fills the window was cut.
    if isinstance(prompt, int) and prompt >= num_ctx:
        raise HostFaultError(
            "context", said=f"{prompt} tokens of prompt fill the window of {num_ctx}"
        )
    return {
        "reason": str(part.get("done_reason") or "stop"),
        "marker": True,
        "usage": reported(prompt, completion, wrote=wrote),
    }


@functools.cache
def _trusts_nobody() -> ssl.SSLContext:
    """What stands in for the settings that `pools` chooses for each request. Costs nothing."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
