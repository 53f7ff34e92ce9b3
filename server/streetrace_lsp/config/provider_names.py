"""Other names of providers and variables, and the providers left out on purpose."""

from __future__ import annotations

from typing import Final

ALIASES: Final[dict[str, str]] = {
    "cohere": "cohere_chat",
    "ollama_chat": "ollama",
    "vertexai": "vertex_ai",
    "google": "gemini",
    "together": "together_ai",
    "togetherai": "together_ai",
    "perplexityai": "perplexity",
    "azure_openai": "azure",
    "lmstudio": "lm_studio",
    "aws": "bedrock",
    "grok": "xai",
    "fireworks": "fireworks_ai",
    "custom_openai": "openai",
    "openai_like": "openai",
    "llama_cpp": "openai",
}

_TEMPLATES: Final = "LiteLLM renders chat templates from a model hub for it (CVE-2024-2952)"
_SIGN_IN: Final = "it signs in by itself and keeps its tokens in files of its own"
_AGENTS: Final = "it is an agent server, not a model"

# Known to LiteLLM and left out, with the reason that the user is told.
REFUSED: Final[dict[str, str]] = {
    "vllm": "it would load the model into this program; start a vLLM server and use hosted_vllm",
    "petals": "it would load the model into this program",
    "huggingface": _TEMPLATES,
    "oobabooga": _TEMPLATES,
    "predibase": _TEMPLATES,
    "sagemaker": _TEMPLATES,
    "triton": _TEMPLATES,
    "watsonx": _TEMPLATES,
    "github_copilot": _SIGN_IN,
    "chatgpt": _SIGN_IN,
    "gigachat": "LiteLLM does not check its certificates",
    "custom": "it runs code of the caller's choice",
    "langgraph": _AGENTS,
    "langflow": _AGENTS,
    "a2a": _AGENTS,
}

# Names that people write, and the variable that is read.
MISNAMED: Final[dict[str, str]] = {
    "OPENAI_KEY": "OPENAI_API_KEY",
    "OPENAI_TOKEN": "OPENAI_API_KEY",
    "ANTHROPIC_KEY": "ANTHROPIC_API_KEY",
    "CLAUDE_API_KEY": "ANTHROPIC_API_KEY",
    "GROQ_KEY": "GROQ_API_KEY",
    "MISTRAL_KEY": "MISTRAL_API_KEY",
    "DEEPSEEK_KEY": "DEEPSEEK_API_KEY",
    "AZURE_KEY": "AZURE_API_KEY",
    "GEMINI_KEY": "GEMINI_API_KEY",
    "GOOGLE_KEY": "GEMINI_API_KEY",
    "COHERE_KEY": "COHERE_API_KEY",
    "OPENROUTER_KEY": "OPENROUTER_API_KEY",
    "LITELLM_API_KEY": "LITELLM_PROXY_API_KEY",
    "AZURE_OPENAI_KEY": "AZURE_API_KEY",
    "PERPLEXITY_KEY": "PERPLEXITYAI_API_KEY",
    "TOGETHER_KEY": "TOGETHERAI_API_KEY",
    "NEBIUS_KEY": "NEBIUS_API_KEY",
    "XAI_KEY": "XAI_API_KEY",
    "REPLICATE_KEY": "REPLICATE_API_KEY",
}
