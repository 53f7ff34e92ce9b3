"""Vectors by a real llama-server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backends.llama import LlamaServer, running_llama_server
from streetrace_lsp.routing.embed import embed
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.origins import Origin
from streetrace_lsp.routing.targets import Target

pytestmark = [pytest.mark.llama, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    options = ("--embeddings", "--pooling", "mean", "--ubatch-size", "512")
    with running_llama_server(tmp_path_factory.mktemp("model"), *options) as running:
        yield running


@pytest.fixture(params=["openai", "hosted_vllm", "lm_studio"])
def asked(request: pytest.FixtureRequest, server: LlamaServer) -> Target:
    return Target(
        backend="search",
        provider=request.param,
        model="tiny",
        adapter="litellm",
        api_base=server.url,
        origins=(Origin("http", *server.origin),),
        local=True,
    )


async def test_the_same_text_has_the_same_vector(asked: Target, host: ModelHost) -> None:
    texts = ["def f(): ...", "class Öl: ...", "def f(): ..."]
    first, second, third = await embed(host, asked, texts)
    assert first == pytest.approx(third, abs=1e-4)
    assert first != pytest.approx(second, abs=1e-4)
    assert len(first) == 64


async def test_a_text_that_is_too_long_is_called_so(asked: Target, host: ModelHost) -> None:
    with pytest.raises(BackendError) as refused:
        await embed(host, asked, ["x" * 5000])
    assert refused.value.kind == "context"
