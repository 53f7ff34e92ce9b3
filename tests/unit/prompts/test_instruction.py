from __future__ import annotations

import pytest

from streetrace_lsp.prompts.instruction import instruction_in

CASES = [
    ("# AI: make this async", "make this async"),
    ("    // AI: use a map", "use a map"),
    ("/* AI: shorten */", "shorten"),
    ("<!-- AI: fix the table -->", "fix the table"),
    ("-- AI: add an index", "add an index"),
    (";; AI: tail call", "tail call"),
    ('" AI: vim script', "vim script"),
    ("x = 1  # AI: not at the start", None),
    ("# AI:", None),
    ("# FAIR: no", None),
    ("AI: prose", None),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_an_instruction_in_a_comment(line: str, expected: str | None) -> None:
    assert instruction_in(line) == expected
