"""What servers say of themselves, asked through the real model host over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from backends.asking import KEY, OLLAMA, OPENAI, Wire
from backends.asking import target as target_on
from backends.fault_server import FaultServer, Reply
from backends.llama import LlamaServer, llama_server
from backends.proxy import BEHIND, MODEL, Proxy, running_proxy
from streetrace_lsp.routing import listing
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.listing import Listed
from streetrace_lsp.routing.origins import Origin
from streetrace_lsp.routing.secret import Secret
from streetrace_lsp.routing.targets import Target

pytestmark = pytest.mark.asyncio(loop_scope="session")

__all__ = ["llama_server"]

PROXY = Wire("proxy", "litellm", "litellm_proxy")


def priced(name: str, **info: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"model_name": name, "litellm_params": {"model": "openai/x"}}
    return {**row, "model_info": info}


def asked(server: FaultServer) -> list[str]:
    return [f"{request.method} {request.path}" for request in server.requests]


async def failure(host: ModelHost, target: Target) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await listing.models(host, target)
    return caught.value


async def test_ollama_tells_sizes_ceilings_and_what_is_loaded(
    host: ModelHost, server: FaultServer
) -> None:
    server.models = ("llama3:latest", "qwen2.5-coder:7b")
    server.pages["/api/ps"] = {"models": [{"name": "llama3:latest", "model": "llama3:latest"}]}
    found = await listing.models(host, target_on(OLLAMA, server, local=True))
    assert found == [
        Listed("llama3:latest", 32768, loaded=True, size=1),
        Listed("qwen2.5-coder:7b", 32768, loaded=False, size=1),
    ]
    assert {request.path for request in server.requests} == {"/api/tags", "/api/ps", "/api/show"}
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {KEY}"}


async def test_a_proxy_tells_windows_and_prices_by_its_own_names(
    host: ModelHost, server: FaultServer
) -> None:
    cheap = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    dear = {"input_cost_per_token": 3e-06, "output_cost_per_token": 15e-06}
    server.pages["/model/info"] = {
        "data": [
            priced("team", **cheap, max_input_tokens=200_000, max_output_tokens=8192),
            priced("team", **dear, max_input_tokens=128_000, max_output_tokens=8192),
            priced("unpriced", input_cost_per_token=0, output_cost_per_token=0),
            {"odd": True},
        ]
    }
    found = await listing.models(host, target_on(PROXY, server))
    assert found == [
        Listed("team", 128_000, 3.0, 15.0, max_output=8192),
        Listed("unpriced"),  # a price that nobody knows is not zero
    ]
    assert asked(server) == ["GET /model/info"]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_restricted_key_gets_the_names_alone(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(status=403, message="not allowed to call /model/info"))
    server.models = ("team",)
    found = await listing.models(host, target_on(replace(PROXY, base="/v1"), server))
    assert found == [Listed("team")]
    assert asked(server) == ["GET /model/info", "GET /v1/models"]


async def test_readiness_never_asks_the_path_that_calls_every_model(
    host: ModelHost, server: FaultServer
) -> None:
    server.pages["/health/readiness"] = {"status": "healthy", "db": "connected"}
    await listing.ready(host, target_on(PROXY, server))
    assert asked(server) == ["GET /health/readiness"]
    del server.pages["/health/readiness"]
    server.script(Reply(status=503, message="Service Unhealthy"))
    with pytest.raises(BackendError) as caught:
        await listing.ready(host, target_on(PROXY, server))
    assert caught.value.status == 503


async def test_further_fields_of_openai_compatible_servers(
    host: ModelHost, server: FaultServer
) -> None:
    server.pages["/v1/models"] = {
        "data": [
            {"id": "vllm", "max_model_len": 8192},
            {
                "id": "openrouter",
                "context_length": 65536,
                "pricing": {"prompt": "0.000002", "completion": "-1"},
            },
            {"id": "llama.cpp", "meta": {"n_ctx": 16384, "n_ctx_train": 32768, "size": 461568}},
            {"id": "plain", "context_window": None, "pricing": "free", "meta": []},
            {"no": "id"},
        ]
    }
    found = await listing.models(host, target_on(OPENAI, server))
    assert found == [
        Listed("vllm", 8192),
        Listed("openrouter", 65536, 2.0, None),
        Listed("llama.cpp", 16384, size=461568),
        Listed("plain"),
    ]


async def test_a_provider_without_a_list_is_not_asked(host: ModelHost, server: FaultServer) -> None:
    target = target_on(Wire("anthropic", "litellm", "anthropic"), server)
    assert await listing.models(host, target) == [Listed("demo")]
    assert server.connections == []


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA, PROXY], ids=lambda wire: wire.name)
async def test_only_the_granted_origin_is_reached(
    host: ModelHost, server: FaultServer, wire: Wire
) -> None:
    target = replace(target_on(wire, server), origins=(Origin("http", "127.0.0.1", 9),))
    assert (await failure(host, target)).kind == "refused_origin"
    assert server.connections == []


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA, PROXY], ids=lambda wire: wire.name)
async def test_a_redirect_is_not_followed(host: ModelHost, server: FaultServer, wire: Wire) -> None:
    with FaultServer() as elsewhere:
        # What is not in `pages` and no list takes the next reply.
        base = replace(target_on(wire, server), api_base=f"{server.base}/other")
        server.default = Reply(redirect=f"{elsewhere.base}/*")
        assert (await failure(host, base)).kind == "refused_origin"
        assert elsewhere.connections == []


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA, PROXY], ids=lambda wire: wire.name)
async def test_a_key_that_a_server_echoes_is_not_shown(
    host: ModelHost, server: FaultServer, wire: Wire
) -> None:
    base = replace(target_on(wire, server), api_base=f"{server.base}/other")
    server.default = Reply(status=401, message="bad key {key}")
    error = await failure(host, base)
    assert error.kind == "auth"
    assert KEY not in f"{error.sentence} {error.detail}"


async def test_a_key_in_the_name_of_a_model_is_not_shown(
    host: ModelHost, server: FaultServer
) -> None:
    server.models = (f"model-{KEY}",)
    assert await listing.models(host, target_on(OPENAI, server)) == [Listed("model-•••")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"data": "none"}', "malformed"),
        (b"<!DOCTYPE html><html>Log in</html>", "malformed"),
        (b'{"data": [', "malformed"),
        (b'{"error": "Unexpected endpoint"}', "server"),
        (b" " * (17 * 1024 * 1024), "too_large"),
    ],
    ids=["no list", "a page", "cut", "an error with 200", "without end"],
)
async def test_what_is_no_list_is_an_error(
    host: ModelHost, server: FaultServer, body: bytes, kind: str
) -> None:
    server.default = Reply(body=body)
    target = replace(target_on(OPENAI, server), api_base=f"{server.base}/other")
    assert (await failure(host, target)).kind == kind


async def test_a_server_that_never_answers_ends_at_the_deadline(
    host: ModelHost, server: FaultServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place: tuple[str, int] = silent.getsockname()
        target = replace(
            target_on(OPENAI, server, timeout_total=0.3),
            api_base=f"http://127.0.0.1:{place[1]}/v1",
            origins=(Origin("http", *place),),
        )
        assert (await failure(host, target)).kind == "timeout_total"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with (
        FaultServer() as upstream,
        running_proxy(tmp_path_factory.mktemp("proxy"), upstream.openai) as running,
    ):
        yield running


def at_proxy(proxy: Proxy, provider: str, key: str) -> Target:
    origin = Origin("http", "127.0.0.1", proxy.port)
    base = proxy.base if provider == "litellm_proxy" else f"{proxy.base}/v1"
    return Target(
        "team", provider, MODEL, "litellm", api_base=base, origins=(origin,), key=Secret(key)
    )


@pytest.mark.parametrize("provider", ["litellm_proxy", "openai"])
async def test_the_real_proxy_lists_its_models(
    host: ModelHost, proxy: Proxy, provider: str
) -> None:
    found = await listing.models(host, at_proxy(proxy, provider, proxy.key))
    # Their price is unknown to the proxy, so it is unknown here.
    assert {Listed(MODEL), Listed(BEHIND)} <= set(found)


async def test_the_real_proxy_is_ready_and_refuses_a_wrong_key(
    host: ModelHost, proxy: Proxy
) -> None:
    await listing.ready(host, at_proxy(proxy, "litellm_proxy", "sk-wrong-0123456789"))
    error = await failure(host, at_proxy(proxy, "litellm_proxy", "sk-wrong-0123456789"))
    assert error.kind == "auth"
    assert "sk-wrong" not in f"{error.sentence} {error.detail}"


@pytest.mark.llama
async def test_the_real_llama_server_tells_its_window(
    host: ModelHost, llama_server: LlamaServer
) -> None:
    origin = Origin("http", *llama_server.origin)
    target = Target("local", "openai", "x", "litellm", llama_server.url, (origin,), local=True)
    (found,) = await listing.models(host, target)
    assert found.name.endswith("tiny.gguf")
    assert found.context_window == 16384
    assert found.size
