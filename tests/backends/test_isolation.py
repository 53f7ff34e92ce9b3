"""What the child can't reach, doesn't know and doesn't ask for."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backends.asking import KEY, OLLAMA, OPENAI, WIRES, Wire, ask, call
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.child import environment
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

# A host and port that the guard refused.
REFUSED = re.compile(r"refused by the model host: \S+:(\d+|None)$")
# The variables that LiteLLM and Ollama read by themselves, wherever a call goes.
CANARIES = {
    name: f"canary-{name.lower()}"
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "AZURE_API_KEY",
        "GROQ_API_KEY",
        "OLLAMA_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "LITELLM_PROXY_API_KEY",
    )
}


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def trap() -> AsyncIterator[FaultServer]:
    """Where every variable that names a server points. Nothing may ever come."""
    with FaultServer() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def logged() -> list[str]:
    return []


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def hosted(trap: FaultServer, logged: list[str]) -> AsyncIterator[ModelHost]:
    """A host started from a shell that is full of keys and of servers to ask."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CANARIES.items():
            patch.setenv(name, value)
        for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OLLAMA_HOST", "LITELLM_PROXY_API_BASE"):
            patch.setenv(name, trap.base)
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "LITELLM_MODEL_COST_MAP_URL"):
            patch.setenv(name, trap.base)
        patch.setenv("HF_ENDPOINT", trap.base)
        running = ModelHost(log=logged.append)
        await running.prewarm("litellm")
    yield running
    await running.close()


async def test_the_childs_environment_is_a_short_list(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**CANARIES, "HOME": "/home/me", "HTTPS_PROXY": "http://u:p@proxy"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/company.pem")
    variables = environment(os.environ)
    assert variables["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
    # Proxy and certificates come with each request, from the user's own settings.
    assert not {*CANARIES, "HOME", "PATH", "HTTPS_PROXY", "SSL_CERT_FILE"} & set(variables)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_a_call_carries_its_own_key_only(
    wire: Wire, hosted: ModelHost, server: FaultServer, trap: FaultServer
) -> None:
    found = await ask(hosted, wire, server)
    assert found.error is None
    (request,) = server.requests
    assert request.key == KEY
    assert "canary-" not in f"{request.headers} {request.path} {request.body!r}"
    assert trap.connections == []


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_a_call_without_a_key_gets_none_from_the_shell(
    wire: Wire, hosted: ModelHost, server: FaultServer, trap: FaultServer
) -> None:
    await ask(hosted, wire, server, key=None)
    (request,) = server.requests
    assert "canary-" not in f"{request.headers} {request.path} {request.body!r}"
    assert trap.connections == []


@pytest.mark.parametrize("model", ["llama-3-70b", "meta-llama/Llama-2-7b", "replicate/x", "demo"])
async def test_no_model_name_makes_it_look_anything_up(
    model: str, hosted: ModelHost, server: FaultServer, logged: list[str]
) -> None:
    # Without a usage from the server LiteLLM counts tokens, which is when it wants a tokenizer.
    server.script(Reply(usage=None))
    found = await ask(hosted, OPENAI, server, model=model)
    assert found.error is None
    assert [line for line in logged if REFUSED.search(line)] == []


async def test_a_price_map_that_hangs_is_never_asked(
    hosted: ModelHost, trap: FaultServer, logged: list[str]
) -> None:
    # The import is over, as `hosted` is warm.
    assert trap.connections == []
    assert [line for line in logged if REFUSED.search(line)] == []


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_an_origin_that_was_not_granted_is_never_reached(
    wire: Wire, hosted: ModelHost, server: FaultServer
) -> None:
    found = await ask(hosted, wire, server, origins=(("127.0.0.1", server.port + 1),))
    assert server.connections == []
    assert found.error is not None
    assert found.error.kind == "refused_origin"
    assert f"127.0.0.1:{server.port}" in found.error.message


@pytest.mark.parametrize("wire", [OLLAMA, OPENAI], ids=lambda wire: wire.name)
async def test_a_name_that_was_not_granted_is_not_even_looked_up(
    wire: Wire, hosted: ModelHost, server: FaultServer
) -> None:
    found = await ask(hosted, wire, server, api_base="http://planted.invalid/v1")
    assert found.error is not None
    assert found.error.kind == "refused_origin"
    assert "planted.invalid:80" in found.error.message


async def test_a_granted_name_may_be_reached_at_its_addresses(
    hosted: ModelHost, server: FaultServer
) -> None:
    found = await ask(
        hosted,
        OPENAI,
        server,
        api_base=f"http://localhost:{server.port}/v1",
        origins=(("localhost", server.port),),
    )
    assert found.error is None


async def test_a_grant_ends_with_its_request(hosted: ModelHost, server: FaultServer) -> None:
    """Also where a pool keeps the connection open."""
    assert (await ask(hosted, OPENAI, server)).error is None
    found = await ask(hosted, OPENAI, server, origins=())
    assert len(server.requests) == 1
    assert found.error is not None
    assert found.error.kind == "refused_origin"


async def test_a_litellm_of_the_project_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FaultServer
) -> None:
    planted = "import pathlib; pathlib.Path(__file__).with_name('ran').touch()\n"
    for name in ("litellm.py", "httpx.py", "sitecustomize.py", "ollama.py"):
        (tmp_path / name).write_text(planted)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    host = ModelHost(log=lambda _: None)
    try:
        assert (await ask(host, OLLAMA, server)).error is None
    finally:
        await host.close()
    assert not (tmp_path / "ran").exists()


async def test_a_dotenv_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FaultServer
) -> None:
    with FaultServer() as trap:
        (tmp_path / ".env").write_text(
            f"OPENAI_API_KEY=canary-dotenv\nLITELLM_MODEL_COST_MAP_URL={trap.base}\n"
        )
        monkeypatch.chdir(tmp_path)
        host = ModelHost(log=lambda _: None)
        try:
            await ask(host, OPENAI, server, key=None)
        finally:
            await host.close()
        assert trap.connections == []
    assert "canary" not in server.requests[0].key


async def test_the_server_itself_imports_no_model_library() -> None:
    # In a process of its own: tests of adapters import them into this one.
    looks = (
        "import os, sys\n"
        "import streetrace_lsp.lsp.serve, streetrace_lsp.requests.job\n"
        "import streetrace_lsp.routing.host\n"
        "assert not {'litellm', 'ollama', 'httpx'} & {n.partition('.')[0] for n in sys.modules}\n"
        "assert os.environ.get('LITELLM_MODE') is None\n"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", looks)
    assert await child.wait() == 0


async def test_no_key_is_in_the_repr_of_a_call(server: FaultServer) -> None:
    assert KEY not in repr(call(OPENAI, server))


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_no_header_tells_about_the_machine(
    wire: Wire, hosted: ModelHost, server: FaultServer
) -> None:
    found = await ask(hosted, wire, server)
    assert found.error is None
    told = ("arch", "os", "runtime", "runtime-version", "package-version", "lang")
    assert not {f"x-stainless-{name}" for name in told} & set(server.requests[-1].headers)
