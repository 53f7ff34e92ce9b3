"""Which provider serves a well-known model name that is given without a provider."""

from __future__ import annotations

import re
from typing import Final

# LiteLLM's own table forgets models that are no longer sold; families are stable.
_FAMILIES: Final = (
    ("anthropic", re.compile(r"claude-")),
    ("gemini", re.compile(r"gemini-|gemma-3-|learnlm-")),
    ("openai", re.compile(r"gpt-|chatgpt-|o[1-9](?:-|$)|codex-|computer-use-|ft:gpt-")),
    ("deepseek", re.compile(r"deepseek-(?:chat|coder|reasoner)$")),
    (
        "mistral",
        re.compile(r"(?:codestral|mistral-(?:large|medium|small)|ministral|devstral|magistral)\b"),
    ),
    ("xai", re.compile(r"grok-")),
    ("cohere_chat", re.compile(r"command-")),
    ("perplexity", re.compile(r"sonar(?:-|$)")),
)


def family(model: str) -> str | None:
    """The name of the provider whose family ``model`` belongs to; None when it is unclear."""
    lowered = model.lower()
    return next((name for name, pattern in _FAMILIES if pattern.match(lowered)), None)


# Names of the documents that their provider sells under another name.
_RENAMED: Final = {"codestral": "codestral-latest"}


def wire_model(model: str) -> str:
    """The name under which the family's provider knows ``model``."""
    return _RENAMED.get(model, model)
