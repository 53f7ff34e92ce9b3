"""The LiteLLM adapter: one streamed call, with everything explicit and nothing ambient."""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
import sys
from contextlib import suppress
from typing import Any, Final

import httpx

from . import transport
from .faults import HostFaultError
from .sink import Sink
from .wire import ChatFrame

# A server that asks for no key gets this; LiteLLM would otherwise look for one elsewhere.
_NO_KEY: Final = "none"
_OPTIONS: Final = (
    "temperature",
    "max_tokens",
    "top_p",
    "seed",
    "stop",
    "reasoning_effort",
    "organization",
    "api_version",
    "aws_region_name",
    "aws_profile_name",
    "vertex_project",
    "vertex_location",
    "vertex_credentials",
)
_CREDENTIALS: Final = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
# These sign in another way when there is no key, and would take the placeholder for one.
_KEYLESS: Final = frozenset({"bedrock", "vertex_ai"})
# For these LiteLLM would send a field named extra_body.
_FLAT_BODIES: Final = frozenset({"anthropic"})
_RESERVED: Final = frozenset({"model", "messages", "stream", "api_key", "api_base", "base_url"})


async def chat(request: ChatFrame, sink: Sink, exchange: transport.Exchange) -> dict[str, Any]:
    """Streams one reply. Raises ``HostFaultError`` and whatever LiteLLM raises."""
    litellm = _library()
    stream = await litellm.acompletion(**_arguments(request))
    usage: Any = None
    try:
        async for chunk in stream:
            usage = getattr(chunk, "usage", None) or usage
            for choice in chunk.choices[:1]:
                sink.reasoning(getattr(choice.delta, "reasoning_content", None) or "")
                sink.text(choice.delta.content or "")
            # What is buffered never suspends: without this a cancel would wait for its end.
            await asyncio.sleep(0)
    finally:
        await _close(stream)
    return _finish(stream, usage, exchange)


async def prewarm(nowhere: str) -> None:
    """Imports LiteLLM and makes two calls that reach nothing: the first costs 0.6 s more.

    One is answered by LiteLLM's mock; the other goes through the client of the OpenAI wire to
    ``nowhere``, a base URL at which nobody listens.
    """
    litellm = _library()
    asked = {
        "model": "openai/prewarm",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "api_key": _NO_KEY,
        "api_base": nowhere,
        "max_retries": 0,
    }
    stream = await litellm.acompletion(**asked, mock_response="hi")
    async for _ in stream:
        pass
    with suppress(Exception):
        await litellm.acompletion(**asked)


@functools.cache
def _library() -> Any:
    # Its own types say too little to be worth checking against.
    litellm: Any = importlib.import_module("litellm")
    transport.install_aiohttp()
    _never_retry()
    # Its warnings quote requests and answers; errors reach us as exceptions.
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


def _never_retry() -> None:
    # LiteLLM drops `max_retries` for 15 of its OpenAI-like providers, whose client then takes 2.
    options: Any = importlib.import_module("openai._models").FinalRequestOptions
    options.get_max_retries = lambda _self, _default: 0


def _arguments(request: ChatFrame) -> dict[str, Any]:
    given = request["options"]
    arguments: dict[str, Any] = {
        "model": f"{request['provider']}/{request['model']}",
        "messages": request["messages"],
        "stream": True,
        "stream_options": {"include_usage": True},
        # Both always, so that no key of the environment follows to a foreign origin.
        "api_key": request["key"] or (None if request["provider"] in _KEYLESS else _NO_KEY),
        "api_base": request["api_base"],
        "timeout": httpx.Timeout(request["total_timeout"], connect=request["connect_timeout"]),
        # One retry policy, and it is the server's.
        "max_retries": 0,
        "num_retries": 0,
        "drop_params": True,
        "no-log": True,
    }
    arguments |= {name: given[name] for name in _OPTIONS if name in given}
    sent = request["credentials"]
    arguments |= {name: sent[name] for name in _CREDENTIALS if name in sent}
    if request["headers"]:
        arguments["extra_headers"] = dict(request["headers"])
    extra = {k: v for k, v in request["extra_body"].items() if k not in _RESERVED}
    if request["provider"] in _FLAT_BODIES:
        arguments |= {k: v for k, v in extra.items() if k not in _own_arguments()}
    elif extra:
        arguments["extra_body"] = extra
    return arguments


@functools.cache
def _own_arguments() -> frozenset[str]:
    """What LiteLLM takes for itself, callbacks and log targets among it: never from a project."""
    types: Any = importlib.import_module("litellm.types.utils")
    return frozenset(types.all_litellm_params)


def _finish(stream: Any, usage: Any, exchange: transport.Exchange) -> dict[str, Any]:
    # The chunks' own finish_reason says "stop" even when the stream was cut. What the body said
    # comes first; LiteLLM's internal field serves the wires that can't be read along (Bedrock).
    reason = exchange.finish_reason or stream.received_finish_reason
    if reason is None:
        raise HostFaultError("cut", detail="the stream ended without a finish reason")
    return {
        "reason": str(reason),
        "marker": True,
        "usage": {
            "prompt_tokens": getattr(usage, "prompt_tokens", None),
            "completion_tokens": getattr(usage, "completion_tokens", None),
        }
        if usage
        else None,
    }


async def _close(stream: Any) -> None:
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()
