from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.prompts.actions import BUILT_IN
from streetrace_lsp.prompts.build import Ask, Prompt, Snapshot, build, build_repair, estimate_tokens
from streetrace_lsp.prompts.trim import PromptTooLargeError, fit

FIX = next(action for action in BUILT_IN if action.name == "fix")


def prompt_for(before: int, selected: int, behind: int, end: str = "\n") -> Prompt:
    lines = [f"line {number:04} of it" for number in range(before + selected + behind)]
    text = "\n".join(lines) + end
    start = len("\n".join(lines[:before]) + "\n") if before else 0
    last = len("\n".join(lines[: before + selected]) + "\n")
    return build(Ask(FIX, Snapshot("a.py", text, "python"), start, min(last, len(text))))


def words(prompt: Prompt) -> str:
    return prompt.messages[1]["content"]


def least(prompt: Prompt) -> int:
    with pytest.raises(PromptTooLargeError):
        fit(prompt, 0, model="m")
    low = 1
    while True:
        try:
            return fit(prompt, low, model="m").tokens
        except PromptTooLargeError:
            low += 1


def test_a_prompt_that_fits_stays_as_it_is() -> None:
    prompt = prompt_for(10, 2, 10)
    assert fit(prompt, prompt.tokens, model="m") is prompt
    assert prompt.left_out == ()


def test_what_stands_furthest_goes_first_and_is_said() -> None:
    prompt = prompt_for(40, 2, 20)
    trimmed = fit(prompt, prompt.tokens - 60, model="m")
    assert trimmed.tokens <= prompt.tokens - 60
    assert [part.split()[1] for part in trimmed.left_out] == ["first"]
    kept = words(trimmed)
    assert "line 0000" not in kept
    assert "line 0039" in kept
    assert "line 0061" in kept
    smaller = fit(prompt, least(prompt) + 80, model="m")
    assert [part.split()[1] for part in smaller.left_out] == ["first", "last"]
    assert "line 0039" in words(smaller)
    assert "line 0042" in words(smaller)
    assert "line 0061" not in words(smaller)


def test_the_count_of_what_is_left_out_is_exact() -> None:
    prompt = prompt_for(30, 1, 30)
    for room in range(least(prompt), prompt.tokens + 1, 7):
        trimmed = fit(prompt, room, model="m")
        shown = words(trimmed).count("line 0")
        missing = sum(int(part.split()[2]) for part in trimmed.left_out if part.endswith("lines"))
        missing += sum(part.endswith("line") for part in trimmed.left_out)
        assert shown + missing == 61


def test_one_line_is_one_line() -> None:
    prompt = prompt_for(1, 1, 0)
    assert fit(prompt, least(prompt), model="m").left_out == ("the first line",)


def test_a_last_line_without_an_end_counts() -> None:
    prompt = prompt_for(0, 1, 3, end="")
    trimmed = fit(prompt, least(prompt), model="m")
    assert trimmed.left_out == ("the last 3 lines",)


@given(
    st.integers(0, 60), st.integers(1, 20), st.integers(0, 60), st.integers(0, 1500),
)  # fmt: skip
def test_a_selection_is_never_cut_and_the_room_always_kept(
    before: int, selected: int, behind: int, room: int
) -> None:
    prompt = prompt_for(before, selected, behind)
    try:
        trimmed = fit(prompt, room, model="m")
    except PromptTooLargeError:
        assert room < prompt.tokens
        return
    assert trimmed.tokens <= room
    assert trimmed.tokens == estimate_tokens(trimmed.messages)
    for number in range(before, before + selected):
        assert f"line {number:04}" in words(trimmed)
    assert fit(prompt, room, model="m") == trimmed


@given(st.integers(200, 900), st.integers(1, 300))
def test_more_room_never_leaves_more_out(room: int, more: int) -> None:
    prompt = prompt_for(40, 3, 40)
    one, other = fit(prompt, room, model="m"), fit(prompt, room + more, model="m")
    assert words(one).count("line ") <= words(other).count("line ")


def test_a_selection_that_is_too_large_alone_is_refused_with_counts() -> None:
    with pytest.raises(PromptTooLargeError) as refused:
        fit(prompt_for(50, 400, 50), 1000, model="local (llama3)")
    assert refused.value.message == (
        "The prompt takes about 2,506 tokens, and local (llama3) has room for 1,000; "
        "the selection alone takes about 1,836."
    )
    assert refused.value.next_step == "Select less, or choose a model with a larger window."
    assert not refused.value.is_failure


def test_whoever_wants_no_trimming_is_told_what_to_drop() -> None:
    prompt = prompt_for(50, 3, 50)
    with pytest.raises(PromptTooLargeError) as refused:
        fit(prompt, prompt.tokens - 1, overflow="refuse", model="local (llama3)")
    around = prompt.tokens - least(prompt)
    assert f"the code around the selection takes {around:,} of them" in refused.value.message
    assert 'overflow = "trim"' in refused.value.next_step
    assert "select less" in refused.value.next_step


def test_a_second_round_is_trimmed_in_its_first_message_alone() -> None:
    again = build_repair(prompt_for(60, 2, 60), "an answer", ["a reason"])
    trimmed = fit(again, least(again) + 50, model="m")
    assert trimmed.messages[0] == again.messages[0]
    assert trimmed.messages[2:] == again.messages[2:]
    assert len(words(trimmed)) < len(words(again))
    assert trimmed.edit_format == again.edit_format


def test_messages_that_nobody_can_take_apart_are_refused_as_a_whole() -> None:
    whole = replace(prompt_for(2, 2, 2), surroundings=None)
    with pytest.raises(PromptTooLargeError):
        fit(whole, 10, model="m")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("abcdefg" * 100, 200), ("漢字" * 100, 257), ("я" * 100, 78), ("\ud800", 1), ("", 0)],
)
def test_text_beyond_ascii_takes_more_tokens(text: str, tokens: int) -> None:
    assert estimate_tokens([{"content": text}]) == tokens + 8
