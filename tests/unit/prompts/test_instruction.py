from __future__ import annotations

import pytest

from streetrace_lsp.prompts.instruction import comment_of, instruction_in, with_code_below

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
    ("% AI: prove it", "prove it"),
    ('    """AI: say more"""', "say more"),
    ("''' AI: say more '''", "say more"),
    ("(* AI: by a fold *)", "by a fold"),
    ("{- AI: point free -}", "point free"),
    ("/** AI: shorten **/", "shorten"),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_an_instruction_in_a_comment(line: str, expected: str | None) -> None:
    assert instruction_in(line) == expected


def test_the_comment_of_an_instruction() -> None:
    text = "a\r\n# AI: use claude: shorten\r\nb\r\n# AI: other\r\n"
    start = text.index("# AI")
    assert comment_of(text, 0, len(text), "shorten") == (start, text.index("b\r"))
    assert comment_of(text, text.index("b"), len(text), "shorten") is None
    assert comment_of(text, 0, len(text), "") is None
    assert comment_of("# AI: x", 0, 7, "x") == (0, 7)


def test_a_comment_alone_means_what_is_below_it() -> None:
    text = "a\n# AI: x\nb\nc\n\nd\n"
    start, end = text.index("#"), text.index("b")
    assert with_code_below(text, start, end) == (start, text.index("\nd"))
    assert with_code_below(text, 0, end) == (0, end)
    assert with_code_below("# AI: x", 0, 7) == (0, 7)
