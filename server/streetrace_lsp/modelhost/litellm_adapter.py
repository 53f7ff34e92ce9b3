"""The LiteLLM adapter: one streamed call, with everything explicit and nothing ambient."""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
import sys
import warnings
from contextlib import suppress
from typing import Any

from . import other_clients, transport
from .faults import HostFaultError
from .litellm_amendments import amend
from .litellm_arguments import NO_KEY, arguments
from .litellm_tools import refuse_without_tools
from .sink import Sink
from .usage import reported
from .wire import ChatFrame


async def chat(request: ChatFrame, sink: Sink, exchange: transport.Exchange) -> dict[str, Any]:
    """Streams one reply. Raises ``HostFaultError`` and whatever LiteLLM raises."""
    litellm = library()
    other_clients.install(request["provider"])
    refuse_without_tools(litellm, request)
    stream = await litellm.acompletion(**await arguments(request))
    try:
        async for chunk in stream:
            for choice in chunk.choices[:1]:
                sink.reasoning(getattr(choice.delta, "reasoning_content", None) or "")
                sink.text(choice.delta.content or "")
                if request["tools"]:
                    _read_calls(choice.delta.tool_calls or [], sink)
            # What is buffered never suspends: without this a cancel would wait for its end.
            await asyncio.sleep(0)
    finally:
        await _close(stream)
    # The end of the body, where some servers count, and where LiteLLM doesn't look.
    await exchange.close()
    return _finish(stream, exchange, wrote=sink.wrote)


async def prewarm(nowhere: str) -> None:
    """Imports LiteLLM and makes two calls that reach nothing: the first costs 0.6 s more.

    One is answered by LiteLLM's mock; the other goes through the client of the OpenAI wire to
    ``nowhere``, a base URL at which nobody listens.
    """
    litellm = library()
    asked = {
        "model": "openai/prewarm",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "api_key": NO_KEY,
        "api_base": nowhere,
        "max_retries": 0,
    }
    stream = await litellm.acompletion(**asked, mock_response="hi")
    async for _ in stream:
        pass
    with suppress(Exception):
        await litellm.acompletion(**asked)


@functools.cache
def library() -> Any:
    """LiteLLM, imported once and made to keep to itself."""
    # Its own types say too little to be worth checking against.
    litellm: Any = importlib.import_module("litellm")
    amend()
    # Its warnings, and pydantic's, quote requests and answers; errors reach us as exceptions.
    warnings.simplefilter("ignore")
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.set_verbose = False
    # Model names that contain llama-2, llama-3 or replicate would download a tokenizer per call.
    litellm.disable_hf_tokenizer_download = True
    # Cancelling closes an httpx connection at once; the aiohttp transport keeps its own pool.
    litellm.disable_aiohttp_transport = True
    # Code repeats itself; a stream that never ends is ended by our own limits.
    litellm.REPEATED_STREAMING_CHUNK_LIMIT = sys.maxsize
    litellm.drop_params = True
    litellm.num_retries = 0
    litellm.callbacks = []
    litellm.success_callback = []
    litellm.failure_callback = []
    litellm.cache = None
    return litellm


def _read_calls(calls: list[Any], sink: Sink) -> None:
    for call in calls:
        said = call.function
        sink.tool_call(call.index or 0, call.id or "", said.name or "", said.arguments or "")


def _finish(stream: Any, exchange: transport.Exchange, *, wrote: bool) -> dict[str, Any]:
    # The chunks' own finish_reason says "stop" even when the stream was cut. What the body said
    # comes first; LiteLLM's internal field serves bodies that can't be read along (compressed).
    reason = exchange.finish_reason or stream.received_finish_reason
    if reason is None:
        raise HostFaultError("cut", detail="the stream ended without a finish reason")
    return {
        "reason": str(reason),
        "marker": True,
        # LiteLLM's own counts are guesses where the server gave none, and look the same.
        "usage": reported(exchange.counts.prompt, exchange.counts.completion, wrote=wrote),
    }


async def _close(stream: Any) -> None:
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()
