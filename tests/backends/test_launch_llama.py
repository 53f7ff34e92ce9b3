"""`launch` with a real llama-server: an account-free default, from the first need to the end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from backends.births import Log
from backends.llama import launch_command, literal_grammar
from editors.tiny_model import write_tiny_model
from streetrace_lsp.config.backend import Backend
from streetrace_lsp.routing.events import BackendError, Text
from streetrace_lsp.routing.host import ChatCall, ModelHost
from streetrace_lsp.routing.launch import LocalServers, StartError
from streetrace_lsp.routing.origins import parse_address

pytestmark = [pytest.mark.llama, pytest.mark.asyncio(loop_scope="session")]

ANSWER = "def greet() -> None: ...\n"


def ignore(_: str) -> None:
    """What nobody wants to hear."""


@pytest.fixture
def log() -> Log:
    return Log()


@pytest_asyncio.fixture(loop_scope="session")
async def servers(log: Log) -> AsyncIterator[LocalServers]:
    running = LocalServers(log=log)
    yield running
    await running.close()


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    model = write_tiny_model(tmp_path / "tiny.gguf")
    return llama(model_path=str(model))


def llama(*more: str, **fields: Any) -> Backend:
    return Backend(**{"provider": "openai", "launch": [*launch_command(), *more], **fields})


async def answer(host: ModelHost, url: str, grammar: str = "") -> str:
    origin = parse_address(url).origin
    call = ChatCall(
        backend="local",
        provider="openai",
        model="tiny",
        adapter="litellm",
        messages=[{"role": "user", "content": "Write it."}],
        api_base=url,
        origins=((origin.host, origin.port),),
        extra_body={"grammar": grammar or literal_grammar(ANSWER)},
        local=True,
    )
    return "".join([event.text async for event in host.stream(call) if isinstance(event, Text)])


async def test_it_starts_answers_and_ends_with_the_session(
    servers: LocalServers, backend: Backend, host: ModelHost
) -> None:
    lines: list[str] = []
    url = await servers.ensure("local", backend, lines.append)
    assert await answer(host, url) == ANSWER
    assert lines[0] == "Starting local …"

    pid = servers.running["local"]
    await servers.close()
    # Gone and waited for: no zombie has this number.
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_crash_in_the_middle_of_an_answer_is_mended_at_the_next_need(
    servers: LocalServers, backend: Backend, host: ModelHost, log: Log
) -> None:
    url = await servers.ensure("local", backend, ignore)
    endless = asyncio.create_task(answer(host, url, "root ::= [a-z] root"))
    # Its first answer of the same kind is whole, so the endless one is under way.
    assert await answer(host, url) == ANSWER
    os.kill(servers.running["local"], 9)
    with pytest.raises(BackendError):
        await endless
    await log.until("local was ended by signal 9")

    assert await answer(host, await servers.ensure("local", backend, ignore)) == ANSWER


async def test_a_file_that_is_no_model_is_called_so(servers: LocalServers, tmp_path: Path) -> None:
    model = tmp_path / "broken.gguf"
    model.write_bytes(b"not a model")
    with pytest.raises(StartError) as failed:
        await servers.ensure("local", llama(model_path=str(model)), ignore)
    assert "before it was ready. The model's files" in failed.value.message
    assert "model_path" in failed.value.next_step


async def test_an_argument_that_it_does_not_know_is_called_so(
    servers: LocalServers, backend: Backend
) -> None:
    mistaken = llama("--no-such-argument", model_path=backend.model_path)
    with pytest.raises(StartError) as failed:
        await servers.ensure("local", mistaken, ignore)
    assert "does not know one of its arguments" in failed.value.message
