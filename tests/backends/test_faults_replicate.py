"""Replicate is asked again and again instead of streamed: the faults that it can show so."""

from __future__ import annotations

import asyncio

import pytest

from backends.asking import REPLICATE, answer, ask, call, target
from backends.fault_server import HTML, FaultServer, Reply
from backends.test_faults import STATUSES, said
from streetrace_lsp.routing import call as calling
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = [{"role": "user", "content": "What does f do?"}]


@pytest.mark.parametrize("name", STATUSES)
async def test_a_status_is_explained(name: str, host: ModelHost, server: FaultServer) -> None:
    reply, kind, word = STATUSES[name]
    server.script(reply)
    error = said((await ask(host, REPLICATE, server)).error)
    assert error.kind == kind
    assert word.replace('demo"', 'meta/demo"') in error.sentence
    assert len(server.requests) == 1


# What is found when it is asked what became of the prediction.
LATER = {
    "web page": (HTML, "malformed"),
    "no UTF-8": (Reply(body=b'{"id": "p1", "output": "\xff"}'), "malformed"),
    "no JSON": (Reply(body=b'{"id": "p1", "out'), "malformed"),
    "nothing": (Reply(body=b""), "malformed"),
    "cut": (Reply(cut_after=40), "cut"),
    "canceled": (Reply(finish=None), "cut"),
    "failed": (Reply(stream_error="the graphics card fell out"), "server"),
    "over 4 MiB": (Reply(text="x" * (6 << 20), chunk=1 << 16), "too_large"),
}


@pytest.mark.parametrize("name", LATER)
async def test_a_prediction_that_comes_to_nothing_is_no_answer(
    name: str, host: ModelHost, server: FaultServer
) -> None:
    reply, kind = LATER[name]
    server.script(Reply())
    server.default = reply
    found = await ask(host, REPLICATE, server)
    assert found.finished is None
    error = said(found.error)
    assert error.kind == kind, error.sentence
    if name == "failed":
        assert "the graphics card fell out" in error.sentence


async def test_a_prediction_that_never_begins_is_given_up(
    host: ModelHost, server: FaultServer
) -> None:
    await ask(host, REPLICATE, server)
    server.requests.clear()
    server.script(Reply(hold_after=0))
    asked = target(REPLICATE, server, timeout_first=0.3)
    found = await answer(calling.reply(host, asked, QUESTION))
    assert said(found.error).kind == "timeout_first"
    await server.until(lambda: server.connections[-1].closed)


@pytest.mark.parametrize("looks", [0, 1])
async def test_cancelling_closes_the_connection(
    looks: int, host: ModelHost, server: FaultServer
) -> None:
    server.default = Reply(hold_after=looks)

    async def consume() -> None:
        async for _ in host.stream(call(REPLICATE, server)):
            pass

    task = asyncio.create_task(consume())
    await server.until(lambda: server.held)
    task.cancel()
    await server.until(lambda: all(one.closed for one in server.connections))
    assert {one.closed_by for one in server.connections} == {"client"}
    with pytest.raises(asyncio.CancelledError):
        await task
