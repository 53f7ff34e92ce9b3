"""Tools in Ollama's native wire (its docs/api.md, "Chat request (with tools)")."""

from __future__ import annotations

import json
from typing import Any

from .faults import HostFaultError
from .sink import Sink
from .wire import ChatFrame


def with_tools(request: ChatFrame) -> dict[str, Any]:
    """The messages and tools of a body. Raises ``HostFaultError`` (tools) for a choice."""
    body: dict[str, Any] = {"messages": _messages(request["messages"])}
    given = request["tools"]
    if given is None or given["choice"] == "none":
        return body
    if given["choice"] != "auto":
        raise HostFaultError("tools", said="Ollama takes no choice of a tool")
    body["tools"] = [{"type": "function", "function": one} for one in given["functions"]]
    return body


def read_calls(message: dict[str, Any], sink: Sink) -> None:
    """Puts the calls of one part of the reply, each of them whole, into ``sink``."""
    calls = message.get("tool_calls") or []
    for call in calls if isinstance(calls, list) else [calls]:
        said = call.get("function") if isinstance(call, dict) else None
        if not isinstance(said, dict) or not isinstance(said.get("name"), str):
            raise HostFaultError("malformed", said="a tool call that is none")
        arguments = json.dumps(said.get("arguments") or {}, ensure_ascii=False)
        call_id = call.get("id")
        # Their own numbers begin again in each part.
        index = len(sink.calls)
        sink.tool_call(index, call_id if isinstance(call_id, str) else "", said["name"], arguments)


def _messages(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """OpenAI's messages as Ollama's: texts whole, arguments as objects, results by name."""
    names: dict[str, str] = {}
    found: list[dict[str, Any]] = []
    for message in messages:
        told = {**message, "content": _text(message.get("content"))}
        if calls := message.get("tool_calls"):
            names |= {call["id"]: call["function"]["name"] for call in calls}
            told["tool_calls"] = [_call(call["function"]) for call in calls]
        if answered := told.pop("tool_call_id", None):
            told["tool_name"] = names.get(answered, "")
        found.append(told)
    return found


def _call(said: dict[str, Any]) -> dict[str, Any]:
    return {"function": {"name": said["name"], "arguments": json.loads(said["arguments"])}}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part["text"] for part in content)
    return content or ""
