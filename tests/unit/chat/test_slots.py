"""Where an answer goes, by the text of the chat alone."""

from __future__ import annotations

import pytest

from streetrace_lsp.chat.slots import NOTHING_ASKED, ONLY_ATTACHED, Slot, filled, slot
from streetrace_lsp.chat.transcript import parse
from streetrace_lsp.edits.changes import apply

ASKED = "# Chat\n\n## You\n\nWhy?\n\n"
HEAD = "## Assistant (local/demo)"
ANSWERED = f"{ASKED}{HEAD}\n\nSo."


@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n", "\n\n> Streetrace: a note", "\n\n## You", "\n\n## You\n\nAnd"]
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_a_summary_is_a_turn_of_its_own_however_the_chat_ends(end: str, eol: str) -> None:
    text = (ANSWERED + end).replace("\n", eol)
    before = parse(text).turns
    found = slot(parse(text), "compact")
    assert isinstance(found, Slot)
    change = filled(text, "compact", found.question, HEAD, f"In short.{eol}{eol}")
    assert change is not None
    after = parse(apply(text, (change,))).turns
    assert [turn.text for turn in after[:3]] == ["Why?", "So.", "In short."]
    assert after[1] == before[1]
    assert after[3].speaker == "you"
    assert after[3].text == ("And" if end.endswith("And") else "")


def test_an_answer_takes_no_place_of_one_that_somebody_else_wrote_meanwhile() -> None:
    text = f"{ASKED}## Assistant (other/model)\n\nOf theirs.\n\n## You\n\n"
    assert filled(text, "send", "Why?", HEAD, "Of ours.\n\n") is None


def test_an_answer_takes_the_place_of_its_own_beginning() -> None:
    text = f"{ASKED}{HEAD}\n\nOf ou"
    change = filled(text, "send", "Why?", HEAD, "Of ours.\n\n")
    assert change is not None
    assert apply(text, (change,)) == f"{ASKED}{HEAD}\n\nOf ours.\n\n## You\n\n"


@pytest.mark.parametrize(
    "question",
    ["@selection app.py:1-3", "@file app.py\n@diff\n", "@search", "@selection"],
)
def test_attachments_alone_are_no_question(question: str) -> None:
    assert slot(parse(f"# Chat\n\n## You\n\n{question}\n\n"), "send") == ONLY_ATTACHED


@pytest.mark.parametrize(
    "question",
    [
        "Why? @diff",
        "@selection app.py:1-3\n\nWhy?",
        "/explain\n@file app.py",
        "@search rounding",
        "```\n@diff\n```",
    ],
)
def test_words_beside_attachments_are_a_question(question: str) -> None:
    assert isinstance(slot(parse(f"# Chat\n\n## You\n\n{question}\n\n"), "send"), Slot)


def test_without_anything_nothing_is_asked() -> None:
    assert slot(parse("# Chat\n\n## You\n\n"), "send") == NOTHING_ASKED
