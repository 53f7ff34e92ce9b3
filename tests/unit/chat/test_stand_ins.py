"""What a place-holder in a chat stands for is what it stood for in its answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streetrace_lsp.chat.stand_ins import StandIns

FILES = {"a.py": 'key = "ghp_0123456789abcdefghijABCDEFGHIJ012345"\n'}
KEY = FILES["a.py"][7:-2]


class Kept:
    """A store that outlives the server."""

    def __init__(self) -> None:
        self.records: dict[str, Any] = {}

    def read(self, uri: str) -> Any:
        return self.records.get(uri)

    def write(self, uri: str, record: dict[str, Any]) -> bool:
        self.records[uri] = json.loads(json.dumps(record))
        return True


ONE, TWO = "WITHHELD_SECRET_0001", "WITHHELD_SECRET_0002"


def test_the_answer_with_this_piece_decides() -> None:
    known = StandIns(Kept())
    known.learn("a", f"x = {ONE}\n", {ONE: "first"})
    known.learn("a", f"y = {ONE}\n", {ONE: "second", TWO: "more"})
    assert known.meant("a", f"x = {ONE}\r\n", {}) == {ONE: "first"}
    assert known.meant("a", f"y = {ONE}", {}) == {ONE: "second", TWO: "more"}
    # A person has changed it: it may be the one or the other.
    assert known.meant("a", f"z = {ONE}", {}) == {}
    assert known.meant("a", f"z = {TWO}", {}) == {TWO: "more"}


def test_a_forked_chat_has_the_answers_of_the_other_one() -> None:
    known = StandIns(Kept())
    known.learn("a", f"x = {ONE}", {ONE: "first"})
    assert known.meant("b", f"x = {ONE}", {}) == {ONE: "first"}
    known.learn("b", f"x = {ONE}", {ONE: "of b"})
    assert known.meant("a", f"x = {ONE}", {}) == {ONE: "first"}
    assert known.meant("b", f"x = {ONE}", {}) == {ONE: "of b"}
    assert known.meant("c", f"z = {ONE}", {}) == {}


def test_a_continued_answer_has_those_of_both_requests() -> None:
    known = StandIns(Kept())
    known.learn("a", f"x = {ONE}", {ONE: "first"})
    known.learn("a", f"x = {ONE}\ny = WITHHELD_2_SECRET_0001", {"WITHHELD_2_SECRET_0001": "two"})
    code = f"x = {ONE}\ny = WITHHELD_2_SECRET_0001"
    assert known.meant("a", code, {}) == {ONE: "first", "WITHHELD_2_SECRET_0001": "two"}


def test_another_server_knows_a_secret_by_its_digest_where_it_stands() -> None:
    kept = Kept()
    StandIns(kept).learn("a", f"x = {ONE}", {ONE: KEY, TWO: "not in the answer"})
    assert KEY not in json.dumps(kept.records)
    again = StandIns(kept)
    assert again.meant("a", f"x = {ONE}", FILES) == {ONE: KEY}
    assert again.meant("a", f"x = {ONE}", {"a.py": "key = 1\n"}) == {}
    assert again.meant("a", f"y = {ONE}", FILES) == {}
    assert again.meant("b", f"x = {ONE}", FILES) == {}


@pytest.mark.parametrize("record", [None, 1, {"answers": 1}, {"answers": [{"salt": "x"}, 2]}])
def test_a_broken_record_says_nothing(record: Any) -> None:
    kept = Kept()
    kept.records["a"] = record
    assert StandIns(kept).meant("a", f"x = {ONE}", FILES) == {}
