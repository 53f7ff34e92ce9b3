"""A redirect carries nothing away: no key, no prompt, not even a connection."""

from __future__ import annotations

import pytest

from backends.asking import OLLAMA, OPENAI, Wire, ask
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

# LiteLLM's prefixes that send a chat over HTTP to the `api_base` they are given. Left out: what
# needs a cloud's own credentials first (bedrock, vertex_ai, sagemaker, watsonx, oci, sap), logs in
# (chatgpt, github_copilot), needs a further package (vllm), or has no chat.
PREFIXES = (
    *("ai21_chat", "aiml", "anthropic", "azure", "azure_ai", "baseten", "cerebras", "chutes"),
    *("cloudflare", "codestral", "cohere_chat", "cometapi", "compactifai", "custom_openai"),
    *("dashscope", "databricks", "datarobot", "deepinfra", "deepseek", "docker_model_runner"),
    *("featherless_ai", "fireworks_ai", "friendliai", "galadriel", "gemini", "github"),
    *("gradient_ai", "groq", "heroku", "hosted_vllm", "huggingface", "hyperbolic", "lambda_ai"),
    *("lemonade", "litellm_proxy", "llamafile", "lm_studio", "maritalk", "meta_llama", "minimax"),
    *("mistral", "modelscope", "moonshot", "morph", "nebius", "novita", "nscale", "nvidia_nim"),
    *("ollama_chat", "oobabooga", "openai", "openrouter", "ovhcloud", "perplexity", "poe"),
    *("publicai", "sambanova", "snowflake", "synthetic", "text-completion-openai"),
    *("together_ai", "v0", "vercel_ai_gateway", "volcengine", "wandb", "xai", "xinference", "zai"),
)


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_307_is_refused_and_named(
    prefix: str, host: ModelHost, server: FaultServer
) -> None:
    with FaultServer() as elsewhere:
        server.default = Reply(redirect=f"{elsewhere.base}/*")
        # The other origin is granted, as if another request in flight needed it: what holds here
        # is that redirects are off. The guard behind it has tests of its own.
        found = await ask(
            host,
            Wire(prefix, "litellm", prefix),
            server,
            origins=(server.origin, elsewhere.origin),
            options={"api_version": "2024-10-21"},
        )
        assert elsewhere.connections == []
        assert elsewhere.bytes_received == 0
    assert len(server.requests) == 1
    assert found.error is not None
    assert found.error.kind == "refused_origin"
    assert f"127.0.0.1:{elsewhere.port}" in found.error.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("wire", [OLLAMA, OPENAI], ids=lambda wire: wire.name)
async def test_every_kind_of_redirect_is_refused(
    wire: Wire, status: int, host: ModelHost, server: FaultServer
) -> None:
    with FaultServer() as elsewhere:
        headers = {"Location": f"{elsewhere.base}/v1/chat/completions"}
        server.script(Reply(status=status, body=b"moved", headers=headers))
        found = await ask(host, wire, server, origins=(server.origin, elsewhere.origin))
        assert elsewhere.connections == []
    assert found.error is not None
    assert found.error.kind == "refused_origin"


async def test_a_redirect_to_itself_is_refused_too(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(redirect="/v1/another/chat/completions"))
    found = await ask(host, OPENAI, server)
    assert len(server.requests) == 1
    assert found.error is not None
    assert found.error.kind == "refused_origin"


async def test_aiohttp_does_not_follow_either(host: ModelHost, server: FaultServer) -> None:
    with FaultServer() as elsewhere:
        server.default = Reply(redirect=f"{elsewhere.base}/*")
        wire = Wire("aiohttp_openai", "litellm", "aiohttp_openai")
        found = await ask(host, wire, server, origins=(server.origin, elsewhere.origin))
        assert elsewhere.connections == []
    assert len(server.requests) == 1
    assert found.error is not None
