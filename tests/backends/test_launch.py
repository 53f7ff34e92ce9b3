"""`launch`: a local server started when it is first needed, and what goes wrong with it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import pytest_asyncio

from backends.births import Births, Log
from streetrace_lsp.config.backend import Backend
from streetrace_lsp.routing.launch import LocalServers, StartError

SERVER = Path(__file__).with_name("launched_server.py")


@pytest_asyncio.fixture
async def births() -> AsyncIterator[Births]:
    async with Births() as running:
        yield running


@pytest.fixture
def log() -> Log:
    return Log()


@pytest_asyncio.fixture
async def servers(log: Log) -> AsyncIterator[LocalServers]:
    running = LocalServers(log=log)
    yield running
    await running.close()


def launching(births: Births, *arguments: str, **changes: Any) -> Backend:
    """A backend that starts `launched_server`."""
    words = [sys.executable, str(SERVER), "--port", "{port}", "--announce", str(births.port)]
    return Backend(**{"provider": "openai", "launch": [*words, *arguments], **changes})


def ignore(_: str) -> None:
    """What nobody wants to hear."""


async def told(url: str, path: str) -> Any:
    """What the server at `url` answers at `path`."""

    def read() -> Any:
        with urlopen(url.removesuffix("/v1") + path) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    return await asyncio.to_thread(read)


async def test_it_is_started_when_it_is_needed_and_ready_when_it_is_given(
    servers: LocalServers, births: Births
) -> None:
    lines: list[str] = []
    url = await servers.ensure("local", launching(births), lines.append)

    assert url == f"http://127.0.0.1:{(await births.next()).port}/v1"
    assert await told(url, "/v1/models") == {"object": "list", "data": [{"id": "demo"}]}
    assert lines[0] == "Starting local …"


async def test_requests_at_once_wait_for_one_start(servers: LocalServers, births: Births) -> None:
    backend = launching(births, "--loading", "2")
    urls = await asyncio.gather(*(servers.ensure("local", backend, ignore) for _ in range(5)))
    lines: list[str] = []
    urls.append(await servers.ensure("local", backend, lines.append))

    assert len(set(urls)) == 1
    assert births.count == 1
    assert lines == []


async def test_two_backends_get_a_server_and_a_port_each(
    servers: LocalServers, births: Births
) -> None:
    first, second = await asyncio.gather(
        servers.ensure("one", launching(births), ignore),
        servers.ensure("two", launching(births), ignore),
    )
    assert first != second
    assert set(servers.running) == {"one", "two"}


@pytest.mark.parametrize(
    "arguments",
    [("--loading", "3"), ("--no-health",), ("--locked",), ("--flood", "20000")],
    ids=["loading first", "only /v1/models", "asks for a key", "prints much"],
)
async def test_ready_is_what_the_server_itself_says(
    arguments: tuple[str, ...], servers: LocalServers, births: Births
) -> None:
    url = await servers.ensure("local", launching(births, *arguments), ignore)
    assert await told(url, "/folder")


async def test_the_time_that_a_start_takes_is_told(servers: LocalServers, births: Births) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    backend = launching(births, "--never-ready")
    waiting = asyncio.create_task(servers.ensure("local", backend, heard.put_nowait))
    first, second, third = [await heard.get() for _ in range(3)]

    assert first == "Starting local …"
    assert second.startswith("Starting local … ")
    assert int(second.split()[-2]) < int(third.split()[-2])
    waiting.cancel()


async def test_every_placeholder_is_filled_in_once(
    servers: LocalServers, births: Births, tmp_path: Path
) -> None:
    # A path is filled in as it is, whatever it contains.
    model = tmp_path / "{port} and spaces; $(true)"
    model.mkdir()
    words = ("--", "{model_path}", "--tokenizer={tokenizer_path}", "{gpu_memory_utilization}")
    backend = launching(births, *words, model_path=str(model), gpu_memory_utilization=0.85)
    url = await servers.ensure("local", backend, ignore)

    assert (await told(url, "/arguments"))[-3:] == [str(model), f"--tokenizer={model}", "0.85"]


async def test_it_sees_what_servers_need_and_no_key(
    servers: LocalServers, births: Births, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = {"CUDA_VISIBLE_DEVICES": "1", "HF_HOME": "/models", "LLAMA_ARG_THREADS": "2"}
    kept = {
        name: f"canary-{name}"
        for name in (
            *("OPENAI_API_KEY", "HF_TOKEN", "VLLM_API_KEY", "LLAMA_API_KEY", "AWS_PROFILE"),
            *("PYTHONPATH", "HTTPS_PROXY", "XDG_SECRET", "STREETRACE_MODEL", "MY_PASSWORD"),
        )
    }
    for name, value in {**passed, **kept}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"], "bin"]))
    url = await servers.ensure("local", launching(births), ignore)

    environment = await told(url, "/environment")
    assert passed.items() <= environment.items()
    assert "canary-" not in json.dumps(environment)
    assert all(Path(entry).is_absolute() for entry in environment["PATH"].split(os.pathsep))
    assert await told(url, "/folder") == str(home)


async def test_a_program_of_the_project_is_never_what_is_started(
    servers: LocalServers, births: Births, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "llama-server"
    trap.write_text("#!/bin/sh\ntouch stepped-in\n")
    trap.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "/usr/bin"]))
    backend = Backend(provider="openai", launch=["llama-server", "--port", "{port}"])
    with pytest.raises(StartError, match="was not found"):
        await servers.ensure("local", backend, ignore)
    assert not (tmp_path / "stepped-in").exists()


async def test_a_server_that_ends_early_says_why_and_what_to_do(
    servers: LocalServers, births: Births
) -> None:
    said = "loading\nRuntimeError: No CUDA GPUs are available"
    with pytest.raises(StartError) as failed:
        await servers.ensure("local", launching(births, "--fail", said), ignore)
    error = failed.value
    assert error.kind == "start"
    assert error.message.startswith('Backend "local": ')
    assert "ended with exit code 3 before it was ready. CUDA" in error.message
    assert "nvidia-smi" in error.next_step
    assert said in error.detail
    assert servers.running == {}


async def test_what_is_not_known_is_quoted(servers: LocalServers, births: Births) -> None:
    with pytest.raises(StartError) as failed:
        await servers.ensure("local", launching(births, "--fail", "error: frobnicated"), ignore)
    assert "frobnicated" in failed.value.message
    assert "in a terminal" in failed.value.next_step


async def test_a_start_that_failed_is_tried_again_at_the_next_need(
    servers: LocalServers, births: Births
) -> None:
    for _ in range(2):
        with pytest.raises(StartError):
            await servers.ensure("local", launching(births, "--fail", "no"), ignore)
    await servers.ensure("local", launching(births), ignore)
    assert births.count == 3


@pytest.mark.parametrize("silence", ["--never-ready", "--silent"])
async def test_a_server_that_is_not_ready_in_time_is_ended(
    silence: str, servers: LocalServers, births: Births
) -> None:
    backend = launching(births, silence, launch_timeout=3)
    with pytest.raises(StartError) as failed:
        await servers.ensure("local", backend, ignore)
    assert "was not ready within 3 seconds" in failed.value.message
    assert "launch_timeout" in failed.value.next_step
    await (await births.next()).death()


async def test_a_fixed_port_that_is_taken_is_named(servers: LocalServers, births: Births) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        backend = launching(births, api_base=f"http://127.0.0.1:{port}/v1")
        with pytest.raises(StartError) as failed:
            await servers.ensure("local", backend, ignore)
    assert f"port {port} is already taken" in failed.value.message
    assert births.count == 0


async def test_a_fixed_port_is_used(servers: LocalServers, births: Births) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    backend = launching(births, api_base=f"http://localhost:{port}/v1")
    assert await servers.ensure("local", backend, ignore) == f"http://127.0.0.1:{port}/v1"


async def test_a_chosen_port_that_somebody_else_takes_is_chosen_anew(
    servers: LocalServers, births: Births
) -> None:
    backend = launching(births, "--gate")
    starting = asyncio.create_task(servers.ensure("local", backend, ignore))
    first = await births.next()
    with socket.create_server(("127.0.0.1", first.port)):
        first.let_go()
        second = await births.next()
    second.let_go()
    assert await starting == f"http://127.0.0.1:{second.port}/v1"
    assert second.port != first.port


async def test_nothing_heavy_is_imported_for_it() -> None:
    script = (
        "import sys, streetrace_lsp.routing.launch; "
        "print([m for m in ('httpx', 'litellm', 'pydantic', 'aiohttp') if m in sys.modules])"
    )
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", script), stdout=asyncio.subprocess.PIPE
    )
    assert (await asked.communicate())[0].strip() == b"[]"
