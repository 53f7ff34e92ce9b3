"""Cloud services in OpenAI's wire: one address, one key, a bearer token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backends.wires.row import Row, openai_body

DOCUMENTED = "Together AI, Groq, Perplexity, DeepSeek, Nebius"
REVIEWED = (
    "Mistral, Replicate, OpenRouter, xAI, and further LiteLLM providers on a reviewed list "
    "(what executes or downloads is left out, with its reason)"
)


def _cloud(
    provider: str, variable: str, base: str, model: str, *, sent: str = "", **changes: Any
) -> Row:
    """The row of a service at ``base`` with its key in ``variable``.

    ``sent``: its own name for the model; ``changes``: to the body."""
    origin, slash, path = base.removeprefix("https://").partition("/")
    stem = variable.removesuffix("_API_KEY")
    documented = {"together_ai", "groq", "perplexity", "deepseek", "nebius"}
    return Row(
        name=provider,
        system=DOCUMENTED if provider in documented else REVIEWED,
        recipe=f"""\
model = "{provider}/{model}"
""",
        environment={variable: f"{provider}-canary"},
        target=f"{provider}/{model}",
        origin=f"https://{origin}",
        path=f"{slash}{path}/chat/completions",
        headers={"authorization": f"Bearer {provider}-canary"},
        body=openai_body(sent or model, **changes),
        at_test_server={f"{stem}_API_BASE": f"{{server}}{slash}{path}"},
    )


_NO_USAGE: dict[str, Any] = {"stream_options": None}

CLOUDS = (
    _cloud(
        "together_ai",
        "TOGETHERAI_API_KEY",
        "https://api.together.ai/v1",
        "Qwen/Qwen2.5-Coder-32B-Instruct",
    ),
    _cloud("groq", "GROQ_API_KEY", "https://api.groq.com/openai/v1", "llama-3.3-70b-versatile"),
    _cloud("perplexity", "PERPLEXITYAI_API_KEY", "https://api.perplexity.ai", "sonar", **_NO_USAGE),
    replace(
        _cloud(
            "perplexity", "PERPLEXITY_API_KEY", "https://api.perplexity.ai", "sonar", **_NO_USAGE
        ),
        name="perplexity-other-variable",
        at_test_server={"PERPLEXITYAI_API_BASE": "{server}"},
    ),
    _cloud("deepseek", "DEEPSEEK_API_KEY", "https://api.deepseek.com/beta", "deepseek-chat"),
    _cloud(
        "nebius",
        "NEBIUS_API_KEY",
        "https://api.studio.nebius.ai/v1",
        "Qwen/Qwen2.5-Coder-32B-Instruct",
    ),
    _cloud(
        "mistral", "MISTRAL_API_KEY", "https://api.mistral.ai/v1", "codestral-latest", **_NO_USAGE
    ),
    _cloud(
        "codestral",
        "CODESTRAL_API_KEY",
        "https://codestral.mistral.ai/v1",
        "codestral-latest",
        **_NO_USAGE,
    ),
    _cloud(
        "openrouter",
        "OPENROUTER_API_KEY",
        "https://openrouter.ai/api/v1",
        "qwen/qwen-2.5-coder-32b-instruct",
        usage={"include": True},
    ),
    _cloud("xai", "XAI_API_KEY", "https://api.x.ai/v1", "grok-3"),
    _cloud(
        "fireworks_ai",
        "FIREWORKS_API_KEY",
        "https://api.fireworks.ai/inference/v1",
        "qwen2p5-coder-32b-instruct",
        sent="accounts/fireworks/models/qwen2p5-coder-32b-instruct",
    ),
    _cloud(
        "cerebras", "CEREBRAS_API_KEY", "https://api.cerebras.ai/v1", "llama3.1-8b", **_NO_USAGE
    ),
    _cloud(
        "sambanova",
        "SAMBANOVA_API_KEY",
        "https://api.sambanova.ai/v1",
        "Meta-Llama-3.3-70B-Instruct",
    ),
    _cloud(
        "nvidia_nim",
        "NVIDIA_NIM_API_KEY",
        "https://integrate.api.nvidia.com/v1",
        "qwen/qwen2.5-coder-32b-instruct",
        **_NO_USAGE,
    ),
    _cloud(
        "deepinfra",
        "DEEPINFRA_API_KEY",
        "https://api.deepinfra.com/v1/openai",
        "Qwen/Qwen2.5-Coder-32B-Instruct",
        **_NO_USAGE,
    ),
    _cloud("moonshot", "MOONSHOT_API_KEY", "https://api.moonshot.ai/v1", "kimi-k2-0711-preview"),
    _cloud(
        "dashscope",
        "DASHSCOPE_API_KEY",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "qwen-coder-plus",
    ),
)
