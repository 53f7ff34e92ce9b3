"""What a question mentions, and what it does not."""

from __future__ import annotations

import pytest

from streetrace_lsp.chat.attachments import KINDS, Lines, attachments, lines_of

CASES = {
    "@file app.py": ["@file app.py"],
    "See @file src/app.py, please.": ["@file src/app.py"],
    "(@file app.py)": ["@file app.py"],
    '@file "my file.py" too': ["@file my file.py"],
    "@selection app.py:3-9.": ["@selection app.py:3-9"],
    "what is this @selection about?": ["@selection"],
    "@symbol Price.total?": ["@symbol Price.total"],
    "@diff @open @diagnostics": ["@diff", "@open", "@diagnostics"],
    "@search where are prices rounded?\n@diff": ["@search where are prices rounded?", "@diff"],
    "/explain @file a.py": ["/explain", "@file a.py"],
    "  /explain\nthis": ["/explain"],
    "/usr/bin and a/explain": [],
    "/nothing": [],
    "me@file.org and `@file x` and @files": [],
    "```\n@file a.py\n```\n@file b.py": ["@file b.py"],
    "```\n@file a.py": [],
    "@file": ["@file"],
    "😀 @file é.py": ["@file é.py"],
}


@pytest.mark.parametrize("text", CASES)
def test_what_is_mentioned(text: str) -> None:
    found = attachments(text, {"explain"})
    assert [one.words for one in found] == CASES[text]
    for one in found:
        assert text[one.start] in "@/"
        assert one.argument in text[one.start : one.end]


def test_every_kind_is_read() -> None:
    for kind in KINDS:
        assert [one.kind for one in attachments(f"@{kind} x")] == [kind]


@pytest.mark.parametrize(
    ("argument", "lines"),
    [
        ("a.py:3", Lines("a.py", 3, 3)),
        ("a b.py:3-9", Lines("a b.py", 3, 9)),
        ("a:1:3-9", Lines("a:1", 3, 9)),
        ("a.py:9-3", None),
        ("a.py:0", None),
        ("a.py", None),
    ],
)
def test_lines(argument: str, lines: Lines | None) -> None:
    assert lines_of(argument) == lines
