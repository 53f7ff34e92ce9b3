from __future__ import annotations

from dataclasses import replace

import pytest

from streetrace_lsp.config.model import Settings
from streetrace_lsp.prompts.actions import BUILT_IN, Action, actions
from streetrace_lsp.prompts.around import CONTEXT_CHARACTERS
from streetrace_lsp.prompts.build import (
    Ask,
    Prompt,
    Snapshot,
    build,
    with_surroundings,
)
from streetrace_lsp.prompts.trim import fit

FIX = next(action for action in BUILT_IN if action.name == "fix")
EXPLAIN = next(action for action in BUILT_IN if action.name == "explain")


def ask(text: str, selected: str, action=FIX, **more) -> Ask:
    start = text.index(selected)
    return Ask(action, Snapshot("a/b.py", text, "python"), start, start + len(selected), **more)


def test_the_same_request_gives_the_same_messages() -> None:
    request = ask("a\nb\nc\n", "b\n")
    assert build(request).messages == build(request).messages


def test_selection_surroundings_and_instruction_are_in_the_prompt() -> None:
    prompt = build(ask("one\ntwo\nthree\n", "two\n", instruction="be brave", diagnostics=["E1"]))
    words = prompt.messages[1]["content"]
    assert "Selected (line 2):\n```\ntwo\n```" in words
    assert "Before the selection:\n```\none\n```" in words
    assert "Behind the selection:\n```\nthree\n```" in words
    assert "Instruction: be brave" in words
    assert "- E1" in words


def test_a_short_selection_comes_back_whole_and_a_long_one_as_blocks() -> None:
    long = "x\n" * 200
    assert build(ask("a\nb\n", "b\n")).edit_format == "selection"
    assert build(ask(long, long)).edit_format == "search-replace"
    assert build(ask("a\nb\n", "b\n"), "search-replace").edit_format == "search-replace"


def test_code_that_holds_fences_gets_a_longer_fence() -> None:
    prompt = build(ask("````\ninner\n````\n", "inner\n"))
    assert "`````\ninner\n`````" in prompt.messages[1]["content"]


def test_line_ends_are_shown_to_the_model_in_one_way() -> None:
    prompt = build(ask("one\r\ntwo\r\n", "two\r\n"))
    assert "\r" not in prompt.messages[1]["content"]


def test_what_does_not_fit_is_left_out_by_whole_lines_and_said() -> None:
    line = "y" * 99 + "\n"
    text = line * 400 + "MARK\n" + line * 300
    prompt = build(ask(text, "MARK\n"))
    words = prompt.messages[1]["content"]
    assert len(words) < 2 * CONTEXT_CHARACTERS + 1000
    kept_before, kept_behind = 120, 120
    assert prompt.left_out == (
        f"the first {400 - kept_before} lines",
        f"the last {300 - kept_behind} lines",
    )


def test_an_answer_is_asked_for_in_markdown() -> None:
    assert "Markdown" in build(ask("a\n", "a\n", EXPLAIN)).messages[0]["content"]


def configured(**tables: dict[str, object]) -> dict[str, Action]:
    return actions(Settings.model_validate({"actions": tables}).actions)


def test_a_projects_action_of_a_built_in_name_replaces_it_and_keeps_what_it_does_not_say() -> None:
    fix = {"prompt": "Mend it.", "model": "claude/edit"}
    changed = configured(fix=fix, **{"rhyme-it": {"prompt": "Rhyme."}})
    assert changed["fix"].prompt == "Mend it."
    assert changed["fix"].title == "Fix"
    assert changed["fix"].model == "claude/edit"
    assert changed["rhyme-it"].title == "Rhyme it"
    assert changed["rhyme-it"].output == "edit"


def test_an_action_with_a_place_for_an_instruction_wants_one() -> None:
    changed = configured(
        port={"prompt": "Port it to {instruction}."},
        fix={"prompt": "Fix: {instruction}"},
        ask={"prompt": "Answer in rhyme."},
        plain={"prompt": "Write {{instruction}}."},
    )
    assert {name: changed[name].wants for name in ("port", "fix", "ask", "plain")} == {
        "port": "instruction",
        "fix": "instruction",
        "ask": "instruction",
        "plain": "",
    }


TEXT = "one\ndef f():\n    two\n    three\n    four\nlast\n"


def words(prompt: str, selected: str = "    three\n", **more) -> str:  # type: ignore[no-untyped-def]
    context = more.pop("context", None)
    action = configured(mine={"prompt": prompt, "context": context})["mine"]
    return build(ask(TEXT, selected, action, **more)).messages[1]["content"]


def test_placeholders_take_their_values() -> None:
    said = words(
        "{file} in {language}: {instruction}\n{diagnostics}",
        instruction="go",
        diagnostics=["line 4: bad", "line 4: worse"],
    )
    assert said.endswith("Task: a/b.py in python: go\n- line 4: bad\n- line 4: worse")
    assert said.count("go") == 1
    assert said.count("line 4: bad") == 1
    assert words("Mend: {diagnostics}").endswith("Task: Mend: none")


def test_code_with_a_place_in_the_prompt_is_sent_once() -> None:
    said = words("Look at this:\n\n{selection}\n\nWell?")
    assert said.endswith("Task: Look at this:\n\n```\n    three\n```\n\nWell?")
    assert said.count("three") == 1
    assert "Selected: line 4, which the task below shows" in said
    assert "Before the selection:\n```\none\ndef f():\n    two\n```" in said


def test_a_fence_of_ones_own_gets_the_code_alone() -> None:
    said = words("```{language}\n{selection}\n```")
    assert said.endswith("Task: ```python\n    three\n```")
    assert words("Rhyme on “{selection}”.").endswith("Task: Rhyme on “    three”.")


def test_a_fence_that_was_closed_again_does_not_count() -> None:
    assert words("```\nx\n```\n{selection}").endswith("\n```\n```\n    three\n```")


def test_what_a_value_holds_is_never_a_placeholder() -> None:
    text = "{instruction} {{file}}\n"
    action = configured(mine={"prompt": "{instruction}\n{selection}"})["mine"]
    said = build(ask(text, text, action, instruction="{selection}")).messages[1]["content"]
    assert said.endswith("Task: {selection}\n```\n{instruction} {{file}}\n```")


def test_every_other_brace_stays_as_it_is() -> None:
    code = '{ a: 1 } {"a": {"b": {}}} ${HOME} #{x} {0} {{ user.name }} {} {{name} \\begin{x}'
    assert words(code).endswith(f"Task: {code}")
    assert words("{{selection}} {{{file}}}").endswith("Task: {selection} {{file}}")


def test_the_context_says_how_much_goes_along() -> None:
    whole = words("Do.")
    assert "one\ndef f():\n    two" in whole
    assert "last" in whole
    symbol = words("Do.", context="symbol")
    assert "Before the selection:\n```\ndef f():\n    two\n```" in symbol
    assert "Behind the selection:\n```\n    four\n```" in symbol
    assert "one" not in symbol
    assert "last" not in symbol
    alone = words("Do.", context="selection")
    assert "Before" not in alone
    assert "Behind" not in alone
    assert "    three\n" in alone


def test_a_selection_over_several_symbols_goes_alone() -> None:
    said = words("Do.", "    four\nlast\n", context="symbol")
    assert "Before" not in said


@pytest.mark.parametrize("context", ["symbol", "selection"])
def test_what_was_not_to_go_along_is_not_reported_as_left_out(context: str) -> None:
    action = configured(mine={"prompt": "Do.", "context": context})["mine"]
    prompt = build(ask(TEXT, "    three\n", action))
    assert prompt.left_out == ()
    smallest = fit(prompt, with_nothing_around(prompt), model="m")
    lines = () if context == "selection" else ("the first 2 lines", "the last line")
    assert smallest.left_out == lines


def with_nothing_around(prompt: Prompt) -> int:
    assert prompt.surroundings is not None
    bare = replace(prompt.surroundings, before="", behind="")
    return with_surroundings(prompt, bare).tokens
