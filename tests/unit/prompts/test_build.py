from __future__ import annotations

from streetrace_lsp.prompts.actions import BUILT_IN, actions
from streetrace_lsp.prompts.build import CONTEXT_CHARACTERS, Ask, Snapshot, build

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


def test_a_projects_action_of_a_built_in_name_replaces_it_and_keeps_what_it_does_not_say() -> None:
    class Given:
        title = None
        prompt = "Mend it."
        kind = None
        languages = None
        model = "claude/edit"
        edit_format = None

    changed = actions({"fix": Given(), "rhyme-it": Given()})
    assert changed["fix"].prompt == "Mend it."
    assert changed["fix"].title == "Fix"
    assert changed["fix"].model == "claude/edit"
    assert changed["rhyme-it"].title == "Rhyme it"
    assert changed["rhyme-it"].output == "edit"
