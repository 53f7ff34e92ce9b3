"""A program uses a configured target as a model of its own: ``streetrace/model/*``."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from attacks.canaries import CANARIES, NETWORK, assert_no_canary, audited, listening
from backends.fault_server import Called, FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.editor import Editor
from lsp.clients.vscode import VSCode
from lsp.clients.wire import REQUEST_CANCELLED, Request, ResponseError
from lsp.machine import Launch, Machine
from lsp.processes import children, gone

COMPLETE, LIST = "streetrace/model/complete", "streetrace/model/list"
INVALID_PARAMS, REQUEST_FAILED = -32602, -32803

HELLO = [{"role": "user", "content": "Weather in Rome?"}]
WEATHER = {
    "name": "weather",
    "description": "The weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}


def asking(**more: Any) -> dict[str, Any]:
    return {"version": 1, "messages": HELLO, **more}


def configured(server: FaultServer, more: str = "") -> str:
    return (
        'model = "cloud/demo"\n[backends.cloud]\nprovider = "openai"\nmodel = "demo"\n'
        f'api_base = "{server.openai}"\napi_key = "${{OWN_KEY}}"\n{more}'
    )


async def refused(editor: Editor, method: str, params: Any) -> ResponseError:
    with pytest.raises(ResponseError) as caught:
        await editor.ask(method, params)
    return caught.value


def outcomes(machine: Machine) -> list[Any]:
    with closing(sqlite3.connect(machine.state / "usage.sqlite3")) as connection:
        return list(connection.execute("SELECT task, outcome FROM requests ORDER BY at"))


async def test_tools_go_through_a_whole_exchange(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    prices = '[prices."cloud/demo"]\ninput = 2\noutput = 10\n'
    machine.configure_user(configured(faults, prices))
    rome = Called("weather", '{"city": "Rome"}', id="call_1")
    faults.script(Reply(text="Let me look.", reasoning="Hm.", calls=(rome,)), Reply(text="Rain."))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    options = {"tools": [WEATHER], "maxTokens": 99, "temperature": 0.5}
    first = await editor.ask(COMPLETE, asking(id="turn 1", **options))
    assert first == {
        "version": 1,
        "text": "Let me look.",
        "reasoning": "Hm.",
        "toolCalls": [{"id": "call_1", "name": "weather", "arguments": '{"city": "Rome"}'}],
        "finishReason": "tool_calls",
        "usage": {"promptTokens": 7, "completionTokens": 5},
        "cost": (7 * 2 + 5 * 10) / 1e6,
        "model": "demo",
        "backend": "cloud",
        "cached": False,
        "withheld": [],
        "placeholders": {},
        "fallback": "",
    }
    body = faults.requests[0].json
    assert body["tools"] == [{"type": "function", "function": WEATHER}]
    assert (body["max_tokens"], body["temperature"], body["messages"]) == (99, 0.5, HELLO)

    # What was streamed before the answer is the answer.
    assert {part["id"] for part in editor.window.parts} == {"turn 1"}
    assert "".join(part.get("text", "") for part in editor.window.parts) == first["text"]
    assert "".join(part.get("reasoning", "") for part in editor.window.parts) == "Hm."
    pieces = [part["toolCall"] for part in editor.window.parts if "toolCall" in part]
    assert {(piece["index"], piece["id"], piece["name"]) for piece in pieces} == {
        (0, "call_1", "weather")
    }
    assert "".join(piece["arguments"] for piece in pieces) == '{"city": "Rome"}'

    editor.window.parts.clear()
    told = [
        *HELLO,
        {"role": "assistant", "content": first["text"], "toolCalls": first["toolCalls"]},
        {"role": "tool", "toolCallId": "call_1", "content": [{"type": "text", "text": "Rain"}]},
    ]
    second = await editor.ask(COMPLETE, asking(messages=told, tools=[WEATHER]))
    assert (second["text"], second["toolCalls"], second["finishReason"]) == ("Rain.", [], "stop")
    assert editor.window.parts == []
    sent = faults.requests[1].json["messages"]
    assert sent[1]["tool_calls"][0]["function"] == {
        "name": "weather",
        "arguments": '{"city": "Rome"}',
    }
    assert (sent[2]["tool_call_id"], sent[2]["content"]) == ("call_1", "Rain")
    assert outcomes(machine) == [("complete", "done")] * 2
    # Nobody was shown anything: it was the program that asked.
    assert editor.window.messages == editor.window.questions == []


async def test_two_at_once_are_kept_apart(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    faults.script(Reply(text="a" * 40, hold_after=3), Reply(text="b" * 40, hold_after=3))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    both = [editor.send(COMPLETE, asking(id=number)) for number in (1, 2)]
    await faults.until(lambda: faults.held == 2)
    faults.release()
    found = await asyncio.gather(*(one.future for one in both))
    assert sorted(reply["text"] for reply in found) == ["a" * 40, "b" * 40]
    for number, reply in zip((1, 2), found, strict=True):
        parts = [part["text"] for part in editor.window.parts if part["id"] == number]
        assert "".join(parts) == reply["text"]


async def streaming(editor: Editor, faults: FaultServer) -> Request:
    faults.script(Reply(text="x" * 400, hold_after=2))
    request = editor.send(COMPLETE, asking(id=1))
    await faults.until(lambda: faults.held > 0)
    await editor.until("the first part", lambda: editor.window.parts)
    return request


@pytest.mark.parametrize("by", ["request", "command"])
async def test_a_cancelled_request_closes_the_connection(
    launch: Launch, machine: Machine, faults: FaultServer, by: str
) -> None:
    machine.configure_user(configured(faults))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    request = await streaming(editor, faults)
    if by == "request":
        editor.cancel(request)
    else:
        await editor.execute("streetrace.cancel")
    with pytest.raises(ResponseError) as caught:
        await request.future
    assert caught.value.code == REQUEST_CANCELLED
    upstream = faults.requests[-1].connection
    await faults.until(lambda: upstream.closed is not None)
    assert upstream.closed_by == "client"
    faults.script(Reply(text="Again."))
    assert (await editor.ask(COMPLETE, asking()))["text"] == "Again."
    assert outcomes(machine) == [
        ("complete", "cancelled"),
        ("complete", "done"),
    ]


async def test_the_end_of_the_server_ends_a_request(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    request = await streaming(editor, faults)
    process = editor.connection.process
    assert process is not None
    hosts = children(process.pid)
    assert await editor.stop() == 0
    with pytest.raises(ResponseError) as caught:
        await request.future
    assert caught.value.code == REQUEST_CANCELLED
    for host in hosts:
        await gone(host)
    assert outcomes(machine) == [("complete", "cancelled")]


async def test_a_cut_in_a_call_is_an_error_and_no_call(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    cut = Called("weather", '{"city": "Ro')
    faults.script(Reply(text="", calls=(cut,), finish=None), Reply(text="", calls=(cut,)))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    for kind in ("cut", "tool_call"):
        error = await refused(editor, COMPLETE, asking(tools=[WEATHER]))
        assert error.code == REQUEST_FAILED
        assert (error.data["kind"], error.data["backend"]) == (kind, "cloud")
        assert error.data["nextStep"]
        assert "cloud" in error.message


async def test_a_refused_key_is_told_and_not_shown(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    key = "sk-own-0123456789abcdef"
    machine.configure_user(configured(faults))
    faults.script(Reply(status=401, message="wrong key {key}"))
    editor = await launch(VSCode, variables={"OWN_KEY": key})
    error = await refused(editor, COMPLETE, asking())
    assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "auth")
    assert faults.requests[0].key == key
    await editor.stop()
    assert key not in editor.connection.transcript()


async def test_a_fallback_answers_before_anything_was_said(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    with FaultServer(Reply(status=503)) as busy:
        other = f'[backends.other]\nprovider = "ollama"\nmodel = "o"\napi_base = "{busy.base}"\n'
        toml = f'fallbacks = ["cloud/demo"]\n{configured(faults, other)}'
        machine.configure_user(toml.replace('model = "cloud/demo"', 'model = "other/o"', 1))
        editor = await launch(VSCode, variables={"OWN_KEY": "k"})
        found = await editor.ask(COMPLETE, asking(id=1))
        assert (found["backend"], found["text"]) == ("cloud", "Hello, world.")
        assert "other" in found["fallback"]
        # Named for this once, it has none.
        error = await refused(editor, COMPLETE, asking(target="other/o"))
        assert error.data["backend"] == "other"


async def test_an_answer_is_kept_for_the_same_tools_only_and_a_call_never(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults, "[cache]\nttl = 3600\n"))
    rome = Called("weather", '{"city": "Rome"}')
    faults.script(Reply(text="Rain."), Reply(text="", calls=(rome,)), Reply(text="", calls=(rome,)))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    plain = [await editor.ask(COMPLETE, asking()) for _ in range(2)]
    assert [(one["text"], one["cached"]) for one in plain] == [("Rain.", False), ("Rain.", True)]
    with_tools = [await editor.ask(COMPLETE, asking(tools=[WEATHER])) for _ in range(2)]
    assert [(len(one["toolCalls"]), one["cached"]) for one in with_tools] == [(1, False)] * 2
    assert len(faults.requests) == 3


async def test_a_budget_stops_it_before_anything_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    budget = "[budget]\nday = 0.01\n[prices.demo]\ninput = 1000\noutput = 1\n"
    machine.configure_user(configured(faults, budget))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    error = await refused(editor, COMPLETE, asking(tools=[WEATHER]))
    assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "budget")
    assert "$0.01 a day" in error.message
    assert faults.connections == []


async def test_what_does_not_fit_is_refused_with_counts_before_anything_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults, "context_windows = { demo = 2000 }\n"))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    described = {**WEATHER, "description": "word " * 700}
    error = await refused(editor, COMPLETE, asking(tools=[described]))
    assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "context")
    assert "The messages take about 12 tokens and the tools about 1," in error.message
    assert "has room for 909" in error.message
    assert faults.connections == []


async def test_local_only_holds(launch: Launch, machine: Machine) -> None:
    machine.configure_user('local_only = true\nmodel = "openai/gpt-4o"\n')
    editor = await launch(VSCode, variables={"OPENAI_API_KEY": "k"})
    error = await refused(editor, COMPLETE, asking())
    assert error.data["kind"] == "target"
    assert "local_only" in error.message


@pytest.mark.parametrize(("kind", "answer"), [(VSCode, "Not now"), (Bare, None)])
async def test_an_untrusted_project_is_asked_about_once_and_reaches_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], answer: str | None
) -> None:
    machine.configure(listening(faults), trusted=False)
    editor = await launch(kind, watched=True, variables=CANARIES)
    editor.window.answer = answer
    for _ in range(2):
        error = await refused(editor, COMPLETE, asking())
        assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "untrusted")
    # Listing asks nobody, and shows nothing of it.
    questions = len(editor.window.questions)
    assert (await editor.ask(LIST, {"version": 1}))["targets"] == []
    assert len(editor.window.questions) == questions
    if answer is not None:
        assert questions == 1
    await editor.stop()
    assert faults.connections == []
    assert audited(editor, "import")  # the watch is on
    assert audited(editor, *NETWORK) == []
    assert_no_canary(editor, machine)


async def test_a_project_that_is_trusted_when_asked_answers(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(listening(faults), trusted=False)
    editor = await launch(VSCode, variables=CANARIES)
    editor.window.answer = "Trust"
    assert (await editor.ask(COMPLETE, asking()))["text"] == "Hello, world."
    assert len(editor.window.questions) == 1
    assert faults.requests[0].key == CANARIES["OPENAI_API_KEY"]


IMAGE = {"type": "image_url", "image_url": {"url": "data:,"}}
CALL = {"id": "1", "name": "f", "arguments": "{"}
WRONG: list[tuple[Any, str]] = [
    (None, "the parameters: takes an object."),
    ({"messages": HELLO}, "version: this server speaks version 1."),
    ({"version": 2, "messages": HELLO}, "version: this server speaks version 1."),
    (asking(max_tokens=3), "the parameters: there is no field “max_tokens”."),
    (asking(messages=[]), "messages: takes a list with at least one message."),
    (asking(messages=[{"role": "bot"}]), "messages[0].role: takes one of system, user"),
    (asking(messages=[{"role": "user"}]), "messages[0].content: is missing."),
    (
        asking(messages=[{"role": "user", "content": [IMAGE]}]),
        "messages[0].content[0]: a part of type “image_url” is not taken, only text.",
    ),
    (
        asking(messages=[*HELLO, {"role": "assistant", "toolCalls": [CALL]}]),
        "messages[1].toolCalls[0].arguments: takes the text of a JSON object.",
    ),
    (
        asking(messages=[{"role": "user", "content": "a", "toolCalls": [CALL]}]),
        "messages[0].toolCalls: only a message of the assistant has calls.",
    ),
    (asking(messages=[{"role": "tool", "content": "a"}]), "messages[0].toolCallId: takes a text"),
    (asking(tools=[WEATHER, WEATHER]), "tools: “weather” is there more than once."),
    (asking(tools=[{"name": "f", "parameters": "x"}]), "tools[0].parameters: takes a JSON Schema"),
    (asking(tools=[WEATHER], toolChoice={"name": "other"}), "toolChoice: takes auto, none"),
    (asking(toolChoice="required"), "toolChoice: takes auto, none"),
    (asking(maxTokens=0), "maxTokens: takes a number of tokens, at least 1."),
    (asking(temperature="hot"), "temperature: takes a number from 0 to 2."),
    (asking(id=[1]), "id: takes a text or a whole number."),
]


async def test_what_is_wrong_with_a_request_is_told_by_its_place(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await launch(VSCode, variables={"OWN_KEY": "k"})
    for params, said in WRONG:
        error = await refused(editor, COMPLETE, params)
        assert error.code == INVALID_PARAMS, params
        assert error.message.startswith(said), (params, error.message)
    assert faults.connections == []


async def test_the_list_tells_what_is_known_without_asking_anybody(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    more = (
        '[prices."cloud/demo"]\ninput = 2\noutput = 10\n'
        '[backends.gpt]\nprovider = "openai"\nmodel = "gpt-4o"\n'
        '[backends.keyless]\nprovider = "anthropic"\nmodel = "claude-sonnet-4-5"\n'
        'api_key = "${NOT_SET}"\n'
    )
    machine.configure_user(configured(faults, more))
    keys = {"OWN_KEY": "k", "OPENAI_API_KEY": "k"}
    editor = await launch(VSCode, watched=True, variables=keys)
    found = await editor.ask(LIST, {"version": 1})
    assert found["version"] == 1
    by_name = {entry["target"]: entry for entry in found["targets"]}
    assert by_name["cloud/demo"] == {
        "target": "cloud/demo",
        "default": True,
        "backend": "cloud",
        "provider": "openai",
        "model": "demo",
        "local": True,
        "window": None,
        "maxOutput": None,
        "inputPrice": 2,
        "outputPrice": 10,
        "tools": None,
        "problem": "",
    }
    gpt = by_name["gpt/gpt-4o"]
    assert gpt["problem"] == ""
    assert (gpt["local"], gpt["tools"], gpt["default"]) == (False, True, False)
    assert min(gpt["window"], gpt["maxOutput"], gpt["inputPrice"], gpt["outputPrice"]) > 0
    keyless = by_name["keyless/claude-sonnet-4-5"]
    assert "NOT_SET" in keyless["problem"]
    assert keyless["backend"] is None
    await editor.stop()
    assert faults.connections == []
    assert audited(editor, "import")  # the watch is on
    assert audited(editor, *NETWORK) == []


async def test_prompts_and_answers_are_not_in_the_log(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    faults.script(Reply(text="private answer"))
    editor = await launch(VSCode, variables={"STREETRACE_LOG": "debug", "OWN_KEY": "k"})
    editor.notify("$/setTrace", {"value": "verbose"})
    asked = asking(messages=[{"role": "user", "content": "private question"}])
    await editor.ask(COMPLETE, asked)
    await refused(editor, COMPLETE, {**asked, "temperature": "private"})
    await editor.stop()
    logged = json.dumps([*editor.window.logged, *editor.connection.stderr])
    assert "private" not in logged
    assert "Traceback" not in logged


async def test_the_default_is_marked_where_it_names_a_backend_alone(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(
        f'model = "own"\n[backends.own]\nprovider = "ollama"\napi_base = "{faults.base}"\n'
        'model = "demo"\n[backends.own.models]\nfast = "other"\n'
    )
    editor = await launch(VSCode)
    found = (await editor.ask(LIST, {"version": 1}))["targets"]
    marked = {entry["target"]: entry["default"] for entry in found}
    assert marked == {"own/fast": False, "own/demo": True}
    status = await editor.ask("streetrace/status", {"version": 1})
    assert (status["model"], status["leadsTo"]) == ("own", "own/demo")
