"""Changes applied, taken back, composed, and carried over someone else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import TEXT

from streetrace_lsp.edits.changes import Change, apply, compose, invert, rebase


@st.composite
def changes_to(draw: st.DrawFn, text: str) -> tuple[Change, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    made = [
        Change(start, end, draw(st.sampled_from(["", "N", "n\n", "\n"]))) for start, end in pairs
    ]
    return tuple(one for i, one in enumerate(made) if not i or made[i - 1].end < one.start)


def test_changes_that_overlap_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply("abcd", (Change(0, 2, ""), Change(1, 3, "")))


def test_a_change_outside_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="outside"):
        apply("ab", (Change(1, 3, ""),))


@given(st.data(), TEXT)
def test_applying_and_taking_back_is_identity(data: st.DataObject, text: str) -> None:
    changes = data.draw(changes_to(text))
    assert apply(apply(text, changes), invert(text, changes)) == text


@given(st.data(), TEXT)
def test_composed_changes_do_what_both_do(data: st.DataObject, text: str) -> None:
    first = data.draw(changes_to(text))
    middle = apply(text, first)
    second = data.draw(changes_to(middle))
    assert apply(text, compose(first, second)) == apply(middle, second)


@given(st.data(), TEXT)
def test_rebasing_keeps_both_sides_or_is_a_conflict(data: st.DataObject, text: str) -> None:
    ours = data.draw(changes_to(text))
    theirs = data.draw(changes_to(text))
    for base in (None, text):
        over_theirs = rebase(ours, theirs, base)
        over_ours = rebase(theirs, ours, base)
        assert (over_theirs is None) == (over_ours is None)
        if over_theirs is not None and over_ours is not None:
            merged = apply(apply(text, theirs), over_theirs)
            assert merged == apply(apply(text, ours), over_ours)
            everything = sorted((*ours, *theirs), key=lambda one: (one.start, one.end))
            assert merged == apply(text, everything)


@pytest.mark.parametrize(
    ("ours", "theirs", "apart"),
    [
        ((4, 8, "NEW\n"), (0, 0, "zero\n"), True),
        ((4, 8, "NEW\n"), (8, 8, "typed"), True),  # at the start of the next line
        ((4, 8, "NEW\n"), (4, 4, "line\n"), True),  # a whole line above
        ((4, 8, "NEW\n"), (4, 4, "typed"), False),  # at the start of our line
        ((4, 8, "NEW\n"), (7, 7, "typed"), False),  # at the end of our line
        ((4, 8, "NEW\n"), (3, 4, ""), False),  # the line break above removed
        ((4, 8, "NEW\n"), (0, 4, ""), True),  # the line above removed
        ((4, 8, "NEW"), (8, 8, "typed"), False),  # ours would join the next line
        ((4, 4, "NEW\n"), (4, 4, "line\n"), False),  # which comes first?
    ],
)
def test_touching_is_a_conflict_unless_no_line_is_shared(
    ours: tuple[int, int, str], theirs: tuple[int, int, str], apart: bool
) -> None:
    base = "one\ntwo\nsix\n"
    assert (rebase((Change(*ours),), (Change(*theirs),), base) is not None) == apart


def test_touching_is_a_conflict_where_the_text_is_not_given() -> None:
    assert rebase((Change(4, 8, "NEW\n"),), (Change(8, 8, "typed"),)) is None
