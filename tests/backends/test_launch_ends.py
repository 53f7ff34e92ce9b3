"""`launch`: how a server that was started ends, whatever happens to us or to it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio

from backends.births import Births, Log, Process
from backends.test_launch import SERVER, ignore, launching
from streetrace_lsp.routing.launch import CRASHES_IN_A_ROW, LocalServers, StartError


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture
async def births() -> AsyncIterator[Births]:
    async with Births() as running:
        yield running


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def servers(log: Log, clock: Clock) -> AsyncIterator[LocalServers]:
    running = LocalServers(log=log, clock=clock)
    yield running
    await running.close()


async def crash(process: Process, log: Log, text: str = "Killed") -> None:
    """Crashes a ready server, and waits until its crash is known."""
    ended = sum("ended with exit code 7" in line for line in log)
    reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
    writer.write(f"GET /crash?{quote(text)} HTTP/1.1\r\n\r\n".encode())
    assert await reader.read() == b""
    writer.close()
    await process.death()
    await log.until("ended with exit code 7", ended + 1)


async def test_closing_ends_it_and_what_it_started(servers: LocalServers, births: Births) -> None:
    await servers.ensure("local", launching(births, "--worker", "--stubborn"), ignore)
    processes = [await births.next(), await births.next()]
    await servers.close()
    for process in processes:
        await process.death()
    assert servers.running == {}
    with pytest.raises(StartError, match="the session is ending"):
        await servers.ensure("local", launching(births), ignore)


async def test_closing_ends_a_start(servers: LocalServers, births: Births) -> None:
    backend = launching(births, "--never-ready")
    waiting = asyncio.create_task(servers.ensure("local", backend, ignore))
    process = await births.next()
    await servers.close()
    with pytest.raises(StartError, match="was stopped"):
        await waiting
    await process.death()


async def test_a_cancelled_start_is_given_up(servers: LocalServers, births: Births) -> None:
    backend = launching(births, "--never-ready")
    waiting = asyncio.create_task(servers.ensure("local", backend, ignore))
    process = await births.next()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await process.death()


async def test_a_start_that_somebody_else_waits_for_goes_on(
    servers: LocalServers, births: Births
) -> None:
    backend = launching(births, "--gate")
    first = asyncio.create_task(servers.ensure("local", backend, ignore))
    process = await births.next()
    second = asyncio.create_task(servers.ensure("local", backend, ignore))
    # Until it waits as well.
    await asyncio.sleep(0)
    first.cancel()
    process.let_go()
    assert await second == f"http://127.0.0.1:{process.port}/v1"
    assert first.cancelled()


async def test_a_need_right_after_a_cancelled_start_starts_anew(
    servers: LocalServers, births: Births
) -> None:
    backend = launching(births, "--gate")
    first = asyncio.create_task(servers.ensure("local", backend, ignore))
    given_up = await births.next()
    first.cancel()
    second = asyncio.create_task(servers.ensure("local", backend, ignore))
    await given_up.death()
    process = await births.next()
    process.let_go()
    assert await second == f"http://127.0.0.1:{process.port}/v1"


async def test_other_settings_replace_it(servers: LocalServers, births: Births) -> None:
    first = await servers.ensure("local", launching(births), ignore)
    old = await births.next()
    second = await servers.ensure("local", launching(births, "--", "other"), ignore)
    await old.death()
    assert first != second
    assert list(servers.running.values()) == [(await births.next()).pid]


async def test_a_crash_is_told_and_mended_at_the_next_need(
    servers: LocalServers, births: Births, log: Log
) -> None:
    backend = launching(births)
    first = await servers.ensure("local", backend, ignore)
    await crash(await births.next(), log)
    lines: list[str] = []
    second = await servers.ensure("local", backend, lines.append)
    assert first != second
    assert lines[:2] == [
        "local ended with exit code 7 and is started again.",
        "Starting local …",
    ]


async def test_a_server_that_goes_on_crashing_is_left_alone(
    servers: LocalServers, births: Births, log: Log, clock: Clock
) -> None:
    backend = launching(births)
    for _ in range(1 + CRASHES_IN_A_ROW):
        await servers.ensure("local", backend, ignore)
        await crash(await births.next(), log, "torch.OutOfMemoryError: my secret source")
    for _ in range(2):
        with pytest.raises(StartError) as refused:
            await servers.ensure("local", backend, ignore)
        assert "ended with exit code 7, 4 times in a row" in refused.value.message
        assert "gpu_memory_utilization" in refused.value.next_step
    assert births.count == 4
    clock.now += 60
    await servers.ensure("local", backend, ignore)


async def test_what_it_printed_while_it_served_is_not_shown(
    servers: LocalServers, births: Births, log: Log
) -> None:
    backend = launching(births)
    for _ in range(1 + CRASHES_IN_A_ROW):
        await servers.ensure("local", backend, ignore)
        await crash(await births.next(), log, "error: request: def my_secret_source()")
    with pytest.raises(StartError) as refused:
        await servers.ensure("local", backend, ignore)
    error = refused.value
    assert "my_secret_source" not in f"{error.sentence} {error.detail} {log}"


async def test_a_crash_now_and_then_does_not_count(
    servers: LocalServers, births: Births, log: Log, clock: Clock
) -> None:
    backend = launching(births)
    for _ in range(2 + CRASHES_IN_A_ROW):
        await servers.ensure("local", backend, ignore)
        clock.now += 60
        await crash(await births.next(), log)
    await servers.ensure("local", backend, ignore)


# Starts a server and waits to be killed.
PARENT = """
import asyncio, sys
from streetrace_lsp.config.backend import Backend
from streetrace_lsp.routing.launch import LocalServers

async def main():
    servers = LocalServers(log=lambda line: None)
    backend = Backend(provider="openai", launch=sys.argv[1:])
    await servers.ensure("local", backend, lambda line: None)
    print("running", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def parent(births: Births, *arguments: str) -> asyncio.subprocess.Process:
    words = (str(SERVER), "--port", "{port}", "--announce", str(births.port), *arguments)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, sys.executable, *words), stdout=asyncio.subprocess.PIPE
    )


@pytest.mark.parametrize("stubborn", [(), ("--stubborn",)], ids=["obedient", "ignores SIGTERM"])
async def test_nothing_outlives_a_server_that_was_killed(
    stubborn: tuple[str, ...], births: Births
) -> None:
    ours = await parent(births, "--worker", *stubborn)
    assert ours.stdout is not None
    assert await ours.stdout.readline()
    processes = [await births.next(), await births.next()]
    ours.kill()
    for process in processes:
        await process.death()
    await ours.communicate()


async def test_nothing_outlives_a_server_that_was_killed_while_it_started_one(
    births: Births,
) -> None:
    ours = await parent(births, "--never-ready")
    process = await births.next()
    ours.kill()
    await process.death()
    await ours.communicate()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=lambda how: how.name)
async def test_it_ends_with_its_supervisor_and_is_started_again(
    how: signal.Signals, servers: LocalServers, births: Births, log: Log
) -> None:
    backend = launching(births, "--worker")
    await servers.ensure("local", backend, ignore)
    processes = [await births.next(), await births.next()]
    supervisor = next(p.parent for p in processes if p.pid == servers.running["local"])
    os.kill(supervisor, how)
    for process in processes:
        await process.death()
    await log.until("local was ended")
    await servers.ensure("local", backend, ignore)
    assert births.count >= 3
