"""The child dies, or its server does: one clear failure, nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import pytest

from backends.asking import OLLAMA, OPENAI, ask, call
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.events import BackendError, Text
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")


def kill(host: ModelHost) -> int:
    assert host.pid is not None
    pid = host.pid
    os.kill(pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    return pid


async def test_every_request_in_flight_fails_once_and_the_next_one_works(
    own_host: ModelHost, server: FaultServer
) -> None:
    server.default = Reply(text="some text", chunk=4, hold_after=1)
    streams = [own_host.stream(call(OLLAMA, server)) for _ in range(3)]
    for stream in streams:
        assert await anext(stream) == Text("some")
    first = kill(own_host)
    for stream in streams:
        with pytest.raises(BackendError) as failed:
            await anext(stream)
        assert failed.value.kind == "crashed"
        assert "mine" in failed.value.message
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
    server.default = Reply()
    found = await ask(own_host, OLLAMA, server)
    assert found.error is None
    assert own_host.pid != first


async def test_a_restart_is_told(server: FaultServer) -> None:
    told: list[str] = []
    host = ModelHost(log=lambda _: None, on_restart=lambda: told.append("again"))
    try:
        await ask(host, OLLAMA, server)
        assert told == []
        server.script(Reply(hold_after=1))
        stream = host.stream(call(OLLAMA, server))
        await anext(stream)
        kill(host)
        with pytest.raises(BackendError):
            await anext(stream)
        await ask(host, OLLAMA, server)
        assert told == ["again"]
    finally:
        await host.close()


async def test_closing_ends_the_child_and_its_connections(
    own_host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(hold_after=1))
    stream = own_host.stream(call(OLLAMA, server))
    await anext(stream)
    pid = own_host.pid
    assert pid is not None
    await own_host.close()
    with pytest.raises(BackendError) as failed:
        await anext(stream)
    assert failed.value.kind == "crashed"
    # Gone and waited for: no zombie has this number.
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await server.until(lambda: server.connections[0].closed)


async def test_a_request_after_closing_fails_clearly(
    own_host: ModelHost, server: FaultServer
) -> None:
    await own_host.close()
    found = await ask(own_host, OLLAMA, server)
    assert found.error is not None
    assert found.error.kind == "crashed"


# Starts a request, then perhaps an import that takes seconds, and waits to be killed.
PARENT = """
import asyncio
from streetrace_lsp.routing.host import ChatCall, ModelHost

async def main():
    host = ModelHost(log=lambda line: None)
    stream = host.stream(ChatCall(
        backend="mine", provider="ollama", model="demo", adapter="ollama", messages=[],
        api_base="http://127.0.0.1:{port}", origins=(("127.0.0.1", {port}),),
    ))
    await anext(stream)
    warming = asyncio.create_task(host.prewarm("{adapter}"))
    await asyncio.sleep(0)
    print("running", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("adapter", ["ollama", "litellm"], ids=["idle", "while importing LiteLLM"])
async def test_no_child_outlives_a_server_that_was_killed(
    adapter: str, server: FaultServer
) -> None:
    server.script(Reply(hold_after=1))
    script = PARENT.format(port=server.port, adapter=adapter)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    assert await parent.stdout.readline()
    parent.kill()
    killed = time.monotonic()
    # The child's connection closes when the child ends, and not before: the reply is held.
    await server.until(lambda: server.connections[0].closed)
    closed = server.connections[0].closed
    assert closed is not None
    assert closed - killed < 5
    await parent.communicate()


async def test_what_a_library_prints_does_not_disturb_the_pipe(
    host: ModelHost, server: FaultServer
) -> None:
    """LiteLLM prints help on standard output when a call fails."""
    server.script(Reply(status=500))
    await ask(host, OPENAI, server)
    assert (await ask(host, OPENAI, server)).error is None
