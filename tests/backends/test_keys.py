"""A key that a server sends back, or asks for, in what the user and the log read."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest

from backends.asking import ANTHROPIC, BEDROCK, KEY, OPENAI, WIRES, Wire, ask, call
from backends.fault_server import FaultServer, Reply, body_of
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.secret import Secret

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
@pytest.mark.parametrize("spelling", ["plain", "escaped"])
async def test_a_key_that_is_echoed_is_not_shown(
    wire: Wire, spelling: str, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    echoed = "{key}" if spelling == "plain" else "sk-own-4f9a%2Fb%2Bc%3Dd"
    server.script(Reply(status=401, message=f"the key {echoed} is unknown"))
    error = (await ask(host, wire, server)).error
    assert error is not None
    everything = json.dumps([error.message, error.next_step, error.detail, repr(error), host_log])
    assert KEY not in everything
    assert "4f9a" not in everything


async def test_a_missing_key_is_called_missing(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(status=401))
    error = (await ask(host, OPENAI, server, key=None)).error
    assert error is not None
    assert "none is configured" in error.message


# What a key must not leave behind is looked for in pieces of so many characters.
PIECE = 8
LONG = f"sk-{secrets.token_hex(50)}"


def pieces_of(key: str, text: str) -> set[str]:
    """The pieces of ``key`` that somebody can read in ``text``."""
    found = (key[at : at + PIECE] for at in range(len(key) - PIECE + 1))
    return {piece for piece in found if piece in text}


def told(error: BackendError | None, log: list[str]) -> str:
    assert error is not None
    return "\n".join([error.message, error.next_step, error.detail or "", repr(error), *log])


# So close that any place where a text of this length is cut lies inside of one of the keys.
PLACES = range(0, 2500, len(LONG) - 2 * PIECE)


@pytest.mark.parametrize("wire", [*WIRES, BEDROCK], ids=lambda wire: wire.name)
@pytest.mark.parametrize("shape", ["status", "stream", "frame"])
async def test_a_key_is_not_shown_in_part_where_a_message_is_cut(
    wire: Wire, shape: str, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    for place in PLACES:
        said = "z" * place + LONG + " tail" * 50
        reply = {
            "status": Reply(status=401, message=said),
            "stream": Reply(stream_error=said),
            "frame": Reply(raw_after=(1, f"data: {said}\n\n".encode())),
        }[shape]
        server.script(reply)
        error = (await ask(host, wire, server, key=Secret(LONG))).error
        assert pieces_of(LONG, told(error, host_log)) == set(), place


@pytest.mark.parametrize("wire", [OPENAI, ANTHROPIC], ids=lambda wire: wire.name)
async def test_a_count_that_is_a_key_is_not_shown_as_a_library_cuts_it(
    wire: Wire, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    frame: dict[str, Any] = {"id": "c1", "created": LONG, "model": "demo"}
    frame |= {"choices": [{"index": LONG, "delta": {"content": [LONG]}}], "type": "message_start"}
    frame |= {"message": {"usage": {"input_tokens": LONG}, "content": LONG}}
    server.script(
        Reply(
            body=f"data: {json.dumps(frame)}\n\n".encode(),
            content_type="text/event-stream",
        )
    )
    error = (await ask(host, wire, server, key=Secret(LONG))).error
    assert pieces_of(LONG, told(error, host_log)) == set()


async def test_a_library_that_warns_of_a_count_logs_no_part_of_a_key(
    host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    usage = {"prompt_tokens": LONG, "completion_tokens": LONG, "total_tokens": LONG}
    frame: dict[str, Any] = {"id": "c1", "object": "chat.completion.chunk", "model": "demo"}
    said = f"data: {json.dumps({**frame, 'choices': [], 'usage': usage})}\n\ndata: [DONE]\n\n"
    body = body_of(Reply(usage=None)).removesuffix(b"data: [DONE]\n\n") + said.encode()
    server.script(Reply(body=body, content_type="text/event-stream"))
    found = await ask(host, OPENAI, server, key=Secret(LONG))
    assert found.finished is not None
    # One more round, in which the log is read.
    await host.prewarm("litellm")
    assert pieces_of(LONG, "\n".join(host_log)) == set()
    assert not any("Pydantic" in line for line in host_log)


@pytest.mark.parametrize("filler", [" ", "\n", "x", "{key} "], ids=["space", "line", "x", "key"])
async def test_an_error_that_is_too_long_to_be_read_shows_no_part_of_a_key(
    filler: str, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    filler = filler.replace("{key}", LONG)
    for size in (1 << 16, 1 << 20):
        for short in (20, 50):
            body = filler * ((size - short) // len(filler))
            body += "x" * (size - short - len(body)) + LONG * 3
            server.script(Reply(status=401, body=body.encode(), content_type="text/plain"))
            error = (await ask(host, OPENAI, server, key=Secret(LONG))).error
            assert pieces_of(LONG, told(error, host_log)) == set()


async def test_the_names_of_a_servers_models_hold_no_part_of_a_key(
    host: ModelHost, server: FaultServer
) -> None:
    for place in (0, 250, 290):
        server.models = ("z" * place + LONG, "plain")
        asked = call(OPENAI, server, key=Secret(LONG))
        (frame,) = [frame async for frame in host.frames("list", asked)]
        names = [model["name"] for model in frame["models"]]
        assert names[1] == "plain"
        assert len(names[0]) <= 300
        assert pieces_of(LONG, json.dumps(frame)) == set()


async def test_a_placeholder_for_a_key_leaves_the_names_of_models_alone(
    host: ModelHost, server: FaultServer
) -> None:
    server.models = ("ollama/llama3",)
    asked = call(OPENAI, server, key=Secret("ollama"), headers={"X-Title": "llama3"})
    (frame,) = [frame async for frame in host.frames("list", asked)]
    assert [model["name"] for model in frame["models"]] == ["ollama/llama3"]
