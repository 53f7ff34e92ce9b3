"""What is only similar: never applied, named where it is alike, left unnamed where it is not."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from replies import search_block

from streetrace_lsp.edits import plan
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.fuzzy import nearest

_FILE = [
    "def alpha(values, start):",
    "    total = start",
    "    for value in values:",
    "        total += value * 2",
    "    return total",
]


@given(
    st.integers(0, 4),
    st.integers(0, 20),
    st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=3),
)
def test_a_letter_more_in_one_line_is_never_applied_and_its_place_is_named(
    line: int, at: int, typed: str
) -> None:
    old = list(_FILE)
    spot = len(old[line]) - len(old[line].lstrip()) + at
    old[line] = old[line][:spot] + typed + old[line][spot:]
    assume(old[line] != _FILE[line])
    (refusal,) = plan(search_block(old, ["pass"]), {"a.py": "\n".join(["# top", *_FILE])}).refusals
    assert (refusal.code, refusal.lines[0]) == ("not_found", 2)
    assert refusal.closest.split("\n") == _FILE
    assert "lines 2 to 6" in refusal.message


def test_a_place_that_shares_a_word_or_a_line_but_little_else_is_not_named() -> None:
    file = FileText("\n".join(["import os", "", *_FILE, "unique_word = compute()"]))
    for old in (
        ["class Other(Base):", "    unique_word: int", "    another: dict[str, str]"],
        ["    return total", "raise SystemExit(main(arguments))", "print('something else')"],
    ):
        assert nearest(file, old) == []


def test_elided_lines_far_more_than_those_written_are_not_passed_over() -> None:
    old, new = ["first()", "...", "last()"], ["first(1)", "...", "last()"]
    for passed, applied in ((20, True), (2_000, False)):
        text = "".join(f"{line}\n" for line in ["first()", *["middle()"] * passed, "last()"])
        assert bool(plan(search_block(old, new), {"a.py": text}).files) == applied
