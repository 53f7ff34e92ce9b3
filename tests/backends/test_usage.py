"""Token counts are the server's own, or there are none: nothing is guessed, nothing absurd kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from backends.asking import ANTHROPIC, BEDROCK, COHERE, GEMINI, OLLAMA, OPENAI, REPLICATE, Wire, ask
from backends.fault_server import FaultServer, Reply, body_of
from backends.fault_wires import Wire as Spelling
from streetrace_lsp.routing.events import Usage
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPELLED: dict[Wire, Spelling] = {
    OLLAMA: "ollama",
    OPENAI: "openai",
    ANTHROPIC: "anthropic",
    GEMINI: "gemini",
    COHERE: "cohere",
    BEDROCK: "converse",
}
every_wire = pytest.mark.parametrize("wire", SPELLED, ids=lambda wire: wire.name)
COUNTS = {
    *("usage", "usageMetadata", "prompt_eval_count", "eval_count"),
    *("inputTokens", "outputTokens", "totalTokens"),
}
AMAZON = "application/vnd.amazon.eventstream"


def without(content: Any) -> Any:
    """The same object with no count in it."""
    if isinstance(content, dict):
        return {key: without(value) for key, value in content.items() if key not in COUNTS}
    return [without(one) for one in content] if isinstance(content, list) else content


def silent(wire: Wire) -> Reply:
    """A good reply that says nothing of tokens."""
    if wire is BEDROCK:
        return Reply(usage=None)
    body = body_of(Reply(usage=None, reasoning=""), wire=SPELLED[wire])
    lines = []
    for line in body.decode().split("\n"):
        head = "data: " if line.startswith("data: {") else ""
        said = line.removeprefix(head)
        lines.append(head + json.dumps(without(json.loads(said))) if said[:1] == "{" else line)
    plain = wire in (OLLAMA, COHERE)
    kind = "application/x-ndjson" if plain else "text/event-stream"
    return Reply(body="\n".join(lines).encode(), content_type=kind)


async def counted(host: ModelHost, wire: Wire, server: FaultServer, reply: Reply) -> Usage | None:
    server.script(reply)
    found = await ask(host, wire, server)
    assert found.error is None, found.error.detail
    assert found.finished is not None
    assert found.text == "Hello, world."
    return found.finished.usage


@every_wire
async def test_what_the_server_counted(wire: Wire, host: ModelHost, server: FaultServer) -> None:
    assert await counted(host, wire, server, Reply()) == Usage(7, 5)


@every_wire
async def test_a_server_that_counts_nothing_is_not_counted_for(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    assert await counted(host, wire, server, silent(wire)) is None


async def test_replicate_says_nothing_of_tokens(host: ModelHost, server: FaultServer) -> None:
    server.default = Reply()
    found = await ask(host, REPLICATE, server)
    assert found.finished is not None
    assert found.finished.usage is None


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA, BEDROCK], ids=lambda wire: wire.name)
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ((7, -5), Usage(7, None)),
        ((-1, 5), Usage(None, 5)),
        ((0, 5), Usage(None, 5)),
        ((7, 0), Usage(7, None)),
        ((0, 0), None),
        ((7, 10**30), Usage(7, None)),
    ],
    ids=str,
)
async def test_a_count_that_cannot_be_is_none(
    wire: Wire,
    said: tuple[int, int],
    kept: Usage | None,
    host: ModelHost,
    server: FaultServer,
) -> None:
    assert await counted(host, wire, server, Reply(usage=said)) == kept


def openai(prompt: Any, completion: Any) -> Reply:
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt}
    frame = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "demo"}
    said = f"data: {json.dumps({**frame, 'choices': [], 'usage': usage})}\n\ndata: [DONE]\n\n"
    body = body_of(Reply(usage=None)).removesuffix(b"data: [DONE]\n\n") + said.encode()
    return Reply(body=body, content_type="text/event-stream")


def ollama(prompt: Any, completion: Any) -> Reply:
    last = {"message": {"role": "assistant", "content": "Hello, world."}, "done": True}
    last |= {"done_reason": "stop", "prompt_eval_count": prompt, "eval_count": completion}
    return Reply(body=json.dumps(last).encode() + b"\n", content_type="application/x-ndjson")


@pytest.mark.parametrize(
    ("wire", "spell"),
    [(OPENAI, openai), (OLLAMA, ollama)],
    ids=["openai", "ollama"],
)
@pytest.mark.parametrize("wrong", [7.5, "7", "many", True, None, [7], {"n": 7}], ids=repr)
async def test_a_count_that_is_no_number_of_tokens_is_none(
    wire: Wire,
    spell: Callable[[Any, Any], Reply],
    wrong: Any,
    host: ModelHost,
    server: FaultServer,
) -> None:
    assert await counted(host, wire, server, spell(7, wrong)) == Usage(7, None)
    assert await counted(host, wire, server, spell(wrong, wrong)) is None


async def test_an_empty_answer_may_have_no_tokens(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(text="", usage=(7, 0)))
    found = await ask(host, OPENAI, server)
    assert found.finished is not None
    assert found.finished.usage == Usage(7, 0)
