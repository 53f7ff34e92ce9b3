"""A reply that goes well, over every wire, through a real child process and real sockets."""

from __future__ import annotations

import pytest

from backends.asking import (
    ANTHROPIC,
    COHERE,
    GEMINI,
    KEY,
    OLLAMA,
    OPENAI,
    QUESTION,
    WIRES,
    Wire,
    ask,
    call,
)
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.events import Text, Usage
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "def f(x):\n    return x + 1  # naïve → ‘ok’ 🎉\n"
every_wire = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)


@every_wire
async def test_text_arrives_as_sent_with_a_real_end(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text=TEXT, chunk=3))
    answer = await ask(host, wire, server)
    assert answer.error is None
    assert answer.text == TEXT
    assert answer.finished is not None
    assert (answer.finished.reason, answer.finished.marker) == ("stop", True)


@every_wire
async def test_the_token_limit_is_said(wire: Wire, host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(finish="length"))
    answer = await ask(host, wire, server)
    assert answer.finished is not None
    assert (answer.finished.reason, answer.finished.marker) == ("length", True)


@pytest.mark.parametrize("wire", [OLLAMA, OPENAI, ANTHROPIC, GEMINI], ids=lambda w: w.name)
async def test_reasoning_is_apart_from_the_text(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text=TEXT, reasoning="I should add one."))
    answer = await ask(host, wire, server)
    assert (answer.reasoning, answer.text) == ("I should add one.", TEXT)


@pytest.mark.parametrize("wire", [OLLAMA, OPENAI, ANTHROPIC, GEMINI], ids=lambda w: w.name)
async def test_usage_is_what_the_backend_counted(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    answer = await ask(host, wire, server)
    assert answer.finished is not None
    assert answer.finished.usage == Usage(prompt_tokens=7, completion_tokens=5)


@every_wire
async def test_the_key_goes_where_the_provider_wants_it_and_nowhere_else(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    await ask(host, wire, server)
    (request,) = server.requests
    assert request.key == KEY
    values = [*request.headers.values(), request.path, request.body.decode()]
    assert sum(value.count(KEY) for value in values) == 1


async def test_ollama_is_told_to_keep_the_whole_prompt(
    host: ModelHost, server: FaultServer
) -> None:
    options = {"num_ctx": 4096, "max_tokens": 99, "temperature": 0.5, "keep_alive": "5m"}
    await ask(host, OLLAMA, server, options={**options, "think": False})
    asked = server.requests[0].json
    assert asked == {
        "model": "demo",
        "messages": list(QUESTION),
        "stream": True,
        "truncate": False,
        "shift": False,
        "keep_alive": "5m",
        "think": False,
        "options": {"num_ctx": 4096, "num_predict": 99, "temperature": 0.5},
    }


async def test_ollama_always_gets_a_window(host: ModelHost, server: FaultServer) -> None:
    await ask(host, OLLAMA, server)
    assert server.requests[0].json["options"]["num_ctx"] > 0


async def test_ollama_without_a_key_gets_no_authorization(
    host: ModelHost, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "ollama-ambient")
    await ask(host, OLLAMA, server, key=None)
    assert "authorization" not in server.requests[0].headers


async def test_a_prompt_that_fills_ollamas_window_is_refused(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(usage=(4096, 5)))
    answer = await ask(host, OLLAMA, server, options={"num_ctx": 4096})
    assert answer.error is not None
    assert answer.error.kind == "context"
    assert "4096" in answer.error.message


async def test_options_headers_and_extra_body_reach_an_openai_server(
    host: ModelHost, server: FaultServer
) -> None:
    await ask(
        host,
        OPENAI,
        server,
        options={"temperature": 0.25, "max_tokens": 64},
        headers={"X-Team": "compilers"},
        extra_body={"grammar": 'root ::= "x"', "model": "another", "stream": False},
    )
    (request,) = server.requests
    assert request.headers["x-team"] == "compilers"
    asked = request.json
    assert (asked["model"], asked["stream"]) == ("demo", True)
    assert (asked["temperature"], asked["max_tokens"]) == (0.25, 64)
    assert asked["grammar"] == 'root ::= "x"'
    assert asked["messages"] == list(QUESTION)


async def test_extra_body_is_part_of_an_anthropic_body_and_nothing_of_litellms(
    host: ModelHost, server: FaultServer
) -> None:
    extra = {"container": "c1", "top_k": 3, "mock_response": "no", "callbacks": ["x"]}
    found = await ask(host, ANTHROPIC, server, extra_body=extra)
    assert found.text == "Hello, world."
    asked = server.requests[0].json
    assert (asked["container"], asked["top_k"]) == ("c1", 3)
    assert not {"extra_body", "mock_response", "callbacks", "max_retries"} & set(asked)


async def test_the_first_text_does_not_wait_for_the_second(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="first second", chunk=6, hold_after=1))
    stream = host.stream(call(OLLAMA, server))
    assert await anext(stream) == Text("first ")
    server.release()
    assert await anext(stream) == Text("second")
    await stream.aclose()


async def test_many_small_chunks_become_few_events(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(text="x" * 2000, chunk=1))
    answer = await ask(host, OPENAI, server)
    assert len(answer.text) == 2000
    assert len(answer.pieces) < 1000


@every_wire
async def test_an_empty_answer_is_an_end_without_text(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text=""))
    answer = await ask(host, wire, server)
    assert answer.text == ""
    assert answer.finished is not None
    assert answer.finished.reason == "stop"


async def test_many_requests_run_at_the_same_time(host: ModelHost, server: FaultServer) -> None:
    server.default = Reply(text="one two", chunk=4, hold_after=1)
    streams = [host.stream(call(wire, server)) for wire in (OLLAMA, OPENAI, COHERE) * 3]
    for stream in streams:
        assert isinstance(await anext(stream), Text)
    await server.until(lambda: server.held == len(streams))
    server.release()
    for stream in streams:
        rest = [event async for event in stream]
        assert rest[-1].reason == "stop"
