"""Vectors of texts, over every provider's wire, by sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from backends import fault_embeddings
from backends.asking import KEY, OLLAMA, OPENAI, Wire, target
from backends.fault_server import FaultServer, Reply
from configured_project import Workspace
from streetrace_lsp.config.providers import PROVIDERS, Adapter
from streetrace_lsp.routing.embed import WITHOUT_EMBEDDINGS, embed, embedding_target
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.origins import Origin
from streetrace_lsp.routing.targets import Target

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXTS = ["def f(): ...", "Grüß dich"]
VECTORS = [[1.0, -2.5], [3.0, 4.0]]
# Where a provider's requests go, when that is not OpenAI's /embeddings below its base.
BASES = {"gemini": "/v1beta", "cohere_chat": "/v2/chat", "azure": "", "vertex_ai": "", "ollama": ""}
PATHS = {
    "gemini": "/v1beta/models/demo:batchEmbedContents",
    "azure": "/openai/deployments/demo/embeddings?api-version=2024-10-21",
    "vertex_ai": "/v1/projects/p/locations/us-central1/publishers/google/models/demo:predict",
    "cohere_chat": "/v2/embed",
    "ollama": "/api/embed",
    "perplexity": "/v1/v1/embeddings",
}
SPELLINGS = {
    "gemini": fault_embeddings.gemini,
    "cohere_chat": fault_embeddings.cohere,
    "vertex_ai": fault_embeddings.vertex,
    "ollama": fault_embeddings.ollama,
}
OPTIONS: dict[str, dict[str, Any]] = {
    "azure": {"api_version": "2024-10-21"},
    "vertex_ai": {"vertex_project": "p"},
}
# Bedrock takes one text at a time, and has a test of its own.
ABLE = sorted(set(PROVIDERS) - WITHOUT_EMBEDDINGS - {"bedrock"})


async def failed(host: ModelHost, asked: Target, texts: list[str] = TEXTS) -> BackendError:
    with pytest.raises(BackendError) as error:
        await embed(host, asked, texts)
    return error.value


@pytest.mark.parametrize("provider", ABLE)
async def test_each_text_gets_its_vector(
    provider: str, host: ModelHost, server: FaultServer
) -> None:
    server.script(SPELLINGS.get(provider, fault_embeddings.openai)(VECTORS))
    wire = Wire(provider, PROVIDERS[provider].adapter, provider, BASES.get(provider, "/v1"))
    asked = target(wire, server, **OPTIONS.get(provider, {}))

    assert await embed(host, asked, TEXTS) == VECTORS
    (request,) = server.requests
    assert request.method == "POST"
    assert request.path == PATHS.get(provider, "/v1/embeddings")
    assert request.key == KEY
    assert all(json.dumps(text) in json.dumps(request.json) for text in TEXTS)
    assert "demo" in request.path + str(request.json.get("model"))


async def test_bedrock_is_asked_for_one_after_the_other(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(*(fault_embeddings.titan(vector) for vector in VECTORS))
    wire = Wire("bedrock", "litellm", "bedrock")
    asked = target(wire, server, aws_region_name="us-east-1")
    titan = Target(**{**vars(asked), "model": "amazon.titan-embed-text-v2:0"})

    assert await embed(host, titan, TEXTS) == VECTORS
    assert [request.json["inputText"] for request in server.requests] == TEXTS
    assert {request.key for request in server.requests} == {KEY}


@pytest.mark.parametrize("provider", sorted(WITHOUT_EMBEDDINGS))
async def test_a_provider_without_embeddings_says_so_and_is_not_asked(
    provider: str, host: ModelHost, server: FaultServer
) -> None:
    with pytest.raises(RoutingError) as refused:
        await embed(host, target(Wire(provider, "litellm", provider), server), TEXTS)
    assert f"{PROVIDERS[provider].title} provides no embeddings" in refused.value.message
    assert refused.value.next_step == "Use OpenAI or Ollama for embeddings."
    assert server.connections == []


async def test_the_order_is_that_of_the_texts(host: ModelHost, server: FaultServer) -> None:
    server.script(fault_embeddings.openai(VECTORS, reverse=True))
    assert await embed(host, target(OPENAI, server), TEXTS) == VECTORS


async def test_nothing_is_asked_for_nothing(host: ModelHost, server: FaultServer) -> None:
    assert await embed(host, target(OPENAI, server), []) == []
    assert server.connections == []


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [
        ([f"text {number}" for number in range(100)], [64, 36]),
        (["x" * 150_000, "y" * 150_000, "z"], [1, 2]),
    ],
    ids=["many", "long"],
)
async def test_much_is_asked_for_in_batches(
    texts: list[str], sizes: list[int], host: ModelHost, server: FaultServer
) -> None:
    made = [[float(number)] for number in range(len(texts))]
    rest = made
    for size in sizes:
        server.script(fault_embeddings.ollama(rest[:size]))
        rest = rest[size:]

    assert await embed(host, target(OLLAMA, server), texts) == made
    assert [len(request.json["input"]) for request in server.requests] == sizes


async def test_ollama_may_not_cut_a_text_silently(host: ModelHost, server: FaultServer) -> None:
    said = "the input length exceeds the context length"
    server.script(Reply(status=400, body=json.dumps({"error": said}).encode()))
    error = await failed(host, target(OLLAMA, server, keep_alive="5m"))
    assert error.kind == "context"
    assert server.requests[0].json["truncate"] is False
    assert server.requests[0].json["keep_alive"] == "5m"


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        ([[1.0, 2.0]], "1 vectors for 2 texts"),
        ([[1.0], [1.0, 2.0]], "no list of vectors"),
        ([[], []], "no list of vectors"),
        ([[1.0, float("nan")], [1.0, 2.0]], "not made of numbers"),
    ],
    ids=["too few", "different lengths", "empty", "not a number"],
)
async def test_what_can_not_be_searched_is_an_error(
    vectors: list[list[float]], said: str, host: ModelHost, server: FaultServer
) -> None:
    server.script(fault_embeddings.openai(vectors))
    error = await failed(host, target(OPENAI, server))
    assert error.kind == "malformed"
    assert said in error.message


async def test_vectors_of_all_batches_have_one_length(host: ModelHost, server: FaultServer) -> None:
    server.script(fault_embeddings.ollama([[1.0, 2.0]] * 64), fault_embeddings.ollama([[1.0]]))
    error = await failed(host, target(OLLAMA, server), ["text"] * 65)
    assert "different lengths" in error.message


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA], ids=lambda wire: wire.name)
@pytest.mark.parametrize(
    ("status", "kind"), [(401, "auth"), (404, "not_found"), (400, "request")], ids=str
)
async def test_a_refusal_is_explained_without_the_key(
    wire: Wire, status: int, kind: str, host: ModelHost, server: FaultServer
) -> None:
    body = json.dumps({"error": {"message": f"no {KEY}"}} if wire is OPENAI else {"error": KEY})
    server.script(Reply(status=status, body=body.encode()))
    error = await failed(host, target(wire, server))
    assert error.kind == kind
    assert KEY not in f"{error.sentence} {error.detail}"


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA], ids=lambda wire: wire.name)
async def test_a_busy_server_is_asked_again(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    good = (fault_embeddings.openai if wire is OPENAI else fault_embeddings.ollama)(VECTORS)
    busy = Reply(status=429, headers={"Retry-After": "0"}, body=b'{"error": "slow down"}')
    server.script(busy, good)
    assert await embed(host, target(wire, server), TEXTS) == VECTORS
    assert len(server.requests) == 2


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA], ids=lambda wire: wire.name)
async def test_texts_and_key_go_nowhere_else(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    with FaultServer() as elsewhere:
        server.script(Reply(redirect=f"{elsewhere.base}/*"))
        error = await failed(host, target(wire, server))
        assert error.kind == "refused_origin"
        assert elsewhere.connections == []


@asynccontextmanager
async def silence() -> AsyncIterator[tuple[int, asyncio.Event, asyncio.Event]]:
    """A server that answers nothing: its port, and whether it was asked, and left again."""
    asked, left = asyncio.Event(), asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        while await reader.read(1 << 16):
            pass
        left.set()
        writer.close()

    serving = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with serving:
        yield serving.sockets[0].getsockname()[1], asked, left


def silent(wire: Wire, port: int, **options: float) -> Target:
    return Target(
        backend="mine",
        provider=wire.provider,
        model="demo",
        adapter=cast(Adapter, wire.adapter),
        api_base=f"http://127.0.0.1:{port}{wire.base}",
        origins=(Origin("http", "127.0.0.1", port),),
        options=options,
    )


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA], ids=lambda wire: wire.name)
async def test_the_total_time_ends_a_silence(wire: Wire, host: ModelHost) -> None:
    async with silence() as (port, _, left):
        error = await failed(host, silent(wire, port, timeout_total=0.5))
        assert error.kind == "timeout_total"
        await left.wait()


@pytest.mark.parametrize("wire", [OPENAI, OLLAMA], ids=lambda wire: wire.name)
async def test_cancelling_closes_the_connection(wire: Wire, host: ModelHost) -> None:
    async with silence() as (port, asked, left):
        task = asyncio.create_task(embed(host, silent(wire, port), TEXTS))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await left.wait()


async def test_the_configuration_names_backend_and_model(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, {"OPENAI_API_KEY": KEY})
    workspace.user(
        '[defaults]\nembedding_backend = "search"\n[backends.search]\nprovider = "openai"\n'
        'embedding_model = "text-embedding-3-small"\nmodel = "gpt-5-mini"\n'
    )
    found = embedding_target(workspace.load())
    assert (found.backend, found.model) == ("search", "text-embedding-3-small")
    assert found.key is not None


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "No backend for embeddings is configured"),
        ('[defaults]\nembedding_backend = "x"', "no [backends.x]"),
        (
            '[defaults]\nembedding_backend = "x"\n[backends.x]\nprovider = "ollama"',
            "Backend x has no embedding model",
        ),
        (
            '[defaults]\nembedding_backend = "x"\n[backends.x]\nprovider = "anthropic"\n'
            'embedding_model = "claude"',
            "Anthropic provides no embeddings",
        ),
    ],
    ids=["none", "unknown", "no model", "Anthropic"],
)
async def test_a_configuration_without_embeddings_says_what_is_missing(
    lines: str, message: str, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path, {})
    workspace.user(lines)
    with pytest.raises(RoutingError) as refused:
        embedding_target(workspace.load())
    assert message in refused.value.message
    assert refused.value.next_step
