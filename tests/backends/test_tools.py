"""Tools go out and tool calls come back in the wire of every provider."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from backends.asking import (
    ANTHROPIC,
    BEDROCK,
    COHERE,
    GEMINI,
    OLLAMA,
    OPENAI,
    QUESTION,
    Answer,
    Wire,
    ask,
)
from backends.fault_server import Called, FaultServer, Reply, body_of
from streetrace_lsp.routing.chat_call import Tools
from streetrace_lsp.routing.events import ToolCall
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What LiteLLM sends to Bedrock depends on the model's name.
CLAUDE = dataclasses.replace(BEDROCK, model="converse/anthropic.claude-3-5-sonnet-20240620-v1:0")
EVERY = (OPENAI, ANTHROPIC, GEMINI, COHERE, CLAUDE, OLLAMA)
every_wire = pytest.mark.parametrize("wire", EVERY, ids=lambda wire: wire.name)

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "where"}},
    "required": ["city"],
}
WEATHER = {"name": "weather", "description": "The weather in a city.", "parameters": SCHEMA}
TOOLS = Tools((WEATHER,))
PARIS = Called("weather", '{"city": "Paris, ‘Île’"}', id="call_paris1")
ROME = Called("weather", '{"city": "Rome"}', id="call_rome22")

FUNCTION = {"type": "function", "function": WEATHER}
Body = dict[str, Any]

# How the tool stands in the body of each wire.
SENT: dict[Wire, Callable[[Body], Any]] = {
    OPENAI: lambda body: body["tools"] == [FUNCTION],
    OLLAMA: lambda body: body["tools"] == [FUNCTION],
    COHERE: lambda body: body["tools"] == [FUNCTION],
    ANTHROPIC: lambda body: (
        [(tool["name"], tool["description"], tool["input_schema"]) for tool in body["tools"]]
        == [("weather", "The weather in a city.", SCHEMA)]
    ),
    GEMINI: lambda body: (
        [
            (one["name"], one["description"], one["parameters"])
            for tool in body["tools"]
            for one in tool["function_declarations"]
        ]
        == [("weather", "The weather in a city.", SCHEMA)]
    ),
    CLAUDE: lambda body: (
        [
            (spec["name"], spec["description"], spec["inputSchema"]["json"]["properties"])
            for spec in (tool["toolSpec"] for tool in body["toolConfig"]["tools"])
        ]
        == [("weather", "The weather in a city.", SCHEMA["properties"])]
    ),
}


def calls_of(found: Answer) -> list[tuple[str, Any]]:
    """The whole calls, by name, with their arguments read."""
    assert found.finished is not None
    return [(call.name, json.loads(call.arguments)) for call in found.finished.tool_calls]


def pieced_together(found: Answer) -> list[tuple[str, Any]]:
    """The calls as the pieces tell them."""
    whole: dict[int, tuple[str, str]] = {}
    for piece in found.calls:
        before = whole.get(piece.index, ("", ""))[1]
        whole[piece.index] = (piece.name, before + piece.arguments)
    assert list(whole) == sorted(whole)
    return [(name, json.loads(arguments)) for name, arguments in whole.values()]


@every_wire
async def test_a_tool_goes_out_and_its_call_comes_back(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="One moment.", calls=(PARIS,)))
    found = await ask(host, wire, server, tools=TOOLS)
    assert found.error is None, found.error.detail
    assert SENT[wire](server.requests[0].json), server.requests[0].json
    assert found.text == "One moment."
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("tool_calls", True)
    assert calls_of(found) == [("weather", {"city": "Paris, ‘Île’"})]
    assert pieced_together(found) == calls_of(found)
    assert {piece.id for piece in found.calls} == {found.finished.tool_calls[0].id}


@pytest.mark.parametrize("chunk", [1, 3, 100])
@every_wire
async def test_calls_of_the_same_reply_are_kept_apart_however_they_are_split(
    wire: Wire, chunk: int, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="", chunk=chunk, calls=(PARIS, ROME)))
    found = await ask(host, wire, server, tools=TOOLS)
    assert found.error is None, found.error.detail
    cities = [("weather", {"city": "Paris, ‘Île’"}), ("weather", {"city": "Rome"})]
    assert calls_of(found) == cities
    assert pieced_together(found) == cities
    assert found.finished is not None
    assert len({call.id for call in found.finished.tool_calls}) == 2


# How the call and its result stand in the second request of each wire: the call's arguments as an
# object, and the text of the result.
def _openai(body: Body) -> tuple[Any, Any]:
    called, result = body["messages"][-2:]
    (call,) = called["tool_calls"]
    assert call["id"] == result["tool_call_id"]
    return json.loads(call["function"]["arguments"]), result["content"]


def _ollama(body: Body) -> tuple[Any, Any]:
    called, result = body["messages"][-2:]
    assert (result["role"], result["tool_name"]) == ("tool", "weather")
    return called["tool_calls"][0]["function"]["arguments"], result["content"]


def _anthropic(body: Body) -> tuple[Any, Any]:
    called, result = (message["content"][-1] for message in body["messages"][-2:])
    assert (called["type"], result["type"]) == ("tool_use", "tool_result")
    assert called["id"] == result["tool_use_id"]
    said = result["content"]
    return called["input"], said if isinstance(said, str) else said[0]["text"]


def _gemini(body: Body) -> tuple[Any, Any]:
    called, result = (message["parts"][-1] for message in body["contents"][-2:])
    answered = result["function_response"]
    assert answered["name"] == "weather"
    return called["function_call"]["args"], answered["response"]["content"]


def _converse(body: Body) -> tuple[Any, Any]:
    called, result = (message["content"] for message in body["messages"][-2:])
    use = next(block["toolUse"] for block in called if "toolUse" in block)
    answered = next(block["toolResult"] for block in result if "toolResult" in block)
    assert use["toolUseId"] == answered["toolUseId"]
    return use["input"], answered["content"][0]["text"]


RESULT: dict[Wire, Callable[[Body], tuple[Any, Any]]] = {
    OPENAI: _openai,
    COHERE: _openai,
    OLLAMA: _ollama,
    ANTHROPIC: _anthropic,
    GEMINI: _gemini,
    CLAUDE: _converse,
}


@every_wire
async def test_the_result_of_a_tool_goes_back_with_the_next_request(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="", calls=(ROME,)), Reply(text="Rain."))
    first = await ask(host, wire, server, tools=TOOLS)
    assert first.finished is not None
    (call,) = first.finished.tool_calls
    messages = (*QUESTION, called(call), told(call, "18 degrees, rain"))
    second = await ask(host, wire, server, tools=TOOLS, messages=messages)
    assert second.error is None, second.error.detail
    assert second.text == "Rain."
    assert RESULT[wire](server.requests[1].json) == ({"city": "Rome"}, "18 degrees, rain")


def called(call: ToolCall) -> dict[str, Any]:
    said = {"name": call.name, "arguments": call.arguments}
    one = {"id": call.id, "type": "function", "function": said}
    return {"role": "assistant", "content": None, "tool_calls": [one]}


def told(call: ToolCall, result: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call.id, "content": result}


@every_wire
async def test_a_cut_in_a_tool_call_is_never_a_call(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    reply = Reply(text="", chunk=3, usage=None, calls=(PARIS,), framing="close")
    spelled = "converse" if wire is CLAUDE else wire.name
    body = body_of(reply, wire=spelled)  # type: ignore[arg-type]
    ended = 0
    for cut in range(1, len(body), 23):
        server.script(dataclasses.replace(reply, cut_after=cut))
        found = await ask(host, wire, server, tools=TOOLS)
        if found.finished is None:
            assert found.error is not None
            # LiteLLM takes part of Amazon's first message for an answer of another kind.
            assert found.error.kind in {"cut", "malformed", "server"}, (cut, found.error)
        else:
            ended += 1
            assert calls_of(found) == [("weather", {"city": "Paris, ‘Île’"})], cut
    # Only once the end is marked, which is said in the last frames.
    assert ended * 23 < len(body) / 2


async def test_a_cut_that_a_gateway_calls_an_end_is_no_call(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="", calls=(Called("weather", '{"city": "Par'),)))
    found = await ask(host, OPENAI, server, tools=TOOLS)
    assert found.finished is None
    assert found.error is not None
    assert found.error.kind == "tool_call"
    assert "“weather”" in found.error.message


async def test_a_reply_that_became_too_long_has_text_and_no_calls(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="Well", finish="length", calls=(ROME, Called("weather", '{"ci'))))
    found = await ask(host, OPENAI, server, tools=TOOLS)
    assert found.error is None
    assert found.finished is not None
    assert (found.text, found.finished.reason, found.finished.tool_calls) == ("Well", "length", ())


async def test_an_announced_call_that_does_not_come_is_an_error(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="Well", finish="tool_calls"))
    found = await ask(host, OPENAI, server, tools=TOOLS)
    assert found.error is not None
    assert found.error.kind == "tool_call"


async def test_openais_older_word_for_a_call_ends_one(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(text="", finish="function_call", calls=(ROME,)))
    found = await ask(host, OPENAI, server, tools=TOOLS)
    assert calls_of(found) == [("weather", {"city": "Rome"})]


async def test_a_call_without_arguments_has_an_empty_object(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="", calls=(Called("now", ""),)))
    found = await ask(host, OPENAI, server, tools=Tools(({"name": "now"},)))
    assert calls_of(found) == [("now", {})]
    assert [piece.name for piece in found.calls] == ["now"]


# How each wire says which tool to call. Ollama and, by way of LiteLLM, Cohere can't.
CHOSEN: dict[Wire, Callable[[Body], Any]] = {
    OPENAI: lambda body: body["tool_choice"]["function"]["name"],
    ANTHROPIC: lambda body: body["tool_choice"]["name"],
    GEMINI: lambda body: body["toolConfig"]["functionCallingConfig"]["allowed_function_names"][0],
    CLAUDE: lambda body: body["toolConfig"]["toolChoice"]["tool"]["name"],
}


@pytest.mark.parametrize("wire", CHOSEN, ids=lambda wire: wire.name)
async def test_a_choice_of_a_tool_is_sent(wire: Wire, host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(text="", calls=(ROME,)))
    found = await ask(host, wire, server, tools=Tools((WEATHER,), {"name": "weather"}))
    assert found.error is None, found.error.detail
    assert CHOSEN[wire](server.requests[0].json) == "weather"


@pytest.mark.parametrize("wire", [COHERE, OLLAMA], ids=lambda wire: wire.name)
async def test_a_choice_that_would_be_left_out_is_refused_before_sending(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    found = await ask(host, wire, server, tools=Tools((WEATHER,), "required"))
    assert found.error is not None
    assert found.error.kind == "tools"
    assert server.requests == []


@pytest.mark.parametrize(
    ("provider", "model"),
    [("bedrock", "converse/demo"), ("replicate", "meta/demo"), ("perplexity", "demo")],
)
async def test_a_model_that_gets_no_tools_is_not_asked(
    provider: str, model: str, host: ModelHost, server: FaultServer
) -> None:
    wire = Wire(provider, "litellm", provider, model=model)
    found = await ask(host, wire, server, tools=TOOLS)
    assert found.error is not None
    assert found.error.kind == "tools"
    assert model in found.error.message
    assert found.error.next_step
    assert server.requests == []


async def test_a_server_says_that_its_model_has_no_tools(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(status=400, message='"demo" does not support tools'))
    found = await ask(host, OLLAMA, server, tools=TOOLS)
    assert found.error is not None
    assert found.error.kind == "tools"


async def test_without_tools_a_call_is_no_part_of_the_reply(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="Well", calls=(ROME,)))
    found = await ask(host, OPENAI, server)
    assert found.finished is not None
    assert (found.finished.reason, found.finished.tool_calls, found.calls) == ("tool_calls", (), [])
