"""A model host that does not heed a cancel: nothing goes on being paid for in its name."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from backends.asking import OLLAMA, ask, call
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.child import _MOMENT, Child
from streetrace_lsp.routing.events import BackendError, Text
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't stop a process this way")
async def test_a_host_that_is_stopped_is_ended_after_a_cancel(server: FaultServer) -> None:
    log: list[str] = []
    host = ModelHost(log=log.append)
    try:
        server.default = Reply(hold_after=1)
        stream, other = host.stream(call(OLLAMA, server)), host.stream(call(OLLAMA, server))
        assert await anext(stream) == await anext(other) == Text("Hell")
        assert host.pid is not None
        os.kill(host.pid, signal.SIGSTOP)
        await stream.aclose()
        with pytest.raises(BackendError) as failed:
            await anext(other)
        assert failed.value.kind == "crashed"
        await server.until(lambda: all(c.closed for c in server.connections))
        assert any("did not answer" in line for line in log)
        server.default = Reply()
        assert (await ask(host, OLLAMA, server)).error is None
    finally:
        await host.close()


async def test_a_host_that_heeds_is_left_alone(host: ModelHost, server: FaultServer) -> None:
    server.default = Reply(hold_after=1)
    stream = host.stream(call(OLLAMA, server))
    await anext(stream)
    before = host.pid
    await stream.aclose()
    child = host._child
    assert child is not None
    async with asyncio.timeout(10):
        await child.heeded()
    server.default = Reply()
    assert (await ask(host, OLLAMA, server)).error is None
    assert host.pid == before


async def test_a_cancel_that_crosses_the_last_frame_is_heeded(server: FaultServer) -> None:
    child = await Child.start(lambda _: None)
    try:
        with child.exchange(1) as exchange:
            exchange.send({"op": "chat", **call(OLLAMA, server).frame()})
            while (await exchange.receive())["ev"] != "finished":
                pass
        async with asyncio.timeout(10):
            await child.heeded()
        assert child.alive
    finally:
        await child.close()


async def test_a_host_that_imports_a_library_still_answers() -> None:
    child = await Child.start(lambda _: None)
    try:
        with child.exchange(1) as warming, child.exchange(2) as asking:
            # Takes seconds, in which the child's loop stands still.
            warming.send({"op": "prewarm", "adapter": "litellm"})
            asking.send({"op": "ping"})
            assert (await asking.receive())["ev"] == "pong"
            assert warming._frames.empty()
            asking.finished = True
            assert (await warming.receive())["ev"] == "warm"
            warming.finished = True
    finally:
        await child.close()


async def test_what_came_while_this_process_stood_still_is_read_first() -> None:
    child = await Child.start(lambda _: None)
    loop = asyncio.get_running_loop()
    try:
        child._unheeded.add(7)
        heard = child._heard
        # Timers that ended long ago, and what has waited in the pipe.
        child._give_up(7)
        child._end_if_silent(heard)
        child._took({"ev": "cancelled", "id": 7})
        decided = loop.create_future()
        loop.call_later(2 * _MOMENT, decided.set_result, None)
        await decided
        assert child.alive
    finally:
        await child.close()


async def test_a_request_right_after_an_end_gets_a_new_host(server: FaultServer) -> None:
    host = ModelHost(log=lambda _: None)
    try:
        assert (await ask(host, OLLAMA, server)).error is None
        before, child = host.pid, host._child
        assert child is not None
        child._kill("a test says so")
        assert (await ask(host, OLLAMA, server)).error is None
        assert host.pid not in (None, before)
    finally:
        await host.close()


async def test_a_host_that_is_stuck_is_ended_once_nobody_else_waits_for_it(
    server: FaultServer,
) -> None:
    log: list[str] = []
    child = await Child.start(log.append)
    try:
        # A cancel that is never answered, which the child of today always does.
        child._unheeded.add(7)
        with child.exchange(1) as exchange:
            child._give_up(7)
            exchange.send({"op": "chat", **call(OLLAMA, server).frame()})
            while (await exchange.receive())["ev"] != "finished":
                pass
            exchange.finished = True
            assert child.alive
        await asyncio.gather(*child._tasks)
        assert not child.alive
        assert any("was cancelled" in line for line in log)
    finally:
        await child.close()
