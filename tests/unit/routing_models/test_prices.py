# ruff: noqa: E501 - a table reads best with a case a line
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configured_project import Workspace
from plain_targets import configuration, target
from streetrace_lsp.routing.litellm_table import Step
from streetrace_lsp.routing.model_facts import ModelFacts, facts_of_proxy
from streetrace_lsp.routing.prices import PriceOf, cost_of, price_for, price_of, reservation
from streetrace_lsp.routing.table_names import find_row

EMPTY = configuration()
# Provider, model, and the row of LiteLLM's table that it is; None where there is none.
NAMES = [
    ("openai", "gpt-4o", "gpt-4o"),
    ("openai", "GPT-4o", "gpt-4o"),
    ("openai", "ft:gpt-4o-2024-08-06:org::id", "ft:gpt-4o-2024-08-06"),
    ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("anthropic", "claude-sonnet-4-5-20301231", "claude-sonnet-4-5"),
    ("anthropic", "claude-sonnet-4-5-latest", "claude-sonnet-4-5"),
    ("azure", "gpt-4o", "azure/gpt-4o"),
    ("azure", "gpt-4", "azure/gpt-4"),
    ("azure", "gpt-3.5-turbo", "azure/gpt-3.5-turbo"),
    ("gemini", "gemini-2.5-flash", "gemini/gemini-2.5-flash"),
    ("vertex_ai", "gemini-2.5-flash", "gemini-2.5-flash"),
    ("vertex_ai", "claude-sonnet-4-5@20250929", "vertex_ai/claude-sonnet-4-5@20250929"),
    ("vertex_ai", "claude-sonnet-4-5@20301231", "vertex_ai/claude-sonnet-4-5"),
    ("bedrock", "anthropic.claude-3-7-sonnet-20250219-v1:0", "anthropic.claude-3-7-sonnet-20250219-v1:0"),
    ("bedrock", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", "us.anthropic.claude-3-7-sonnet-20250219-v1:0"),
    ("bedrock", "ca.anthropic.claude-3-7-sonnet-20250219-v1:0", "anthropic.claude-3-7-sonnet-20250219-v1:0"),
    ("bedrock", "anthropic.claude-3-7-sonnet-20250219-v1:0:200k", "anthropic.claude-3-7-sonnet-20250219-v1:0"),
    ("bedrock", "converse/us.anthropic.claude-3-7-sonnet-20250219-v1:0", "us.anthropic.claude-3-7-sonnet-20250219-v1:0"),
    ("bedrock", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0", "us.anthropic.claude-3-7-sonnet-20250219-v1:0"),
    ("bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4", None),
    ("cohere_chat", "command-a-03-2025", "command-a-03-2025"),
    ("deepseek", "deepseek-chat", "deepseek/deepseek-chat"),
    ("together_ai", "deepseek-ai/DeepSeek-V3", "together_ai/deepseek-ai/DeepSeek-V3"),
    ("mistral", "codestral-latest", "mistral/codestral-latest"),
    # A bare row of somebody else says nothing of this provider.
    ("groq", "gpt-4o", None),
    ("openai", "claude-sonnet-4-5", None),
    ("openai", "my-own-model", None),
    ("litellm_proxy", "gpt-4o", None),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "model", "row"), NAMES)
def test_the_row_of_a_model(provider: str, model: str, row: str | None) -> None:
    if provider != "litellm_proxy":
        found = find_row(provider, model)
        assert (found.name if found else None) == row
    price = price_of(EMPTY, provider, model, local=False)
    assert (price.source if price else None) == (f"LiteLLM's table, {row}" if row else None)


def test_prices_are_dollars_per_million_tokens() -> None:
    price = price_of(EMPTY, "openai", "gpt-4o", local=False)
    assert price is not None
    assert (price.input, price.output) == (2.5, 10.0)


UNKNOWN = [
    ("openai", "nobody-knows-it", False),
    ("ollama", "llama3", False),
    ("ollama", "gpt-oss:120b-cloud", True),
    ("litellm_proxy", "gpt-4o", True),
    ("azure", "my-deployment", True),
    ("codestral", "codestral-latest", False),
    ("openrouter", "some/model", False),
]


@pytest.mark.parametrize(("provider", "model", "local"), UNKNOWN)
def test_an_unknown_price_is_never_zero(provider: str, model: str, local: bool) -> None:
    assert price_of(EMPTY, provider, model, local=local) is None


@pytest.mark.parametrize("provider", ["ollama", "openai", "lm_studio", "hosted_vllm", "replay"])
def test_a_server_on_this_machine_costs_nothing(provider: str) -> None:
    assert price_of(EMPTY, provider, "qwen2.5-coder", local=True) == PriceOf(0, 0, "this machine")
    assert price_of(EMPTY, provider, "gpt-oss:20b", local=True) == PriceOf(0, 0, "this machine")


def test_a_gateway_on_this_machine_costs_what_is_behind_it() -> None:
    for provider, model in [("openai", "gpt-4o"), ("anthropic", "claude-sonnet-4-5")]:
        price = price_of(EMPTY, provider, model, local=True)
        assert price is not None
        assert price.output > 0


WON = [
    # Keys of [prices], and the one that holds for the target
    (["fast/x", "gpt/gpt-4o", "openai/gpt-4o", "gpt-4o"], "fast/x"),
    (["gpt/gpt-4o", "openai/gpt-4o", "gpt-4o"], "gpt/gpt-4o"),
    (["openai/gpt-4o", "gpt-4o"], "openai/gpt-4o"),
    (["GPT-4O"], "GPT-4O"),
]


@pytest.mark.parametrize(("keys", "key"), WON)
def test_configured_prices_win_the_most_telling_first(keys: list[str], key: str) -> None:
    prices = {name: {"input": 1.0 + at, "output": 1.0} for at, name in enumerate(keys)}
    given = configuration(prices=prices)
    price = price_for(given, target("openai", "gpt-4o", "gpt @ example.org"), wanted="fast/x")
    assert price == PriceOf(1, 1, f"[prices.{key}]")


def test_a_deployment_costs_what_its_model_costs() -> None:
    deployed = target("azure", "east-4o", "azure/east", priced_as="gpt-4o")
    price = price_for(EMPTY, deployed)
    assert price is not None
    assert price.source == "LiteLLM's table, azure/gpt-4o"
    by_deployment = configuration(prices={"azure/east-4o": {"input": 1.0, "output": 2.0}})
    assert price_for(by_deployment, deployed) == PriceOf(1, 2, "[prices.azure/east-4o]")


def test_the_user_may_say_that_a_model_costs_nothing() -> None:
    free = configuration(prices={"llama3": {"input": 0.0, "output": 0.0}})
    assert price_of(free, "ollama", "llama3", local=False) == PriceOf(0, 0, "[prices.llama3]")


def test_a_project_can_raise_a_price_and_not_lower_it() -> None:
    def priced(model: str, dollars: float) -> PriceOf | None:
        key = f"prices.{model}"
        table = {model: {"input": dollars, "output": dollars}}
        return price_of(configuration({key: "project"}, prices=table), "openai", model, local=False)

    assert priced("gpt-4o", 50) == PriceOf(50, 50, "[prices.gpt-4o]")
    assert priced("gpt-4o", 0.1) == price_of(EMPTY, "openai", "gpt-4o", local=False)
    assert priced("mine", 3) == PriceOf(3, 3, "[prices.mine]")
    assert priced("mine", 0) is None


@pytest.mark.parametrize(
    ("budget", "known"),
    [
        ({}, True),
        ({"project_day": "project"}, True),
        ({"day": "user"}, False),
        ({"month": "user"}, False),
        ({"project_day": "user"}, False),
        ({"project_month": "user", "project_day": "project"}, False),
    ],
)
def test_under_a_limit_of_the_user_a_project_makes_no_price_known(
    budget: dict[str, str], known: bool
) -> None:
    sources = {"prices.gw/m": "project", **{f"budget.{key}": of for key, of in budget.items()}}
    cheap = {"gw/m": {"input": 1e-7, "output": 1e-7}}
    found = configuration(sources, prices=cheap, budget=dict.fromkeys(budget, 1.0))
    price = price_for(found, target("openai", "m", "gw"))
    assert price == (PriceOf(1e-7, 1e-7, "[prices.gw/m]") if known else None)


@pytest.mark.parametrize("name", ["m", "gw/m", "GW/M"])
def test_a_price_that_the_user_set_stays_known_when_a_project_raises_it(
    tmp_path: Path, name: str
) -> None:
    workspace = Workspace(tmp_path)
    workspace.user(f'[budget]\nday = 1\n[prices."{name}"]\ninput = 1\noutput = 1\n')
    workspace.project('[prices."gw/m"]\ninput = 2\noutput = 2\n').trust()
    price = price_for(workspace.load(), target("openai", "m", "gw"))
    assert price is not None
    assert price.output in {1, 2}
    assert workspace.load().sources["prices.gw/m"] == "project"
    other = price_for(workspace.load(), target("openai", "other", "gw"))
    assert other is None


def test_what_the_proxy_lists_is_its_price() -> None:
    facts = ModelFacts(1.5, 6.0, 32_000)
    price = price_of(EMPTY, "litellm_proxy", "gpt-4o", local=True, facts=facts)
    assert price == PriceOf(1.5, 6.0, "the server's own list")


def test_facts_are_read_from_a_proxys_listing() -> None:
    def row(name: str, model: str, info: object, **params: object) -> dict[str, object]:
        return {
            "model_name": name,
            "litellm_params": {"model": model, **params},
            "model_info": info,
        }

    price = {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}
    dear = {"input_cost_per_token": 3e-6, "output_cost_per_token": 9e-6}
    zero = {"input_cost_per_token": 0, "output_cost_per_token": 0}
    found = facts_of_proxy(
        [
            row("team", "azure/a", price | {"max_input_tokens": 128_000, "max_output_tokens": 4}),
            row("team", "azure/b", dear | {"max_input_tokens": 64_000}),
            row("unknown", "openai/x", zero),
            row("home", "ollama/llama3", zero | {"max_tokens": 8192}),
            row("rented", "ollama/gpt-oss:120b-cloud", zero),
            row("given", "openai/y", {}, **price),
            row("odd", "openai/z", {"input_cost_per_token": "a", "max_tokens": float("inf")}),
            row("odder", "openai/z", None),
            {"model_name": None},
            "nothing",
        ]
    )
    assert found == {
        "team": ModelFacts(3, 9, 64_000, 4),
        "unknown": ModelFacts(),
        "home": ModelFacts(0, 0, 8192),
        "rented": ModelFacts(),
        "given": ModelFacts(2, 8),
        "odd": ModelFacts(),
        "odder": ModelFacts(),
    }


COSTS = [
    # input and output in USD per million tokens, tokens of prompt and answer, nano-dollars
    (PriceOf(2.5, 10, ""), 1000, 200, 4_500_000),
    (PriceOf(0.28, 0.42, ""), 1, 1, 700),
    (PriceOf(0.0001, 0, ""), 1, 0, 1),
    (PriceOf(0.0001, 0, ""), 11, 0, 2),
    (PriceOf(0, 0, ""), 10**9, 10**9, 0),
    (PriceOf(1, 2, "", (Step(100, 10, 20),)), 100, 1, 102_000),
    (PriceOf(1, 2, "", (Step(100, 10, 20),)), 101, 1, 1_030_000),
    (PriceOf(1, 1, "", (), 0.005), 0, 0, 5_000_000),
]


@pytest.mark.parametrize(("price", "prompt", "answer", "nano"), COSTS)
def test_a_cost_is_exact_and_rounded_up(
    price: PriceOf, prompt: int, answer: int, nano: int
) -> None:
    assert cost_of(price, prompt, answer) == nano


def test_a_reservation_counts_the_longest_answer_that_may_come() -> None:
    price = PriceOf(1, 2, "")
    prompt = 1250 * 1000
    assert reservation(price, 1000, max_tokens=10, max_output=20) == prompt + 10 * 2000
    assert reservation(price, 1000, max_tokens=30, max_output=20) == prompt + 20 * 2000
    assert reservation(price, 1000, max_output=20) == prompt + 20 * 2000
    assert reservation(price, 1000) == prompt + 32_768 * 2000


@given(st.floats(0, 1000), st.floats(0, 1000), st.integers(0, 10**7), st.integers(0, 10**6))
def test_a_reservation_is_never_below_the_cost_of_what_it_was_made_for(
    price_in: float, price_out: float, prompt: int, answer: int
) -> None:
    price = PriceOf(price_in, price_out, "")
    assert reservation(price, prompt, max_tokens=answer) >= cost_of(price, prompt, answer)
