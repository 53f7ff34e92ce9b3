"""What a place-holder in a chat stands for is what it stood for in its answer."""

from __future__ import annotations

from streetrace_lsp.chat.stand_ins import StandIns

ONE, TWO = "WITHHELD_SECRET_0001", "WITHHELD_SECRET_0002"


def test_the_answer_with_this_piece_decides() -> None:
    known = StandIns()
    known.learn("a", f"x = {ONE}\n", {ONE: "first"})
    known.learn("a", f"y = {ONE}\n", {ONE: "second", TWO: "more"})
    assert known.meant("a", f"x = {ONE}\r\n") == {ONE: "first"}
    assert known.meant("a", f"y = {ONE}") == {ONE: "second", TWO: "more"}
    # A person has changed it: it may be the one or the other.
    assert known.meant("a", f"z = {ONE}") == {}
    assert known.meant("a", f"z = {TWO}") == {TWO: "more"}


def test_a_forked_chat_has_the_answers_of_the_other_one() -> None:
    known = StandIns()
    known.learn("a", f"x = {ONE}", {ONE: "first"})
    assert known.meant("b", f"x = {ONE}") == {ONE: "first"}
    known.learn("b", f"x = {ONE}", {ONE: "of b"})
    assert known.meant("a", f"x = {ONE}") == {ONE: "first"}
    assert known.meant("b", f"x = {ONE}") == {ONE: "of b"}
    assert known.meant("c", f"z = {ONE}") == {}


def test_a_continued_answer_has_those_of_both_requests() -> None:
    known = StandIns()
    known.learn("a", f"x = {ONE}", {ONE: "first"})
    known.learn("a", f"x = {ONE}\ny = WITHHELD_2_SECRET_0001", {"WITHHELD_2_SECRET_0001": "two"})
    code = f"x = {ONE}\ny = WITHHELD_2_SECRET_0001"
    assert known.meant("a", code) == {ONE: "first", "WITHHELD_2_SECRET_0001": "two"}
