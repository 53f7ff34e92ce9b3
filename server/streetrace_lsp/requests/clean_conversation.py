"""A program's messages and tools as they leave the machine: without the secrets in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from streetrace_lsp.prompts.redaction import Redaction, redact
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.routing.chat_call import Message, Tools

# Gives the text that stands for a text, by its name for the record.
_Texts = Callable[[str, str], str]


def clean_conversation(
    messages: Sequence[Message], tools: Tools | None
) -> tuple[list[Message], Tools | None, Redaction]:
    """The same without secrets, and what was taken out. Takes a while: use a thread.

    Raises `RefusedError` where the arguments of a call would be no JSON object any more.
    """
    texts: dict[str, str] = {}

    def note(name: str, text: str) -> str:
        texts[name] = text
        return text

    _written(messages, tools, note)
    redaction = redact(texts)
    if not redaction.secrets:
        return [*messages], tools, redaction
    clean, offered = _written(messages, tools, lambda name, _: redaction.text(name))
    for call in _calls(clean):
        _check(call["function"])
    return clean, offered, redaction


def _written(
    messages: Sequence[Message], tools: Tools | None, text: _Texts
) -> tuple[list[Message], Tools | None]:
    said = [_message(one, f"message {number}", text) for number, one in enumerate(messages, 1)]
    if tools is None:
        return said, None
    # What a schema says stands in its strings; its keys are names.
    offered = [
        {**_values({**one, "name": ""}, f"tool {one['name']}", text), "name": one["name"]}
        for one in tools.functions
    ]
    return said, replace(tools, functions=offered)


def _message(message: Message, name: str, text: _Texts) -> Message:
    content: Any = message.get("content")
    told = dict(message)
    if isinstance(content, str):
        told["content"] = text(name, content)
    elif content is not None:
        told["content"] = [
            {**part, "text": text(f"{name}, part {number}", part["text"])}
            for number, part in enumerate(content, 1)
        ]
    if calls := message.get("tool_calls"):
        told["tool_calls"] = [
            {**call, "function": _call(call["function"], f"{name}, call {number}", text)}
            for number, call in enumerate(calls, 1)
        ]
    return told


def _call(function: Mapping[str, Any], name: str, text: _Texts) -> dict[str, Any]:
    return {**function, "arguments": text(name, function["arguments"])}


def _values(value: Any, name: str, text: _Texts) -> Any:
    if isinstance(value, str):
        return text(name, value)
    if isinstance(value, Mapping):
        return {key: _values(inner, f"{name}.{key}", text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_values(one, f"{name}.{number}", text) for number, one in enumerate(value, 1)]
    return value


def _calls(messages: Sequence[Message]) -> Iterator[dict[str, Any]]:
    for message in messages:
        yield from message.get("tool_calls") or ()


def _check(function: Mapping[str, Any]) -> None:
    try:
        read = json.loads(function["arguments"])
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise RefusedError(
            f"The arguments of a call of {function['name']} hold a secret that can't be taken out. "
            "Nothing was sent.",
            "Leave the secret out of them.",
        )
