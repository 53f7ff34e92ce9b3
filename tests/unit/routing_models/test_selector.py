# ruff: noqa: E501 - a table reads best with a case a line
"""Which words at the start of an instruction choose a configured target, and which don't."""

from __future__ import annotations

import pytest

from streetrace_lsp.config.model import Settings
from streetrace_lsp.routing.selector import select

SETTINGS = Settings.model_validate(
    {
        "model": "local/edit",
        "backends": {
            "claude": {"provider": "anthropic", "models": {"edit": "claude-opus-4-5", "chat": "claude-haiku-4-5-20251001"}},
            "gpt": {"provider": "openai", "models": {"edit": "gpt-4o", "chat": "gpt-4", "fast": "gpt-4o-mini"}},
            "local": {"provider": "ollama", "models": {"edit": "qwen2.5-coder:14b", "fast": "tinyllama"}},
            "azure-east": {"provider": "azure", "deployments": {"edit": {"deployment": "east-41", "model": "gpt-4.1"}}},
            "team": {"provider": "litellm_proxy", "models": {"edit": "deepseek-v3", "chat": "mixtral-8x7b"}},
            "cloud": {"provider": "bedrock", "models": {"edit": "us.anthropic.claude-3-7-sonnet-20250219-v1:0"}},
        },
        "pools": {"best": ["claude/edit", "gpt/edit"]},
        "tasks": {"explain": "gemini/gemini-2.5-flash"},
    }
)  # fmt: skip

CHOSEN = [
    # instruction, target, the rest of it
    ("use claude for this", "claude", ""),
    ("Use Claude for this.", "claude", ""),
    ("use claude for this: add types", "claude", "add types"),
    ("use claude for that and add types", "claude", "add types"),
    ("use claude for it, then add types", "claude", "add types"),
    ("use claude for this\nadd types\nto all", "claude", "add types\nto all"),
    ("use claude, rename x to y", "claude", "rename x to y"),
    ("use claude: rename x to y", "claude", "rename x to y"),
    ("please use claude to fix the loop", "claude", "fix the loop"),
    ("use claude to translate this comment", "claude", "translate this comment"),
    ("use claude", "claude", ""),
    ("use gpt-4o to simplify this", "gpt/gpt-4o", "simplify this"),
    ("use GPT-4o to Simplify this", "gpt/gpt-4o", "Simplify this"),
    ("use gpt 4o to simplify this", "gpt/gpt-4o", "simplify this"),
    ("use gpt-4o-mini: shorten", "gpt/gpt-4o-mini", "shorten"),
    ("use the gpt mini model to explain this", "gpt/gpt-4o-mini", "explain this"),
    ("use gpt-4", "gpt/gpt-4", ""),
    ("use openai gpt-4 to fix it", "gpt/gpt-4", "fix it"),
    ("use gpt-4.1 to fix it", "azure-east/edit", "fix it"),
    ("use anthropic opus", "claude/claude-opus-4-5", ""),
    ("use anthropic opus, shorten it", "claude/claude-opus-4-5", "shorten it"),
    ("use claude opus 4.5 to fix it", "claude/claude-opus-4-5", "fix it"),
    ("use opus for this", "claude/claude-opus-4-5", ""),
    ("use claude-haiku-4-5 to fix it", "claude/claude-haiku-4-5-20251001", "fix it"),
    ("use haiku for this: fix it", "claude/claude-haiku-4-5-20251001", "fix it"),
    ("use cloud for this: fix it", "cloud", "fix it"),
    ("use bedrock for this", "cloud", ""),
    ("using my openai settings explain this", "gpt", "explain this"),
    ("using my openai settings, add a test", "gpt", "add a test"),
    ("use my openapi settings", "gpt", ""),
    ("Using my OpenAPI settings use gpt-4 for this operation", "gpt/gpt-4", ""),
    ("using my openai settings use gpt-4 to fix it", "gpt/gpt-4", "fix it"),
    ("use my local config for this: fix it", "local", "fix it"),
    ("with local/fast: explain", "local/fast", "explain"),
    ("with claude, explain", "claude", "explain"),
    ("with local: explain", "local", "explain"),
    ("use local/fast to explain this", "local/fast", "explain this"),
    ("use local fast to explain this", "local/fast", "explain this"),
    ("use local/qwen2.5-coder:14b: explain", "local/edit", "explain"),
    ("use ollama/tinyllama for this", "local/fast", ""),
    ("use qwen2.5-coder:14b to fix it", "local/qwen2.5-coder:14b", "fix it"),
    ("use qwen to fix it", "local/qwen2.5-coder:14b", "fix it"),
    ("use the local model to fix it", "local", "fix it"),
    ("use best for this", "best", ""),
    ("use deepseek to fix it", "team/deepseek-v3", "fix it"),
    ("use mixtral-8x7b to fix it", "team/mixtral-8x7b", "fix it"),
    ("use azure-east to fix it", "azure-east", "fix it"),
    ("use azure for this", "azure-east", ""),
    ("use gemini to explain this", "gemini/gemini-2.5-flash", "explain this"),
    ("use gemini/gemini-2.5-flash to explain it", "gemini/gemini-2.5-flash", "explain it"),
]  # fmt: skip

LEFT_ALONE = [
    "use openai client here",
    "use gpt tokenizer in this function",
    "use the gpt tokenizer for this",
    "use gpt-4o as the default of this argument",
    "use gpt-4o's tokenizer",
    "use gpt-4o-audio to fix it",
    "use GPT-5 to fix it",
    "use gpt-4-turbo to fix it",
    "use gpt-4o to classify each row",
    "use gpt-4o to translate every message",
    "use gpt-4o to fix_rows()",
    "use claude to generate the summary field",
    "use claude-code conventions",
    "use claude's answer",
    "use claude.messages to fix it",
    "use claude::new for this",
    "use claude for this function's name",
    "use claude, not openai, in the client",
    "use openai",
    "use openai to fix the spelling of names",
    "use openai, then parse the result",
    "use my openai settings object in this class",
    "use the openai settings for this",
    "use openapi to describe the routes",
    "use my openapi schema",
    "use azure to store the files",
    "use local",
    "use local for this variable",
    "use local, not global",
    "use local to keep the scope small",
    "use fast for this",
    "use the best sort for this",
    "use best practices",
    "use opus to encode the stream",
    "use flash for this",
    "use haiku, one per line",
    "use team names",
    "use the team for this",
    "use mistral to fix it",
    "use llama.cpp to fix it",
    "use llama to fix it and gpt",
    "with claude fix this",
    "with open(path) as file",
    "with local variables: fix",
    "reuse claude for this",
    "fix this, use claude for this",
    "don't use claude for this",
    "use",
    "use ",
    "using",
    "use : fix",
    "",
    "   ",
]  # fmt: skip


@pytest.mark.parametrize(("instruction", "target", "rest"), CHOSEN)
def test_words_that_choose_a_target(instruction: str, target: str, rest: str) -> None:
    chosen = select(instruction, SETTINGS)
    assert chosen is not None
    assert (chosen.target, chosen.rest) == (target, rest)
    assert instruction.startswith(chosen.words)


@pytest.mark.parametrize("instruction", LEFT_ALONE)
def test_words_that_belong_to_the_task(instruction: str) -> None:
    assert select(instruction, SETTINGS) is None


@pytest.mark.parametrize("instruction", [case[0] for case in CHOSEN])
def test_nothing_is_chosen_where_nothing_is_configured(instruction: str) -> None:
    assert select(instruction, Settings()) is None


@pytest.mark.parametrize("instruction", [case[0] for case in CHOSEN])
def test_nothing_is_chosen_where_it_is_turned_off(instruction: str) -> None:
    off = SETTINGS.model_copy(
        update={"model_selector": SETTINGS.model_selector.model_copy(update={"enabled": False})}
    )
    assert select(instruction, off) is None


def two(default: str | None = None) -> Settings:
    return Settings.model_validate(
        {
            "model": default,
            "backends": {
                "one": {"provider": "openai", "model": "gpt-4o"},
                "two": {"provider": "azure", "model": "gpt-4o"},
                "three": {"provider": "openai", "model": "o3"},
            },
        }
    )


def test_what_two_backends_serve_is_left_alone_unless_one_is_the_default() -> None:
    assert select("use gpt-4o to fix it", two()) is None
    chosen = select("use gpt-4o to fix it", two("two"))
    assert chosen is not None
    assert chosen.target == "two/gpt-4o"
    named = select("use one gpt-4o to fix it", two())
    assert named is not None
    assert named.target == "one/gpt-4o"


def test_a_provider_with_two_backends_means_the_default_one() -> None:
    assert select("use openai for this", two()) is None
    chosen = select("use openai for this", two("three"))
    assert chosen is not None
    assert chosen.target == "three"


def test_a_backend_that_serves_one_family_alone_is_left_to_its_roles() -> None:
    settings = Settings.model_validate(
        {
            "backends": {
                "aws": {
                    "provider": "bedrock",
                    "models": {
                        "edit": "anthropic.claude-opus-4-5-20251101-v1:0",
                        "chat": "anthropic.claude-haiku-4-5-20251001-v1:0",
                    },
                }
            }
        }
    )
    chosen = select("use claude to fix it", settings)
    assert chosen is not None
    assert chosen.target == "aws"


def test_a_long_instruction_is_decided_at_its_start() -> None:
    text = "use " + "x " * 50_000 + "claude for this"
    assert select(text, SETTINGS) is None
    spaces = "use" + " \t" * 50_000 + "claude for this" + " \t" * 50_000 + "x"
    assert select(spaces, SETTINGS) is None
