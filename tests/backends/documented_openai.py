"""The recipes of docs/backends/ in OpenAI's wire, each with the request that it makes."""

from __future__ import annotations

from typing import Any

from backends.recipes import recipe
from backends.wires.row import Row, openai_body

KEY = "recipe-canary"
MORE = "more-providers"
_NO_USAGE: dict[str, Any] = {"stream_options": None}


def row(page: str, heading: str, target: str, nth: int = 0, **facts: Any) -> Row:
    """The row of one recipe; ``facts`` are the other fields of `Row`."""
    return Row(
        name=f"{page}-{heading}-{nth}".lower().replace(" ", "-"),
        system=page,
        recipe=recipe(page, heading, nth),
        target=target,
        **{"environment": {}, "files": {}, **facts},
    )


def _openai(
    page: str, heading: str, target: str, base: str, model: str, key: str = "", **facts: Any
) -> Row:
    """A recipe in OpenAI's wire. ``key`` is the variable of its key, sent as a bearer token."""
    host, _, path = base.partition("://")[2].partition("/")
    changes = facts.pop("changes", {})
    headers = {"authorization": f"Bearer {KEY if key else 'none'}", **facts.pop("headers", {})}
    environment = {**({key: KEY} if key else {}), **facts.pop("environment", {})}
    return row(
        page,
        heading,
        target,
        environment=environment,
        origin=f"{base.partition('://')[0]}://{host}",
        path=f"/{path}/chat/completions".replace("//", "/"),
        headers=headers,
        body=openai_body(model, **changes),
        **facts,
    )


_OPEN_AI = "https://api.openai.com/v1"
_HOSTED = "hosted-open-models"
_TOP_HOSTED = "Together AI, Groq, Perplexity, DeepSeek, Nebius"
_MORE_TOP = "Mistral, Replicate, OpenRouter, xAI, and others"
_ORGANIZATION = {"openai-organization": "org-example"}
_GATEWAY: dict[str, Any] = {
    "nth": 1,
    "headers": {"x-team": "compilers"},
    "changes": {"top_p": 0.9},
}
_DEEPSEEK = ("deepseek/edit", "https://api.deepseek.com/beta", "deepseek-chat", "DEEPSEEK_API_KEY")
_MISTRAL = ("mistral/edit", "https://api.mistral.ai/v1", "codestral-latest", "MISTRAL_API_KEY")
IN_OPENAIS_WIRE: tuple[Row, ...] = (
    _openai(
        "openai", "OpenAI", "gpt/edit", _OPEN_AI, "gpt-4o", "OPENAI_API_KEY", headers=_ORGANIZATION
    ),
    _openai(
        "openai", "Configuration", "openai/gpt-4o-mini", _OPEN_AI, "gpt-4o-mini", "OPENAI_API_KEY"
    ),
    _openai(
        "openai-compatible",
        "OpenAI-compatible endpoints",
        "team/edit",
        "https://llm.example.org/v1",
        "qwen2.5-coder",
        "TEAM_LLM_KEY",
    ),
    _openai(
        "openai-compatible",
        "Configuration",
        "here/any",
        "http://localhost:8080/v1",
        "any",
    ),
    _openai(
        "openai-compatible",
        "Configuration",
        "gateway/edit",
        "https://gateway.example.org/openai/v1",
        "gpt-4o",
        "GATEWAY_KEY",
        **_GATEWAY,
    ),
    _openai(_HOSTED, _TOP_HOSTED, *_DEEPSEEK),
    _openai(
        _HOSTED,
        "Together AI",
        "together/edit",
        "https://api.together.ai/v1",
        "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8",
        "TOGETHERAI_API_KEY",
    ),
    _openai(
        _HOSTED,
        "Groq",
        "groq/edit",
        "https://api.groq.com/openai/v1",
        "openai/gpt-oss-120b",
        "GROQ_API_KEY",
    ),
    _openai(
        _HOSTED,
        "Perplexity",
        "perplexity/chat",
        "https://api.perplexity.ai",
        "sonar",
        "PERPLEXITYAI_API_KEY",
        changes=_NO_USAGE,
    ),
    _openai(_HOSTED, "DeepSeek", *_DEEPSEEK),
    _openai(
        _HOSTED,
        "Nebius",
        "nebius/edit",
        "https://api.studio.nebius.ai/v1",
        "Qwen/Qwen3-32B",
        "NEBIUS_API_KEY",
    ),
    _openai(
        "litellm-proxy",
        "LiteLLM Proxy",
        "team/edit",
        "http://localhost:4000",
        "claude-sonnet",
        "LITELLM_PROXY_API_KEY",
    ),
    _openai(
        "litellm-proxy",
        "Configuration",
        "litellm_proxy/claude-sonnet",
        "http://localhost:4000",
        "claude-sonnet",
        "LITELLM_PROXY_API_KEY",
        environment={"LITELLM_PROXY_API_BASE": "http://localhost:4000"},
    ),
    _openai(
        "lm-studio",
        "LM Studio",
        "studio/edit",
        "http://localhost:1234/v1",
        "qwen2.5-coder-7b-instruct",
    ),
    _openai(
        "lm-studio",
        "Configuration",
        "studio/edit",
        "http://localhost:1234/v1",
        "qwen2.5-coder-7b-instruct",
        at_test_server={"LM_STUDIO_API_BASE": "{server}/v1"},
    ),
    _openai("vllm", "vLLM", "gpu", "http://localhost:8000/v1", "Qwen2.5-Coder-7B-Instruct"),
    _openai(
        "vllm",
        "Configuration",
        "farm",
        "http://gpu1.example.org:8000/v1",
        "Qwen2.5-Coder-32B-Instruct",
        nth=1,
    ),
    _openai(MORE, _MORE_TOP, *_MISTRAL, changes=_NO_USAGE),
    _openai(MORE, "Mistral", *_MISTRAL, changes=_NO_USAGE),
    _openai(
        MORE,
        "OpenRouter",
        "openrouter/edit",
        "https://openrouter.ai/api/v1",
        "qwen/qwen3-coder",
        "OPENROUTER_API_KEY",
        changes={"usage": {"include": True}},
    ),
    _openai(MORE, "xAI", "xai/edit", "https://api.x.ai/v1", "grok-code-fast-1", "XAI_API_KEY"),
    _openai(
        MORE,
        "A provider that is not on the list",
        "mine/edit",
        "https://api.my-provider.example.org/v1",
        "my-model-v1",
        "MY_PROVIDER_API_KEY",
    ),
)
