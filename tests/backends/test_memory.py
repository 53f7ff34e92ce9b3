"""A model host that has grown too large is replaced between two requests, never under one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from backends.asking import OLLAMA, OPENAI, ask, call
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.events import Finished
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What LiteLLM alone needs is more; what Ollama's client needs is less.
SMALL = 128
HOLDING = Reply(text="one two three four", chunk=4, hold_after=1)


@pytest.fixture
def logged() -> list[str]:
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def small(logged: list[str]) -> AsyncIterator[ModelHost]:
    """A host that may hold little."""
    running = ModelHost(log=logged.append, memory=SMALL)
    yield running
    await running.close()


async def test_it_is_replaced_after_a_reply_and_made_ready(
    small: ModelHost, server: FaultServer, logged: list[str]
) -> None:
    assert (await ask(small, OPENAI, server)).error is None
    (told,) = [line for line in logged if "replaced" in line]
    assert f"and {SMALL} are allowed" in told
    assert small.pid is None
    assert (await ask(small, OPENAI, server)).error is None
    assert len(server.requests) == 2


async def test_one_that_is_small_enough_stays(small: ModelHost, server: FaultServer) -> None:
    assert (await ask(small, OLLAMA, server)).error is None
    first = small.pid
    assert (await ask(small, OLLAMA, server)).error is None
    assert small.pid == first is not None


async def test_the_old_one_ends_what_it_has_begun_and_the_new_one_serves_what_comes(
    small: ModelHost, server: FaultServer
) -> None:
    await small.prewarm("litellm")
    old = small.pid
    server.script(HOLDING)
    events = small.stream(call(OPENAI, server))
    first = await anext(events)
    # Another request comes and goes, after which the child is too large.
    assert (await ask(small, OPENAI, server)).error is None
    small.limit(None)
    assert (await ask(small, OLLAMA, server)).error is None
    assert small.pid not in (None, old)
    server.release()
    rest = [event async for event in events]
    assert isinstance(rest[-1], Finished)
    text = "".join(getattr(event, "text", "") for event in (first, *rest))
    assert text == "one two three four"


async def test_the_old_one_is_gone_when_it_has_ended(small: ModelHost, server: FaultServer) -> None:
    await small.prewarm("litellm")
    server.script(HOLDING)
    events = small.stream(call(OPENAI, server))
    await anext(events)
    assert (await ask(small, OPENAI, server)).error is None
    # The last one in the old process lets go of its connection, and then the process ends.
    connection = server.connections[0]
    await events.aclose()
    await server.until(lambda: connection.closed)


async def test_closing_ends_the_old_one_too(server: FaultServer) -> None:
    host = ModelHost(log=lambda _: None, memory=SMALL)
    await host.prewarm("litellm")
    server.script(HOLDING)
    events = host.stream(call(OPENAI, server))
    await anext(events)
    assert (await ask(host, OPENAI, server)).error is None
    await asyncio.wait_for(host.close(), 10)
    await server.until(lambda: all(one.closed for one in server.connections))
    with pytest.raises(Exception, match="model host"):
        await anext(events)


async def test_enough_memory_is_the_rule(host: ModelHost, server: FaultServer) -> None:
    assert host.memory == 1024
    first = host.pid
    assert (await ask(host, OPENAI, server)).error is None
    assert host.pid == first
