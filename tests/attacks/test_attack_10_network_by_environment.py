"""Attack 10: a project that chooses the proxy or the certificates, by `.env` or by its file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backends.asking import QUESTION, Answer, answer
from backends.certificates import self_signed
from backends.fault_server import FaultServer
from backends.proxy_server import ProxyServer
from configured_project import Workspace
from streetrace_lsp.config.dotenv import NETWORK_VARIABLES
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.chat_call import chat_call
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Every prefix that sends something somewhere.
PREFIXES = [name for name, provider in PROVIDERS.items() if provider.adapter != "replay"]
# What some need besides a key before they send anything at all.
NEEDED = {
    "AZURE_API_VERSION": "2024-10-21",
    "VERTEXAI_PROJECT": "demo",
    "AWS_REGION_NAME": "eu-west-1",
}
# What these send depends on the name of the model.
MODELS = {"bedrock": "anthropic.claude-3-haiku-20240307-v1:0", "vertex_ai": "gemini-2.5-flash"}
OFF = {
    **dict.fromkeys(("SSL_VERIFY", "LITELLM_SSL_VERIFY", "PYTHONHTTPSVERIFY"), "False"),
    "NODE_TLS_REJECT_UNAUTHORIZED": "0",
    "SSL_SECURITY_LEVEL": "0",
    "AIOHTTP_TRUST_ENV": "True",
}


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def host() -> AsyncIterator[ModelHost]:
    running = ModelHost(log=lambda _: None)
    yield running
    await running.close()


async def asked(host: ModelHost, place: Path, prefix: str, base: str, dotenv: str) -> Answer:
    """A trusted project with this `.env` asks; its owner has granted the address."""
    workspace = Workspace(place, {**NEEDED, "MINE_KEY": "sk-mine"})
    workspace.project(
        f'model = "mine/{MODELS.get(prefix, "demo")}"\n[backends.mine]\nprovider = "{prefix}"\n'
        f'api_base = "{base}"\napi_key = "${{MINE_KEY}}"\n'
    ).dotenv(dotenv)
    target = resolve(workspace.trust(), "ask")
    return await answer(host.stream(chat_call(target, QUESTION)))


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_server_that_nobody_vouches_for_is_refused(
    prefix: str, host: ModelHost, tmp_path: Path
) -> None:
    with FaultServer(tls=self_signed(tmp_path)) as server:
        # The last ones would do it: the server's own certificate is named as an authority.
        bundle = tmp_path / "certificate.pem"
        named = {name: str(bundle) for name in NETWORK_VARIABLES if name.endswith(("FILE", "LE"))}
        dotenv = "".join(f"{name}={value}\n" for name, value in {**OFF, **named}.items())
        found = await asked(host, tmp_path, prefix, server.base, dotenv)
        assert found.error is not None
        assert found.error.kind == "tls", (found.error.sentence, found.error.detail)
        assert "ca_bundle" in found.error.next_step
        assert server.requests == []


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_proxy_that_a_project_names_is_never_reached(
    prefix: str, host: ModelHost, tmp_path: Path
) -> None:
    with FaultServer() as server:
        with ProxyServer({"llm.example.test:80": server.origin}) as trap:
            names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
            dotenv = "".join(f"{name}={trap.url}\n{name.lower()}={trap.url}\n" for name in names)
            found = await asked(host, tmp_path, prefix, "http://llm.example.test", dotenv)
            assert trap.connections == 0
        assert server.connections == []
    assert found.error is not None
    assert found.error.kind in ("dns", "connect"), found.error.sentence


async def test_the_table_in_a_project_file_is_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).project(
        'model = "ollama/demo"\n[network]\nproxy = "http://planted:1"\nca_bundle = "planted.pem"\n'
        "[model_host]\nmemory = 128\n[backends.mine]\nprovider = 'openai'\nssl_verify = false\n"
    )
    configuration = workspace.trust()
    refused = {p.code for p in configuration.problems if p.severity == "error"}
    assert "user-only" in refused
    assert configuration.settings.network.proxy is None
    assert configuration.settings.network.ca_bundle is None
    assert configuration.settings.model_host.memory is None
