"""Whoever stops listening stops the upstream connection, at once."""

from __future__ import annotations

import asyncio
import time

import pytest

from backends.asking import ANTHROPIC, BEDROCK, OLLAMA, OPENAI, WIRES, Wire, ask, call
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.events import Text
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

# The bound that users are promised; a machine under load gets the benefit of three of them.
PROMISED = 0.25
BOUND = 3 * PROMISED


def closed(server: FaultServer) -> bool:
    return bool(server.connections) and all(c.closed for c in server.connections)


async def consume(host: ModelHost, wire: Wire, server: FaultServer) -> None:
    async for _ in host.stream(call(wire, server)):
        pass


@pytest.mark.parametrize("wire", [*WIRES, BEDROCK], ids=lambda wire: wire.name)
@pytest.mark.parametrize("held_after", [0, 2], ids=["before the first byte", "mid-stream"])
async def test_cancelling_the_task_closes_the_connection(
    wire: Wire, held_after: int, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="a" * 80, hold_after=held_after))
    task = asyncio.create_task(consume(host, wire, server))
    await server.until(lambda: server.held)
    cancelled = time.monotonic()
    task.cancel()
    await server.until(lambda: closed(server))
    (connection,) = server.connections
    assert connection.closed_by == "client"
    assert connection.closed is not None
    assert connection.closed - cancelled < BOUND
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("wire", [OLLAMA, OPENAI, ANTHROPIC, BEDROCK], ids=lambda wire: wire.name)
async def test_closing_the_stream_closes_the_connection(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="a" * 80, hold_after=3))
    stream = host.stream(call(wire, server))
    assert isinstance(await anext(stream), Text)
    await stream.aclose()
    await server.until(lambda: closed(server))
    assert server.connections[0].closed_by == "client"


@pytest.mark.parametrize("wire", [OLLAMA, OPENAI, ANTHROPIC, BEDROCK], ids=lambda wire: wire.name)
async def test_a_flood_that_never_pauses_can_be_cancelled(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="a" * 400_000, chunk=4))
    stream = host.stream(call(wire, server))
    assert isinstance(await anext(stream), Text)
    await stream.aclose()
    await server.until(lambda: closed(server))
    assert server.connections[0].closed_by == "client"
    assert server.chunks_sent < 100_000


async def test_the_host_serves_on_after_a_cancel(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(hold_after=1))
    stream = host.stream(call(OPENAI, server))
    await anext(stream)
    await stream.aclose()
    answer = await ask(host, OPENAI, server)
    assert answer.finished is not None


async def test_cancelling_one_request_leaves_the_other(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="first half, second half", hold_after=1), Reply(hold_after=1))
    kept = host.stream(call(OPENAI, server))
    await anext(kept)
    dropped = host.stream(call(OPENAI, server))
    await anext(dropped)
    await dropped.aclose()
    await server.until(lambda: any(c.closed for c in server.connections))
    server.release()
    rest = [event async for event in kept]
    assert rest[-1].reason == "stop"
