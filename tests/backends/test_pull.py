"""Ollama fetches a model: progress, failures and cancelling, through the real model host."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from backends.asking import OLLAMA
from backends.asking import target as target_on
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing import listing
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.listing import Pulling
from streetrace_lsp.routing.targets import Target

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def collect(host: ModelHost, target: Target) -> list[Pulling]:
    async with aclosing(listing.pull(host, target)) as parts:
        return [part async for part in parts]


async def test_a_pull_tells_its_progress(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(text="x" * 8, chunk=4))
    parts = await collect(host, target_on(OLLAMA, server))
    assert parts == [
        Pulling("pulling manifest"),
        Pulling("pulling abc123", 4, 8),
        Pulling("pulling abc123", 8, 8),
        Pulling("verifying sha256 digest"),
        Pulling("success"),
    ]
    assert server.requests[0].json["model"] == "demo"
    assert server.requests[0].json["stream"] is True


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply(stream_error="pull model manifest: file does not exist"), "not_found", "library"),
        (Reply(stream_error="max retries exceeded"), "server", "max retries exceeded"),
        (Reply(finish=None), "cut", "cut off"),
        (Reply(cut_after=30), "cut", "cut off"),
    ],
    ids=["no such model", "an error inside", "no success", "cut"],
)
async def test_a_pull_that_fails_says_why(
    host: ModelHost, server: FaultServer, reply: Reply, kind: str, words: str
) -> None:
    server.script(reply)
    with pytest.raises(BackendError) as caught:
        await collect(host, target_on(OLLAMA, server))
    assert caught.value.kind == kind
    assert words in caught.value.sentence


async def test_cancelling_a_pull_closes_the_connection(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="x" * 8, chunk=4, hold_after=1))
    pulling = asyncio.create_task(collect(host, target_on(OLLAMA, server)))
    await server.until(lambda: server.held == 1)
    pulling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pulling
    await server.until(lambda: server.connections[0].closed is not None)
    assert server.connections[0].closed_by == "client"
