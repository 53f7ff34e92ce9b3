"""`streetrace-lsp doctor` against the real LiteLLM Proxy and the real llama-server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from backends.doctoring import backend, doctor
from backends.fault_server import FaultServer
from backends.llama import LlamaServer, launch_command, llama_server
from backends.proxy import MODEL, Proxy, running_proxy
from editors.tiny_model import write_tiny_model
from program import Program

__all__ = ["llama_server"]


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with (
        FaultServer() as upstream,
        running_proxy(tmp_path_factory.mktemp("proxy"), upstream.openai) as running,
    ):
        yield running


def test_the_real_proxy(program: Program, proxy: Proxy) -> None:
    program.variables["LITELLM_PROXY_API_KEY"] = proxy.key
    program.user(backend("team", "litellm_proxy", proxy.base, MODEL))
    status, page = doctor(program)
    assert status == 0, page
    assert f"LiteLLM Proxy at {proxy.base}" in page
    assert f"{MODEL}, the server has it" in page
    status, page = doctor(program, "--model", "team/team-modle")
    assert status == 1
    assert f'Did you mean "{MODEL}"?' in page


@pytest.mark.llama
def test_the_real_llama_server(program: Program, llama_server: LlamaServer) -> None:
    with urlopen(f"{llama_server.url}/models", timeout=60) as answer:  # noqa: S310 - loopback
        name = json.load(answer)["data"][0]["id"]
    program.user(backend("local", "openai", llama_server.url, name, 'api_key = ""'))
    status, page = doctor(program)
    assert status == 0, page
    assert "the server has it" in page
    assert "16,384 tokens" in page
    assert "free (this machine)" in page


@pytest.mark.llama
def test_a_server_that_is_started_on_demand(program: Program, tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "tiny.gguf")
    program.user(
        f'model = "local/tiny"\n[backends.local]\nprovider = "openai"\napi_key = ""\n'
        f'launch = {json.dumps(launch_command())}\nmodel_path = "{model}"\n'
    )
    status, page = doctor(program)
    assert status == 0, page
    assert "started for this check, at http://127.0.0.1:" in page
    assert "answered in" in page
