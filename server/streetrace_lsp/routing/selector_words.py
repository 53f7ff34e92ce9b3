"""The words by which people speak of models, and how much each of them says by itself."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final


class Strength(IntEnum):
    """How surely words mean a model, and not something in the code."""

    # `azure`, `local`: also a service that code calls, or a plain word.
    NAME = 1
    # `claude`, `gpt`: hardly ever part of what is to be written.
    MODEL = 2
    # `gpt-4o`, `local/fast`, `anthropic opus`, `my openai settings`.
    EXACT = 3


# Words for whoever makes the models, as a provider's name. Aliases of providers count as well.
MAKERS: Final = {
    "claude": "anthropic",
    "gpt": "openai",
    "chatgpt": "openai",
    "google": "gemini",
    "vertex": "vertex_ai",
    "aws": "bedrock",
    "grok": "xai",
    "vllm": "hosted_vllm",
    "lmstudio": "lm_studio",
    "together": "together_ai",
    "sonar": "perplexity",
    "command": "cohere_chat",
}
# The documents write it so; OpenAPI is something else, so only where `my … settings` stands round.
MISSPELT: Final = {"openapi": "openai", "open-ai": "openai"}
MODEL_WORDS: Final = frozenset(
    {
        "claude",
        "gpt",
        "chatgpt",
        "gemini",
        "grok",
        "llama",
        "qwen",
        "mistral",
        "codestral",
        "devstral",
        "deepseek",
    }
)
# Names of models that are words of other trades too: Opus is a codec, phi an angle.
SHY_WORDS: Final = frozenset(
    {"opus", "sonnet", "haiku", "gemma", "phi", "kimi", "codellama", "tinyllama", "starcoder"}
)
# Aliases of providers that are everyday words.
NO_MAKERS: Final = frozenset({"custom_openai", "openai_like", "replay", "together", "command"})

# What may follow `to` or the settings: what an editor is asked for. Verbs that programs use
# models for (generate, classify …) are missing on purpose: `use gpt-4o to classify rows` is code.
_VERBS: Final = (
    "add|clean up|comment|correct|debug|document|edit|explain|fix|implement|improve|inline|"
    "moderni[sz]e|optimi[sz]e|polish|port|refactor|rename|reorder|restructure|review|rewrite|"
    "simplify|speed up|tidy|write tests|write a test"
)
# Verbs of both kinds count only before what is at hand: `to translate this`.
_EITHER: Final = (
    "answer|change|check|complete|convert|extract|finish|format|make|migrate|move|remove|"
    "replace|shorten|split|summari[sz]e|test|translate|type|update|write"
)
_DO: Final = rf"(?:(?:{_VERBS})\b(?![-'’_.(])|(?:{_EITHER})[ \t]++(?:this|these|it)\b)"
_NOUNS: Final = (
    "action|analysis|answer|change|edit|explanation|fix|job|one|operation|question|refactoring|"
    "request|review|task|time"
)

OPENER: Final = re.compile(r"\s*+(?:please[ \t,]+)?(use|using|with)[ \t]++", re.IGNORECASE)
ARTICLE: Final = re.compile(r"(my|our|the)[ \t]++", re.IGNORECASE)
WORD: Final = re.compile(r"[A-Za-z0-9][\w./:@+-]*")
SETTINGS: Final = re.compile(r"[ \t]++(?:settings|config|configuration|account|setup)\b", re.I)
MODEL: Final = re.compile(r"[ \t]++model\b(?![-'’])", re.IGNORECASE)
AGAIN: Final = re.compile(r"(?:[ \t]*+,)?[ \t]++(?:(?:and|to)[ \t]++)?(?=use[ \t])", re.IGNORECASE)

# What may follow the name; the rest of the instruction begins where the match ends. Possessive
# (`*+`), so that a long run of blanks is never tried in parts.
_END = r"[ \t]*+[.!]?[ \t]*+(?:\r?\n\s*+|$)"
_FOR = (
    rf"[ \t]++for[ \t]++(?:this|that|it)(?:[ \t]++(?:{_NOUNS}))?(?:[ \t]++instead|[ \t]++please)?"
    r"(?:\s*+$|(?:[ \t]*+[.,:;!])?[ \t]++(?:and|then|please)[ \t]++|[ \t]*+[.!;]?[ \t]*+\r?\n\s*+"
    r"|[ \t]*+[.,:;!][ \t]++|[ \t]++[-–—]+[ \t]++|[ \t]*+[.!:;]$)"
)
_TO = rf"[ \t]++to[ \t]++(?={_DO})"
_COLON = r"[ \t]*+:(?:[ \t]*+\r?\n\s*+|[ \t]++|$)"
_COMMA = (
    r"[ \t]*+,[ \t]++(?!(?:not|never|instead|rather|or|nor|but)\b)"
    r"(?:(?:and|then|please)[ \t]++)*"
)
_VERB = rf"[ \t]++(?:and[ \t]++)?(?={_DO})"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


AFTER_USE: Final = {
    Strength.NAME: _any(_FOR, _COLON),
    Strength.MODEL: _any(_FOR, _TO, _COLON, _COMMA, _END),
    Strength.EXACT: _any(_FOR, _TO, _COLON, _COMMA, _END),
}
AFTER_WITH: Final = {
    Strength.NAME: _any(_COLON),
    Strength.MODEL: _any(_COLON, _COMMA),
    Strength.EXACT: _any(_COLON, _COMMA),
}
AFTER_SETTINGS: Final = _any(_FOR, _TO, _COLON, _COMMA, _END, _VERB)
