"""What a program may send with ``streetrace/model/complete`` and ``list``: read field by field.

The values arrive as plain JSON: a JSON Schema must reach the model as it was written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from streetrace_lsp.lsp.params import (
    ParamsError,
    fields,
    flag_of,
    id_of,
    list_of,
    object_of,
    optional,
    text_of,
    version_of,
    words_of,
)

_ROLES: Final = ("system", "user", "assistant", "tool")
_CHOICES: Final = ("auto", "none", "required")
_HOTTEST: Final = 2.0


@dataclass(frozen=True)
class CompleteParams:
    """A request as it was sent, by the names on the wire; messages and tools in OpenAI's form.

    ``preview``: what was previewed is meant, and nothing else is told but ``id`` and ``fresh``.
    """

    version: int
    messages: list[dict[str, Any]]
    id: str | int | None
    uri: str | None
    target: str | None
    task: str
    tools: list[dict[str, Any]]
    toolChoice: str | dict[str, str]  # noqa: N815 - the name on the wire
    maxTokens: int | None  # noqa: N815
    temperature: float | None
    fresh: bool
    preview: str | None


@dataclass(frozen=True)
class ListParams:
    """``streetrace/model/list`` as it was sent."""

    version: int
    uri: str | None
    task: str


def read_complete(params: Any) -> CompleteParams:
    """Raises `ParamsError`."""
    given = object_of(params, "the parameters", fields(CompleteParams))
    seen = optional(given, "preview", text_of, None)
    if seen is not None and (more := set(given) - {"version", "id", "preview", "fresh"}):
        raise ParamsError(f"{min(more)}: is not taken together with preview.")
    tools = _tools(given.get("tools"))
    return CompleteParams(
        version=version_of(given),
        messages=[] if seen is not None else _messages(given.get("messages")),
        id=optional(given, "id", id_of, None),
        uri=optional(given, "uri", text_of, None),
        target=optional(given, "target", text_of, None),
        task=optional(given, "task", text_of, "ask"),
        tools=tools,
        toolChoice=_choice(given.get("toolChoice"), [tool["name"] for tool in tools]),
        maxTokens=optional(given, "maxTokens", _tokens, None),
        temperature=optional(given, "temperature", _temperature, None),
        fresh=optional(given, "fresh", flag_of, False),
        preview=seen,
    )


def read_list(params: Any) -> ListParams:
    """Raises `ParamsError`."""
    given = object_of(params, "the parameters", fields(ListParams))
    return ListParams(
        version=version_of(given),
        uri=optional(given, "uri", text_of, None),
        task=optional(given, "task", text_of, "ask"),
    )


def _messages(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise ParamsError("messages: takes a list with at least one message.")
    return list_of(value, "messages", _message)


def _message(value: Any, where: str) -> dict[str, Any]:
    given = object_of(value, where, {"role", "content", "toolCalls", "toolCallId"})
    role = given.get("role")
    if role not in _ROLES:
        raise ParamsError(f"{where}.role: takes one of {', '.join(_ROLES)}.")
    calls = given.get("toolCalls")
    if calls is not None and role != "assistant":
        raise ParamsError(f"{where}.toolCalls: only a message of the assistant has calls.")
    content = given.get("content")
    if content is None and not calls:
        raise ParamsError(f"{where}.content: is missing.")
    told = {"role": role, "content": None if content is None else _content(content, where)}
    if calls:
        told["tool_calls"] = list_of(calls, f"{where}.toolCalls", _call)
    if role == "tool":
        told["tool_call_id"] = text_of(given.get("toolCallId"), f"{where}.toolCallId")
    elif "toolCallId" in given:
        raise ParamsError(f"{where}.toolCallId: only a message of a tool answers a call.")
    return told


def _content(value: Any, where: str) -> str | list[dict[str, str]]:
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        raise ParamsError(f"{where}.content: takes a text, or a list of parts.")
    parts = list_of(value, f"{where}.content", _part)
    return parts[0]["text"] if len(parts) == 1 else parts


def _part(value: Any, where: str) -> dict[str, str]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind != "text":
        said = f"a part of type “{kind}”" if isinstance(kind, str) else "a part without a type"
        raise ParamsError(f"{where}: {said} is not taken, only text.")
    given = object_of(value, where, {"type", "text"})
    return {"type": "text", "text": words_of(given.get("text"), f"{where}.text")}


def _call(value: Any, where: str) -> dict[str, Any]:
    given = object_of(value, where, {"id", "name", "arguments"})
    arguments = text_of(given.get("arguments"), f"{where}.arguments")
    try:
        read = json.loads(arguments)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise ParamsError(f"{where}.arguments: takes the text of a JSON object.")
    named = {"name": text_of(given.get("name"), f"{where}.name"), "arguments": arguments}
    return {"id": text_of(given.get("id"), f"{where}.id"), "type": "function", "function": named}


def _tools(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    found = list_of(value, "tools", _tool)
    names = [tool["name"] for tool in found]
    for name in names:
        if names.count(name) > 1:
            raise ParamsError(f"tools: “{name}” is there more than once.")
    return found


def _tool(value: Any, where: str) -> dict[str, Any]:
    given = object_of(value, where, {"name", "description", "parameters"})
    tool = {"name": text_of(given.get("name"), f"{where}.name")}
    described = optional(given, "description", text_of, "", where)
    if described:
        tool["description"] = described
    parameters = given.get("parameters", {"type": "object", "properties": {}})
    if not isinstance(parameters, dict):
        raise ParamsError(f"{where}.parameters: takes a JSON Schema, which is an object.")
    return {**tool, "parameters": parameters}


def _choice(value: Any, names: list[str]) -> str | dict[str, str]:
    if value is None:
        return "auto"
    if isinstance(value, dict):
        given = object_of(value, "toolChoice", {"name"})
        if given.get("name") in names:
            return {"name": given["name"]}
    elif value in _CHOICES and (names or value != "required"):
        return str(value)
    raise ParamsError(
        f"toolChoice: takes {', '.join(_CHOICES)}, or the name of one of the tools as an object."
    )


def _tokens(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ParamsError(f"{where}: takes a number of tokens, at least 1.")
    return value


def _temperature(value: Any, where: str) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or not 0 <= value <= _HOTTEST:
        raise ParamsError(f"{where}: takes a number from 0 to {_HOTTEST:g}.")
    return float(value)
