from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plain_targets import configuration, target
from streetrace_lsp.routing.model_facts import ModelFacts
from streetrace_lsp.routing.num_ctx import KeptWindows, step_for
from streetrace_lsp.routing.windows import (
    answer_room,
    max_output_of,
    needed_window,
    prompt_room,
    window_of,
)

EMPTY = configuration()


def with_windows(provider: str, windows: dict[str, int]) -> Any:
    return configuration(backends={"mine": {"provider": provider, "context_windows": windows}})


def test_the_configuration_wins_over_the_server_and_the_table() -> None:
    given_windows = with_windows("openai", {"gpt-4o": 4000})
    assert window_of(given_windows, target("openai", "gpt-4o", "mine")) == 4000
    assert window_of(given_windows, target("openai", "gpt-4o", "mine @ a:1")) == 4000
    assert (
        window_of(given_windows, target("openai", "gpt-4o", "mine"), ModelFacts(window=9)) == 4000
    )
    assert window_of(EMPTY, target("openai", "gpt-4o"), ModelFacts(window=9)) == 9
    assert window_of(EMPTY, target("openai", "gpt-4o")) == 128_000


def test_a_deployment_has_the_window_of_its_model() -> None:
    deployed = target("azure", "east", priced_as="gpt-4o")
    assert window_of(EMPTY, deployed) == 128_000
    assert max_output_of(deployed) == 16_384


def test_a_model_has_the_window_that_its_maker_gives_it_wherever_it_is_sold() -> None:
    assert window_of(EMPTY, target("openrouter", "anthropic/claude-sonnet-4.5")) == 200_000
    assert window_of(EMPTY, target("litellm_proxy", "gpt-4o")) == 128_000
    assert window_of(EMPTY, target("openai", "nobody-knows-it")) is None


def test_a_server_on_this_machine_has_a_window_that_only_it_knows() -> None:
    local = target("hosted_vllm", "meta-llama/Llama-3.3-70B-Instruct", local=True)
    assert window_of(EMPTY, local) is None
    assert max_output_of(local) is None
    assert window_of(EMPTY, local, ModelFacts(window=4096)) == 4096


OLLAMA = [
    # context_windows, num_ctx, the model's ceiling, the most that may be asked for
    ({}, None, None, 16_384),
    ({}, None, 8192, 8192),
    ({}, None, 131_072, 16_384),
    ({"llama3": 32_768}, None, None, 32_768),
    ({"llama3:latest": 32_768}, None, 131_072, 32_768),
    ({"llama3": 32_768}, None, 8192, 8192),
    ({"llama3": 32_768}, 4096, 8192, 4096),
    ({}, 65_536, 8192, 8192),
]


@pytest.mark.parametrize(("windows", "num_ctx", "ceiling", "expected"), OLLAMA)
def test_the_window_that_ollama_may_be_asked_for(
    windows: dict[str, int], num_ctx: int | None, ceiling: int | None, expected: int
) -> None:
    options = {"num_ctx": num_ctx} if num_ctx else {}
    asked = target("ollama", "llama3", "mine", options=options)
    facts = ModelFacts(window=ceiling) if ceiling else None
    assert window_of(with_windows("ollama", windows), asked, facts) == expected


@pytest.mark.parametrize(
    ("needed", "cap", "step"),
    [
        (1, 16_384, 8192),
        (8192, 16_384, 8192),
        (8193, 16_384, 16_384),
        (40_000, 16_384, 16_384),
        (40_000, 131_072, 65_536),
        (9000, 12_000, 12_000),
        (1, 4096, 4096),
    ],
)
def test_the_smallest_step_that_holds_a_request(needed: int, cap: int, step: int) -> None:
    assert step_for(needed, cap) == step


def test_a_window_only_grows_during_a_session() -> None:
    kept = KeptWindows()
    cap = 65_536
    assert kept.choose("a", "m", 1000, cap) == 8192
    assert kept.choose("a", "m", 20_000, cap) == 32_768
    assert kept.choose("a", "m", 1000, cap) == 32_768
    assert kept.choose("b", "m", 1000, cap) == 8192
    assert kept.choose("a", "n", 1000, cap) == 8192
    assert kept.choose("a", "m", 1000, 16_384) == 16_384
    kept.forget("b", "m")
    assert kept.choose("b", "m", 9000, cap) == 16_384


def test_a_model_that_is_loaded_with_a_larger_window_is_left_as_it_is() -> None:
    assert KeptWindows().choose("a", "m", 1000, 16_384, loaded=12_000) == 12_000
    assert KeptWindows().choose("a", "m", 1000, 16_384, loaded=4096) == 8192
    assert KeptWindows().choose("a", "m", 1000, 16_384, loaded=32_768) == 8192


def test_a_num_ctx_that_is_configured_is_sent_as_it_is() -> None:
    fixed = target("ollama", "m", api_base="a", options={"num_ctx": 12_000, "max_tokens": 100})
    assert KeptWindows().num_ctx(fixed, 1, 12_000) == 12_000
    assert KeptWindows().num_ctx(fixed, 1, 8000) == 8000
    free = target("ollama", "m", api_base="a", options={"max_tokens": 100})
    assert KeptWindows().num_ctx(free, 7000, 16_384) == 8192
    assert KeptWindows().num_ctx(free, 7400, 16_384) == 16_384


@given(st.integers(2, 10**7), st.one_of(st.none(), st.integers(1, 10**6)))
def test_a_prompt_that_fits_its_room_fits_the_window_with_its_answer(
    window: int, max_tokens: int | None
) -> None:
    room = prompt_room(window, max_tokens)
    assert room >= 0
    assert room + answer_room(window, max_tokens) <= window
    assert answer_room(window, max_tokens) * 2 <= window


@given(st.integers(0, 10**6), st.integers(1, 50_000))
def test_a_window_that_was_asked_for_holds_the_prompt(prompt: int, max_tokens: int) -> None:
    window = needed_window(prompt, max_tokens)
    if max_tokens <= window // 2:
        assert prompt_room(window, max_tokens) >= prompt - 1
