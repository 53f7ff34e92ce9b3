"""Asks a model server in a process of its own and says how long the first token took.

``python asker.py WAY PROVIDER API_BASE``: WAY is ``host``, through our model host, or ``direct``,
the library called as its own documentation does, with the client kept for all calls. For each
line on standard input it asks once and writes the seconds from the call to the first text; the
rest of the reply is read before the next question.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

MODEL = "demo"
_MESSAGES = [{"role": "user", "content": "What does f do?"}]
_KEY = "sk-bench"

Ask = Callable[[], AsyncGenerator[str]]


class Asker:
    """The process seen from the bench; a context manager that ends it."""

    def __init__(self, way: str, provider: str, api_base: str) -> None:
        # The direct way gets the switch without which LiteLLM goes to the network at import.
        environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__, way, provider, api_base],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def __enter__(self) -> Asker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def first_token(self) -> float:
        """Ask once; returns the seconds to the first token."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("ask\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the asking process has ended"
        return float(line)


def _through_host(provider: str, api_base: str) -> Ask:
    from streetrace_lsp.routing.events import Text
    from streetrace_lsp.routing.host import ChatCall, ModelHost
    from streetrace_lsp.routing.secret import Secret

    host = ModelHost(log=lambda _: None)
    address = urlsplit(api_base)
    assert address.hostname is not None
    assert address.port is not None
    call = ChatCall(
        backend="bench",
        provider=provider,
        model=MODEL,
        adapter="ollama" if provider == "ollama" else "litellm",
        messages=_MESSAGES,
        api_base=api_base,
        origins=((address.hostname, address.port),),
        key=Secret(_KEY),
    )

    async def ask() -> AsyncGenerator[str]:
        async with aclosing(host.stream(call)) as events:
            async for event in events:
                if isinstance(event, Text):
                    yield event.text

    return ask


def _litellm(provider: str, api_base: str) -> Ask:
    import litellm

    async def ask() -> AsyncGenerator[str]:
        stream: Any = await litellm.acompletion(
            model=f"{provider}/{MODEL}",
            messages=_MESSAGES,
            api_base=api_base,
            api_key=_KEY,
            stream=True,
        )
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    return ask


def _ollama(api_base: str) -> Ask:
    import ollama

    client = ollama.AsyncClient(api_base)

    async def ask() -> AsyncGenerator[str]:
        stream = await client.chat(model=MODEL, messages=_MESSAGES, stream=True)
        async for part in stream:
            if part.message.content:
                yield part.message.content

    return ask


async def _answer_lines(ask: Ask) -> None:
    while await asyncio.to_thread(sys.stdin.readline):
        first = 0.0
        begun = time.perf_counter()
        async with aclosing(ask()) as pieces:
            async for _ in pieces:
                first = first or time.perf_counter() - begun
        print(first, flush=True)


def _way(way: str, provider: str, api_base: str) -> Ask:
    if way == "host":
        return _through_host(provider, api_base)
    return _ollama(api_base) if provider == "ollama" else _litellm(provider, api_base)


async def _main() -> None:
    await _answer_lines(_way(*sys.argv[1:]))


if __name__ == "__main__":
    asyncio.run(_main())
