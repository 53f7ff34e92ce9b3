"""What a server says about itself: its models, whether it is ready, and fetching one more.

Sources: LiteLLM Proxy's `/model/info` and `/health/readiness`; OpenAI's `GET /models` with the
further fields of vLLM, llama.cpp, OpenRouter, Groq, Mistral and Together; Ollama's `/api/tags`,
`/api/show`, `/api/ps` and `/api/pull` (docs/api.md) by the `ollama` package's methods.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import httpx

from .faults import HostFaultError
from .transport import Exchange
from .wire import ChatFrame, ListedFrame

if TYPE_CHECKING:
    from .ollama_adapter import StrictClient

Send = Callable[[dict[str, Any]], None]

_LARGEST: Final = 16 * 1024 * 1024
_MOST: Final = 5000
_AT_ONCE: Final = 4
_MILLION: Final = 1_000_000
# What a LiteLLM Proxy answers to a key that may ask models, and not what they cost.
_DENIED: Final = frozenset({400, 401, 403, 404, 405})
_PRICES: Final = ("input_cost_per_token", "output_cost_per_token")
_PARAMS: Final = ("model", *_PRICES)
_INFO: Final = (*_PRICES, "max_tokens", "max_input_tokens", "max_output_tokens")
_WINDOWS: Final = ("context_window", "context_length", "max_context_length", "max_model_len")


async def listed(request: ChatFrame, exchange: Exchange) -> dict[str, Any]:
    """The server's models as ``models``, or the rows of a LiteLLM Proxy as ``rows``.

    Raises ``HostFaultError``, httpx errors and the ollama package's.
    """
    if request["adapter"] == "ollama":
        return {"models": await _of_ollama(request)}
    async with _client(request) as client:
        if request["provider"] != "litellm_proxy":
            return {"models": _of_openai(await _json(client, f"{_base(request)}/models"))}
        root = _base(request).removesuffix("/v1")
        try:
            return {"rows": _rows(await _json(client, f"{root}/model/info"))}
        except httpx.HTTPStatusError as error:
            if error.response.status_code not in _DENIED:
                raise
        exchange.status = None
        return {"models": _of_openai(await _json(client, f"{root}/v1/models"))}


async def ready(request: ChatFrame) -> None:
    """Returns when a LiteLLM Proxy says that it is ready. Raises as `listed` does.

    Never its ``/health``, which calls every model and costs money.
    """
    async with _client(request) as client:
        await _json(client, f"{_base(request).removesuffix('/v1')}/health/readiness")


async def pull(request: ChatFrame, exchange: Exchange, send: Send) -> None:
    """Has Ollama fetch a model; ``send`` gets its progress. Raises as `listed` does.

    Cancelling closes the connection; what is fetched already is kept by Ollama.
    """
    from .ollama_adapter import StrictClient

    ended = False
    try:
        async with StrictClient(request) as client:
            async for part in await client.pull(request["model"], stream=True):
                ended = part.status == "success"
                send(
                    {
                        "ev": "pulling",
                        "status": str(part.status or ""),
                        "completed": part.completed,
                        "total": part.total,
                    }
                )
    except Exception as error:
        said = f"{error} {exchange.fault.facts.get('said') if exchange.fault else ''}"
        if "file does not exist" in said:
            exchange.fault = HostFaultError("not_found", said="there is no such model to pull")
        raise
    if not ended:
        raise HostFaultError("cut", detail="the stream ended without success")


async def _of_ollama(request: ChatFrame) -> list[ListedFrame]:
    from .ollama_adapter import StrictClient

    async with StrictClient(request) as client:
        installed = [model for model in (await client.list()).models if model.model][:_MOST]
        loaded = await _loaded(client)
        limit = asyncio.Semaphore(_AT_ONCE)
        windows = await asyncio.gather(
            *(_window(client, str(model.model), limit) for model in installed)
        )
    return [
        _one(
            str(model.model),
            context_window=window,
            loaded=None if loaded is None else model.model in loaded,
            size=int(model.size) if model.size else None,
        )
        for model, window in zip(installed, windows, strict=True)
    ]


async def _loaded(client: StrictClient) -> set[str] | None:
    with suppress(Exception):
        return {str(model.model) for model in (await client.ps()).models}
    return None


async def _window(client: StrictClient, name: str, limit: asyncio.Semaphore) -> int | None:
    """The model's own ceiling; how much of it a request gets is its num_ctx."""
    async with limit:
        with suppress(Exception):
            info = (await client.show(name)).modelinfo or {}
            architecture = info.get("general.architecture")
            return _whole(info.get(f"{architecture}.context_length"))
    return None


def _rows(content: Any) -> list[dict[str, Any]]:
    """What tells the price and the window in each row of `/model/info`, which has 200 fields."""
    return [
        {
            "model_name": entry.get("model_name"),
            "litellm_params": _only(entry.get("litellm_params"), _PARAMS),
            "model_info": _only(entry.get("model_info"), _INFO),
        }
        for entry in _entries(content)
    ]


def _only(value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    table = _table(value)
    return {key: table[key] for key in keys if key in table}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _of_openai(content: Any) -> list[ListedFrame]:
    found = []
    for entry in _entries(content):
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        meta, pricing = (_table(entry.get(key)) for key in ("meta", "pricing"))
        windows = [*(entry.get(key) for key in _WINDOWS), meta.get("n_ctx")]
        found.append(
            _one(
                name,
                context_window=next((w for w in map(_whole, windows) if w), None),
                # OpenRouter's, in dollars per token; others use other units for this field.
                input_price=_dollars(pricing.get("prompt")),
                output_price=_dollars(pricing.get("completion")),
                size=_whole(meta.get("size")),
            )
        )
    return found


def _entries(content: Any) -> list[dict[str, Any]]:
    """The objects of a list, which Together sends bare."""
    data = content.get("data") if isinstance(content, dict) else content
    if not isinstance(data, list):
        raise HostFaultError("malformed", said="something that is no list of models")
    return [entry for entry in data[:_MOST] if isinstance(entry, dict)]


def _one(
    name: str,
    *,
    context_window: int | None = None,
    input_price: float | None = None,
    output_price: float | None = None,
    loaded: bool | None = None,
    size: int | None = None,
) -> ListedFrame:
    return {
        "name": name,
        "context_window": context_window,
        "input_price": input_price,
        "output_price": output_price,
        "loaded": loaded,
        "size": size,
    }


def _whole(value: Any) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 < value < 1e15 else None


def _dollars(per_token: Any) -> float | None:
    """Dollars per million tokens, from a number or its text; what is negative is no price."""
    try:
        price = float(per_token) * _MILLION
    except (TypeError, ValueError):
        return None
    return round(price, 6) if 0 <= price < 1e6 else None


def _base(request: ChatFrame) -> str:
    return (request["api_base"] or "").rstrip("/")


def _client(request: ChatFrame) -> httpx.AsyncClient:
    headers = dict(request["headers"])
    if request["key"] and not any(name.lower() == "authorization" for name in headers):
        headers["Authorization"] = f"Bearer {request['key']}"
    if organization := request["options"].get("organization"):
        headers.setdefault("OpenAI-Organization", str(organization))
    return httpx.AsyncClient(
        headers=headers,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(request["total_timeout"], connect=request["connect_timeout"]),
    )


async def _json(client: httpx.AsyncClient, url: str) -> Any:
    body = b""
    async with client.stream("GET", url) as response:
        response.raise_for_status()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _LARGEST:
                raise HostFaultError("too_large")
    return json.loads(body)
