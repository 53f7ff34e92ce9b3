"""Minimal, line-aligned differences, and the applier that checks them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import TEXT

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.lines import ENCODINGS, LineIndex
from streetrace_lsp.edits.spans import changed_span, changed_spans
from streetrace_lsp.edits.verify import PositionEdit, apply_positions, faithful


@given(TEXT, TEXT)
def test_a_diff_applied_gives_the_new_text_through_every_encoding(old: str, new: str) -> None:
    changes = diff(old, new)
    assert apply(old, changes) == new
    for encoding in ENCODINGS:
        assert faithful(old, changes, new, encoding)


@given(TEXT, TEXT)
def test_changes_start_at_lines_and_leave_equal_lines_between_them(old: str, new: str) -> None:
    index = LineIndex(old)
    starts = {index.line_start(line) for line in range(index.line_count + 1)}
    changes = diff(old, new)
    assert all(change.start in starts and change.end in starts for change in changes)
    assert all(one.end < other.start for one, other in pairwise(changes))


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", [Change(2, 4, "B\n")]),
        ("a\nb\n", "a\nx\nb\n", [Change(2, 2, "x\n")]),
        ("a\nb\n", "a\n", [Change(2, 4, "")]),
        ("a", "a\n", [Change(0, 1, "a\n")]),
        ("x\ny\nx\nz\nx\n", "x\nx\nz\nw\nx\n", [Change(2, 4, ""), Change(8, 8, "w\n")]),
    ],
)
def test_only_the_lines_that_differ_change(old: str, new: str, changes: list[Change]) -> None:
    assert list(diff(old, new)) == changes


def test_repeated_lines_without_anchors_still_give_a_minimal_diff() -> None:
    old = "a\nb\n" * 50
    new = "a\nb\n" * 20 + "b\n" + "a\nb\n" * 30
    assert sum(len(change.text) + change.end - change.start for change in diff(old, new)) == 2


def test_the_reference_applier_uses_positions_as_a_client_does() -> None:
    edits = [PositionEdit((0, 3), (0, 4), "y"), PositionEdit((1, 0), (9, 9), "end")]
    assert apply_positions("x😀z\r\nlast\n", edits, "utf-16") == "x😀y\r\nend"


def test_an_edit_between_cr_and_lf_is_not_faithful() -> None:
    assert not faithful("a\r\nb", (Change(2, 2, "x"),), "a\rx\nb")


@given(TEXT, TEXT)
def test_the_span_of_a_change_turns_old_into_new(old: str, new: str) -> None:
    span = changed_span(old, new)
    assert (span is None) == (old == new)
    if span is not None:
        assert apply(old, (span,)) == new
    spans = changed_spans(old, new)
    if spans is not None:
        assert apply(old, spans) == new


@given(st.integers(1, 5), st.integers(0, 5))
def test_the_span_covers_every_place_where_an_equal_line_may_have_been_added(
    before: int, after: int
) -> None:
    old = "top\n" + "x\n" * (before + after) + "end\n"
    new = "top\n" + "x\n" * (before + after + 1) + "end\n"
    assert changed_span(old, new) == Change(4, 4 + 2 * (before + after), new[4:-4])
