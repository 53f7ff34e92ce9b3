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


_WRITTEN: Final = re.compile(r"([a-z]+)[-_ ]?(.*)")
# The words that the families' names begin with.
_HEADS: Final = (
    *("claude", "gemini", "gemma", "gpt", "chatgpt", "codex", "deepseek", "codestral"),
    *("mistral", "ministral", "devstral", "magistral", "grok", "command", "sonar"),
)
_SHORT: Final = 6


def near_family(model: str) -> str | None:
    """``model`` with the slip in its family's name mended (``cluade-…``, ``gpt4``), or None."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = _WRITTEN.fullmatch(model.lower())
    if found is None or family(model) is not None or not found[2]:
        return None
    most = 0 if len(found[1]) < _SHORT - 1 else 1 if len(found[1]) <= _SHORT else 2
    head = process.extractOne(found[1], _HEADS, scorer=OSA.distance, score_cutoff=most)
    meant = f"{head[0]}-{found[2]}" if head is not None else ""
    return meant if family(meant) is not None else None


# Names of the documents that their provider sells under another name.
_RENAMED: Final = {"codestral": "codestral-latest"}


def wire_model(model: str) -> str:
    """The name under which the family's provider knows ``model``."""
    return _RENAMED.get(model, model)
