"""The arguments of one LiteLLM call: everything explicit, so that it looks for nothing itself."""

from __future__ import annotations

import functools
import importlib
from typing import Any, Final

import httpx

from . import aws_profile, google_login
from .faults import HostFaultError
from .litellm_tools import tools
from .wire import ChatFrame

# A server that asks for no key gets this; LiteLLM would otherwise look for one elsewhere.
NO_KEY: Final = "none"
_OPTIONS: Final = (
    "temperature",
    "max_tokens",
    "top_p",
    "seed",
    "stop",
    "reasoning_effort",
    "organization",
    "api_version",
    "base_model",
    "aws_region_name",
    "vertex_project",
    "vertex_location",
)
_AWS: Final = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_DEFAULT_LOCATION: Final = "us-central1"
# For these LiteLLM would send a field named extra_body.
_FLAT_BODIES: Final = frozenset({"anthropic"})
_RESERVED: Final = frozenset({"model", "messages", "stream", "api_key", "api_base", "base_url"})


async def arguments(request: ChatFrame) -> dict[str, Any]:
    """The keyword arguments of ``litellm.acompletion`` for ``request``.

    Where a file holds the credentials it is read here, and what it held is put among the
    request's own, to be kept out of logs. Raises ``HostFaultError``.
    """
    given = request["options"]
    found: dict[str, Any] = {
        "model": f"{request['provider']}/{request['model']}",
        "messages": request["messages"],
        "stream": True,
        "stream_options": {"include_usage": True},
        # Both always, so that no key of the environment follows to a foreign origin.
        "api_key": request["key"] or NO_KEY,
        "api_base": _base(request),
        "timeout": _timeout(request),
        # One retry policy, and it is the server's.
        "max_retries": 0,
        "num_retries": 0,
        "drop_params": True,
        "no-log": True,
    }
    found |= {name: given[name] for name in _OPTIONS if name in given}
    found |= tools(request)
    match request["provider"]:
        case "bedrock":
            found |= _aws(request)
        case "vertex_ai":
            found |= await _google(request)
    if request["headers"]:
        found["extra_headers"] = dict(request["headers"])
    extra = {k: v for k, v in request["extra_body"].items() if k not in _RESERVED}
    if request["provider"] in _FLAT_BODIES:
        found |= {k: v for k, v in extra.items() if k not in _own_arguments()}
    elif extra:
        found["extra_body"] = extra
    return found


def _base(request: ChatFrame) -> str | None:
    base = request["api_base"]
    # LiteLLM takes Cohere's base for the whole address.
    if base and request["provider"] == "cohere_chat" and not base.endswith("/chat"):
        return f"{base}/chat" if base.endswith(("/v1", "/v2")) else f"{base}/v2/chat"
    return base


def _timeout(request: ChatFrame) -> httpx.Timeout:
    return httpx.Timeout(request["total_timeout"], connect=request["connect_timeout"])


def _aws(request: ChatFrame) -> dict[str, Any]:
    """Access keys, and never an occasion to look for some: a region, and a session token."""
    sent = request["credentials"]
    keys = {name: sent.get(name, "") for name in _AWS if sent.get("aws_access_key_id")}
    if "aws_profile_name" in request["options"] and not request["key"]:
        keys = aws_profile.access_keys(request["options"])
        request["credentials"] = {**sent, **keys}
    region = request["options"].get("aws_region_name", aws_profile.DEFAULT_REGION)
    return {**keys, "aws_region_name": region, **({"api_key": None} if keys else {})}


async def _google(request: ChatFrame) -> dict[str, Any]:
    given = request["options"]
    token, project = request["key"] or NO_KEY, ""
    if "vertex_credentials" in given and not request["key"]:
        token, project = await google_login.sign_in(given["vertex_credentials"], _timeout(request))
        request["credentials"] = {**request["credentials"], "access_token": token}
    project = given.get("vertex_project") or project
    if not project:
        raise HostFaultError(
            "unknown",
            said="no Google Cloud project is named",
            next_step='Write project = "…" for the backend, or set VERTEXAI_PROJECT.',
        )
    return {
        "api_key": None,
        "vertex_credentials": token,
        "vertex_project": project,
        "vertex_location": given.get("vertex_location") or _DEFAULT_LOCATION,
    }


@functools.cache
def _own_arguments() -> frozenset[str]:
    """What LiteLLM takes for itself, callbacks and log targets among it: never from a project."""
    types: Any = importlib.import_module("litellm.types.utils")
    return frozenset(types.all_litellm_params)
