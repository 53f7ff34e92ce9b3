"""How a reply may end otherwise than well: too long, declined, empty."""

from __future__ import annotations

import pytest

from backends.asking import ANTHROPIC, BEDROCK, COHERE, GEMINI, OPENAI, WIRES, Answer, Wire, ask
from backends.fault_server import EMPTY, FaultServer, Reply
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")
every_wire = pytest.mark.parametrize("wire", [*WIRES, BEDROCK], ids=lambda wire: wire.name)


def kind_of(found: Answer) -> str:
    """The kind of the error, once it names the backend and what to do next."""
    assert found.error is not None
    assert "mine" in found.error.message
    assert found.error.next_step
    return found.error.kind


@every_wire
async def test_an_answer_over_4_mib_is_cut(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="x" * (5 << 20), chunk=1 << 16))
    found = await ask(host, wire, server)
    assert found.finished is None
    assert len(found.text) <= 4 << 20
    assert kind_of(found) == "too_large"
    await server.until(lambda: server.connections[0].closed)


async def test_a_frame_that_never_ends_is_cut(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(raw_after=(0, b"data: " + b"x" * (9 << 20))))
    found = await ask(host, OPENAI, server)
    assert kind_of(found) == "too_large"


# How each wire says that the model declined, or that a filter stopped it. Ollama has no word for
# either: there it is an answer like any other.
DECLINED = [
    (OPENAI, "content_filter"),
    (ANTHROPIC, "refusal"),
    (GEMINI, "SAFETY"),
    (GEMINI, "PROHIBITED_CONTENT"),
    (COHERE, "ERROR_TOXIC"),
    (BEDROCK, "content_filtered"),
    (BEDROCK, "guardrail_intervened"),
]


@pytest.mark.parametrize(
    ("wire", "word"), DECLINED, ids=[f"{wire.name}-{word}" for wire, word in DECLINED]
)
async def test_a_declined_answer_ends_as_one(
    wire: Wire, word: str, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(finish=word))
    found = await ask(host, wire, server)
    assert found.error is None
    assert found.finished is not None
    assert found.finished.reason in {"content_filter", "refusal"}


@every_wire
async def test_an_empty_answer_is_empty_and_ended(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(EMPTY)
    found = await ask(host, wire, server)
    assert (found.error, found.text) == (None, "")
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("stop", True)
