"""Texts as editors hold them: every EOL, odd separators, wide characters, lone surrogates."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = [
    "a", "b", "    x = 1", "\ty", "}", "", " ", "\x0c", "\x85", "\u2028", "é", "e\u0301", "😀",
    "\ud83d", "\ufeff", "\n", "\n", "\n", "\r\n", "\r", "=======", "```", "<<<<<<< SEARCH",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)

# Lines that a file of code may hold, some of them markers of the grammars.
LINES = [
    "def f(x):", "    return x", "    return y", "", "}", "    }", "value = {", "# note", "\tif z:",
    "import os", "emoji = '😀'", "combining = 'e\u0301'", "page\x0cbreak", "sep\u2028arator",
    "=======", "<<<<<<< SEARCH", ">>>>>>> REPLACE", "```", "```python", "~~~", "- item", "+ item",
    "@@", "*** End Patch", "</new_text>", "--- a", "+++ b", "\\ No newline at end of file",
]  # fmt: skip
FILE_LINES = st.lists(st.sampled_from(LINES), min_size=1, max_size=12)
