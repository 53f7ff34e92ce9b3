from __future__ import annotations

import pytest

from plain_targets import configuration, target
from streetrace_lsp.config.model import Settings
from streetrace_lsp.routing.configured import configured_models, target_strings
from streetrace_lsp.routing.model_facts import ModelFacts
from streetrace_lsp.routing.quality import quality_of
from streetrace_lsp.routing.recommend import CostLimitError, recommend

EMPTY = configuration()
TARGETS = {
    "gpt/edit": target("openai", "gpt-4o", "gpt"),
    "gpt/fast": target("openai", "gpt-4o-mini", "gpt"),
    "claude/edit": target("anthropic", "claude-opus-4-5", "claude"),
    "local/edit": target("ollama", "qwen2.5-coder:14b", "local", local=True),
    "team/x": target("litellm_proxy", "x", "team"),
}
SPEEDS = {("openai", "gpt-4o-mini"): 120.0, ("ollama", "qwen2.5-coder:14b"): 9.0}


def names(**more: object) -> list[str]:
    given = {"speeds": SPEEDS, "top_k": 9} | more
    return [found.target for found in recommend(EMPTY, "fix", TARGETS, **given)]  # type: ignore[arg-type]


def only(**weights: float) -> list[str]:
    zero = dict.fromkeys(("context_window", "speed", "cost", "quality", "specialization"), 0.0)
    weighted = configuration(model_selector={"weights": zero | weights})
    return [found.target for found in recommend(weighted, "fix", TARGETS, speeds=SPEEDS, top_k=1)]


def test_every_criterion_decides_when_it_alone_counts() -> None:
    assert only(context_window=1.0) == ["claude/edit"]
    assert only(speed=1.0) == ["gpt/fast"]
    assert only(cost=1.0) == ["local/edit"]
    assert only(quality=1.0) == ["claude/edit"]
    assert only(specialization=1.0) == ["local/edit"]


def test_the_score_is_the_weighted_mean_of_what_counts() -> None:
    weighted = configuration(
        model_selector={
            "weights": {
                "context_window": 0.0,
                "speed": 10.0,
                "cost": 10.0,
                "quality": 0.0,
                "specialization": 0.0,
            }
        }
    )
    given = {"local/edit": TARGETS["local/edit"]}
    speeds = {("ollama", "qwen2.5-coder:14b"): 50.0}
    assert recommend(weighted, "fix", given, speeds=speeds)[0].score == 75.0


def test_the_same_question_has_the_same_answer_and_equals_keep_their_order() -> None:
    assert names() == names()
    twins = {"b/x": TARGETS["team/x"], "a/x": TARGETS["team/x"]}
    found = recommend(EMPTY, "fix", twins, speeds={})
    assert [entry.target for entry in found] == ["b/x", "a/x"]


def test_the_reasons_are_said_one_for_each_thing_that_counts() -> None:
    [found] = recommend(EMPTY, "fix", {"gpt/edit": TARGETS["gpt/edit"]}, speeds={})
    assert found.why == (
        "a window of 128,000 tokens",
        "its speed is not measured yet, counted as the middle",
        "$2.5 and $10 per million tokens of prompt and answer (LiteLLM's table, gpt-4o)",
        "quality 3.5 of 5, ranked by family, not measured here: GPT-4",
        "a general model; fix edits code",
    )
    [unknown] = recommend(EMPTY, "explain", {"team/x": TARGETS["team/x"]}, speeds={})
    assert unknown.why == (
        "its window is not known, counted as the smallest",
        "its speed is not measured yet, counted as the middle",
        "its price is not known, counted as the highest",
        "quality 2.5 of 5, ranked by family, not measured here: not in the table, "
        "taken as the middle",
        "a general model, as explain wants",
    )


LIMITS = [
    ("low", {"gpt/fast", "local/edit"}),
    ("medium", {"gpt/edit", "gpt/fast", "local/edit", "claude/edit"}),
    (5, {"gpt/edit", "gpt/fast", "local/edit"}),
    (0, {"local/edit"}),
    (None, set(TARGETS)),
]


@pytest.mark.parametrize(("limit", "expected"), LIMITS)
def test_a_limit_of_cost_leaves_out_the_dearer_and_the_unknown(
    limit: object, expected: set[str]
) -> None:
    assert set(names(max_cost=limit)) == expected


def test_a_price_that_the_server_told_counts() -> None:
    facts = {"team/x": ModelFacts(0.1, 0.2, 32_000)}
    assert "team/x" in names(max_cost="low", facts=facts)


@pytest.mark.parametrize("limit", ["cheap", -1.0, float("nan"), float("inf")])
def test_a_limit_that_is_none_is_refused(limit: object) -> None:
    with pytest.raises(CostLimitError, match="no limit of cost"):
        names(max_cost=limit)


def test_no_more_than_asked_for_are_given() -> None:
    assert len(names(top_k=2)) == 2
    assert names(top_k=0) == []


RANKS = [
    ("claude-opus-4-5", 5, False),
    ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", 4.5, False),
    ("claude-3-haiku-20240307", 2, False),
    ("claude-haiku-4-5", 3.5, False),
    ("gpt-4o", 3.5, False),
    ("gpt-4o-mini", 3, False),
    ("gpt-5-codex", 5, True),
    ("gpt-5-nano", 2, False),
    ("o3-mini", 4, False),
    ("gpt-oss:20b", 2.5, False),
    ("gemini-2.5-flash", 3.5, False),
    ("gemini-2.5-flash-lite", 2.5, False),
    ("codestral-latest", 3, True),
    ("qwen2.5-coder:14b", 2.5, True),
    ("qwen2.5-coder:1.5b", 1, True),
    ("Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8", 4, True),
    ("dolphin-8b", 2, False),
    ("tinyllama", 1, False),
    ("local-model", 2.5, False),
]


@pytest.mark.parametrize(("model", "rank", "coder"), RANKS)
def test_the_rank_of_a_family(model: str, rank: float, coder: bool) -> None:
    found = quality_of(model)
    assert (found.rank, found.coder) == (rank, coder)
    assert found.reason


def test_every_model_that_is_configured_is_listed_once() -> None:
    settings = Settings.model_validate(
        {
            "model": "gpt/edit",
            "fallbacks": ["gemini/gemini-2.5-flash", "both"],
            "tasks": {"fix": ["local", "gemini/gemini-2.5-flash"]},
            "actions": {"shout": {"prompt": "x", "model": "gpt/o3"}},
            "pools": {"both": ["gpt/edit", "local"]},
            "backends": {
                "gpt": {"provider": "openai", "models": {"edit": "gpt-4o"}, "model": "gpt-4"},
                "local": {"provider": "ollama", "model": "llama3"},
                "az": {
                    "provider": "azure",
                    "deployments": {"east": {"deployment": "d", "model": "gpt-4o"}},
                },
            },
        }
    )
    listed = [(entry.target, entry.provider, entry.model) for entry in configured_models(settings)]
    assert listed == [
        ("gpt/edit", "openai", "gpt-4o"),
        ("gpt/gpt-4", "openai", "gpt-4"),
        ("local/llama3", "ollama", "llama3"),
        ("az/east", "azure", "gpt-4o"),
        ("gemini/gemini-2.5-flash", "gemini", "gemini-2.5-flash"),
        ("gpt/o3", "openai", "o3"),
    ]
    assert target_strings(settings) == (
        "gpt/edit",
        "gemini/gemini-2.5-flash",
        "both",
        "local",
        "gpt/o3",
    )
