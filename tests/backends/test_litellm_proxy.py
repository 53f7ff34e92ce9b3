"""A chat through the real LiteLLM Proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.asking import OPENAI, QUESTION, Answer, Wire, answer, call
from backends.fault_server import Called, FaultServer, Reply
from backends.proxy import ANSWER, BEHIND, CLAUDE, MODEL, Proxy, running_proxy
from configured_project import Workspace
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.chat_call import Tools
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.secret import Secret
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")

# LiteLLM's own prefix for a proxy, and a proxy that is taken for any OpenAI server.
PREFIXES = (Wire("litellm_proxy", "litellm", "litellm_proxy"), OPENAI)
each_prefix = pytest.mark.parametrize("wire", PREFIXES, ids=lambda wire: wire.name)

TOOLS = Tools(({"name": "weather", "parameters": {"type": "object", "properties": {}}},))

# The routes that the proxy has in the wires of other providers: provider, the variable of its
# address, the path of that, the variable of its key, and a model.
ROUTES = (
    ("openai", "OPENAI_BASE_URL", "/v1", "OPENAI_API_KEY", MODEL),
    ("anthropic", "ANTHROPIC_BASE_URL", "", "ANTHROPIC_API_KEY", CLAUDE),
    ("azure", "AZURE_API_BASE", "", "AZURE_API_KEY", MODEL),
    ("gemini", "GEMINI_API_BASE", "/v1beta", "GEMINI_API_KEY", MODEL),
    ("litellm_proxy", "LITELLM_PROXY_API_BASE", "", "LITELLM_PROXY_API_KEY", MODEL),
)


@pytest.fixture(scope="module")
def upstream() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, upstream: FaultServer) -> Iterator[Proxy]:
    with running_proxy(tmp_path_factory.mktemp("proxy"), upstream.openai) as running:
        yield running


async def chat(
    host: ModelHost,
    wire: Wire,
    proxy: Proxy,
    model: str,
    key: str = "",
    tools: Tools | None = None,
) -> Answer:
    with FaultServer() as unused:
        asked = call(
            wire,
            unused,
            model=model,
            api_base=proxy.base,
            origins=(("127.0.0.1", proxy.port),),
            key=Secret(key or proxy.key),
            tools=tools,
        )
    return await answer(host.stream(asked))


@each_prefix
async def test_the_mock_answers(wire: Wire, host: ModelHost, proxy: Proxy) -> None:
    found = await chat(host, wire, proxy, MODEL)
    assert found.error is None
    assert found.text == ANSWER
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("stop", True)


@each_prefix
async def test_a_wrong_key_is_named_without_being_shown(
    wire: Wire, host: ModelHost, proxy: Proxy
) -> None:
    wrong = "sk-wrong-0123456789abcdef"
    found = await chat(host, wire, proxy, MODEL, wrong)
    assert found.error is not None
    assert found.error.kind == "auth"
    assert wrong not in f"{found.error.sentence} {found.error.detail}"


@each_prefix
async def test_an_unknown_model_is_named(wire: Wire, host: ModelHost, proxy: Proxy) -> None:
    found = await chat(host, wire, proxy, "no-such-model")
    assert found.error is not None
    assert "no-such-model" in found.error.message


async def test_tools_pass_the_proxy_and_a_cut_call_behind_it_is_none(
    host: ModelHost, proxy: Proxy, upstream: FaultServer
) -> None:
    """The proxy's own mock streams no calls, so a server behind it makes them."""
    rome = Called("weather", '{"city": "Rome"}', id="call_1")
    cut = Called("weather", '{"city": "Ro', id="call_1")
    upstream.script(Reply(text="", calls=(rome,)), Reply(text="", calls=(cut,), finish=None))
    found = await chat(host, PREFIXES[0], proxy, BEHIND, tools=TOOLS)
    assert found.finished is not None
    assert [call.arguments for call in found.finished.tool_calls] == ['{"city": "Rome"}']
    assert upstream.requests[-1].json["tools"][0]["function"]["name"] == "weather"
    found = await chat(host, PREFIXES[0], proxy, BEHIND, tools=TOOLS)
    assert found.finished is None
    assert found.error is not None
    assert found.error.kind == "tool_call"


async def test_a_cut_behind_the_proxy_is_not_told_by_the_marker(
    host: ModelHost, proxy: Proxy, upstream: FaultServer
) -> None:
    """Why an edit that came through a gateway needs a closed grammar: the proxy says "stop"."""
    upstream.script(Reply(text="half of an answer", finish=None))
    found = await chat(host, PREFIXES[0], proxy, BEHIND)
    assert found.text == "half of an answer"
    assert found.error is None
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("stop", True)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route[0])
async def test_each_of_its_routes_answers_the_wire_of_its_provider(
    route: tuple[str, ...], tmp_path: Path, host: ModelHost, proxy: Proxy
) -> None:
    provider, base, path, key, model = route
    environ = {base: f"{proxy.base}{path}", key: proxy.key, "AZURE_API_VERSION": "2024-10-21"}
    configuration = Workspace(tmp_path, environ).load()
    target = resolve(configuration, "edit", f"{provider}/{model}")
    found = await answer(reply(host, target, QUESTION))
    assert found.error is None, found.error.detail
    assert found.text == ("Hello, world." if model == CLAUDE else ANSWER)
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("stop", True)
