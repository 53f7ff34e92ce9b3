from __future__ import annotations

import pytest

from streetrace_lsp.requests.selection import whole_lines

CASES = [
    ("ab\ncd\nef\n", 1, 4, "ab\ncd\n"),
    ("ab\ncd\nef\n", 0, 3, "ab\n"),
    ("ab\ncd\nef\n", 3, 3, "cd\n"),
    ("ab\r\ncd", 0, 5, "ab\r\ncd"),
    ("ab\rcd\r", 0, 1, "ab\r"),
    ("a\fb\nc\n", 2, 3, "a\fb\n"),
    ("", 0, 0, ""),
]


@pytest.mark.parametrize(("text", "start", "end", "expected"), CASES)
def test_a_selection_widens_to_whole_lines(text: str, start: int, end: int, expected: str) -> None:
    first, last = whole_lines(text, start, end)
    assert text[first:last] == expected
