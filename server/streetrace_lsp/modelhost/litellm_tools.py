"""Tools by way of LiteLLM: what it is given, and what it would leave out without a word."""

from __future__ import annotations

from typing import Any, Final

from .faults import HostFaultError
from .wire import ChatFrame

# It lists tools for Replicate and the choice for Cohere, and sends neither.
_TOOLS_LEFT_OUT: Final = frozenset({"replicate"})
_CHOICE_LEFT_OUT: Final = frozenset({"cohere_chat"})


def tools(request: ChatFrame) -> dict[str, Any]:
    """The arguments of ``litellm.acompletion`` for the tools of ``request``."""
    given = request["tools"]
    if given is None:
        return {}
    found: dict[str, Any] = {
        "tools": [{"type": "function", "function": one} for one in given["functions"]]
    }
    choice = given["choice"]
    if isinstance(choice, dict):
        found["tool_choice"] = {"type": "function", "function": {"name": choice["name"]}}
    elif choice != "auto":
        # What every server does by itself; some refuse the word.
        found["tool_choice"] = choice
    return found


def refuse_without_tools(litellm: Any, request: ChatFrame) -> None:
    """Raises ``HostFaultError`` (tools) where LiteLLM would leave the tools out of the request."""
    given = request["tools"]
    if given is None:
        return
    provider, model = request["provider"], request["model"]
    taken = litellm.get_supported_openai_params(model=model, custom_llm_provider=provider) or ()
    if "tools" not in taken or provider in _TOOLS_LEFT_OUT:
        raise HostFaultError("tools", said="it has no tools")
    if given["choice"] == "auto":
        return
    if "tool_choice" not in taken or provider in _CHOICE_LEFT_OUT:
        raise HostFaultError("tools", said="it takes no choice of a tool")
