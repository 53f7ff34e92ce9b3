"""The line buffer equals the plain definition of a change, whatever is typed where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.edits.buffer import LineBuffer
from streetrace_lsp.edits.lines import LineIndex

PIECES = st.lists(
    st.sampled_from(["a", "é", "😀", "\n", "\r\n", "\r", "\f", "\u2028", "\x85", "\ud800", "\t"]),
    max_size=12,
).map("".join)
POSITIONS = st.tuples(st.integers(-1, 8), st.integers(-1, 8))
CHANGES = st.lists(st.tuples(POSITIONS, POSITIONS, PIECES), max_size=6)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(PIECES, CHANGES, ENCODINGS)
def test_every_change_equals_a_splice_of_the_text(text, changes, encoding) -> None:
    buffer = LineBuffer(text)
    for one, other, new in changes:
        start, end = min(one, other), max(one, other)
        index = LineIndex(text)
        first, last = index.offset(*start, encoding), index.offset(*end, encoding)
        text = text[:first] + new + text[last:]
        buffer.replace(one, other, new, encoding)
        # Without asking for the text in between the lines alone must be right.
        assert "".join(buffer._lines) == text
    assert buffer.text == text
