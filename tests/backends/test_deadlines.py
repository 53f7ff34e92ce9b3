"""How long a reply may take, and what is tried again."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from backends.asking import (
    BEDROCK,
    KEY,
    OLLAMA,
    OPENAI,
    WIRES,
    LeastWait,
    Wire,
    answer,
    target,
)
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing import call
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.origins import Origin

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = [{"role": "user", "content": "What does f do?"}]
SOON = 0.3
every_wire = pytest.mark.parametrize("wire", [*WIRES, BEDROCK], ids=lambda wire: wire.name)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "_JITTER", LeastWait())


@every_wire
@pytest.mark.parametrize(
    ("option", "held_after", "kind"),
    [
        ("timeout_first", 0, "timeout_first"),
        ("timeout_idle", 2, "timeout_idle"),
        ("timeout_total", 2, "timeout_total"),
    ],
)
async def test_the_deadline_that_passed_is_named_and_the_connection_closed(
    wire: Wire, option: str, held_after: int, kind: str, host: ModelHost, server: FaultServer
) -> None:
    # The first call of a wire takes longer than the deadline here.
    await answer(call.reply(host, target(wire, server), QUESTION))
    server.script(Reply(hold_after=held_after))
    asked = target(wire, server, **{option: SOON})
    found = await answer(call.reply(host, asked, QUESTION))
    assert found.error is not None
    assert found.error.kind == kind
    assert "mine" in found.error.message
    assert f"{SOON:g} seconds" in found.error.message
    assert found.error.next_step
    await server.until(lambda: server.connections[-1].closed)
    assert len(server.requests) == 2


async def test_a_slow_reply_that_goes_on_is_not_idle(host: ModelHost, server: FaultServer) -> None:
    # Longer in all than the idle deadline, but never silent that long.
    server.script(Reply(text="x" * 40, chunk=1, rate=40))
    found = await answer(call.reply(host, target(OLLAMA, server, timeout_idle=0.5), QUESTION))
    assert found.error is None
    assert found.text == "x" * 40


@every_wire
@pytest.mark.parametrize("status", [429, 500, 503, 529])
async def test_two_retries_are_made_and_told(
    wire: Wire, status: int, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(status=status), Reply(status=status), Reply(text="at last"))
    told: list[str] = []
    found = await answer(call.reply(host, target(wire, server), QUESTION, on_retry=told.append))
    assert found.text == "at last"
    assert len(server.requests) == 3
    assert len(told) == 2
    assert all("mine" in line and "again" in line for line in told)


@pytest.mark.parametrize("status", [429, 500])
async def test_the_third_failure_is_final(
    status: int, host: ModelHost, server: FaultServer
) -> None:
    server.default = Reply(status=status)
    found = await answer(call.reply(host, target(OPENAI, server), QUESTION))
    assert found.error is not None
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401),
        Reply(status=404),
        Reply(status=400),
        Reply(finish=None),
        Reply(status=429, headers={"Retry-After": "31"}),
    ],
    ids=["auth", "not found", "bad request", "cut", "asked to wait too long"],
)
async def test_what_would_fail_again_is_not_tried_again(
    reply: Reply, host: ModelHost, server: FaultServer
) -> None:
    server.script(reply)
    found = await answer(call.reply(host, target(OPENAI, server), QUESTION))
    assert found.error is not None
    assert len(server.requests) == 1


async def test_a_failure_after_the_first_text_is_not_tried_again(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(stream_error="overloaded"))
    found = await answer(call.reply(host, target(OLLAMA, server), QUESTION))
    assert found.text
    assert found.error is not None
    assert len(server.requests) == 1


async def test_waiting_for_a_retry_can_be_cancelled(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(status=429, headers={"Retry-After": "30"}))
    waiting = asyncio.Event()

    async def told(_: str) -> None:
        waiting.set()
        await asyncio.Event().wait()

    stream = call.reply(host, target(OPENAI, server), QUESTION, on_retry=told)
    task = asyncio.ensure_future(answer(stream))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.requests) == 1


async def test_an_async_listener_is_awaited_and_a_secret_is_not_told(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(status=500, message="broken by {key}"), Reply())
    told: list[str] = []

    async def on_retry(line: str) -> None:
        told.append(line)

    found = await answer(call.reply(host, target(OPENAI, server), QUESTION, on_retry=on_retry))
    assert found.error is None
    assert KEY not in told[0]


async def test_dns_is_tried_once_more(host: ModelHost, server: FaultServer) -> None:
    asked = dataclasses.replace(
        target(OLLAMA, server),
        api_base="http://models.invalid",
        origins=(Origin("http", "models.invalid", 80),),
    )
    told: list[str] = []
    with pytest.raises(BackendError) as failed:
        async for _ in call.reply(host, asked, QUESTION, on_retry=told.append):
            pass
    assert failed.value.kind == "dns"
    assert len(told) == 1
