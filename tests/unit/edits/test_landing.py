"""Where an edit landed, judged from the texts that the client synced."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.edits.changes import Change, apply, compose, rebase
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.landing import landed
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.edits.verdict import Absent, Applied, Misplaced, Unclear

BEFORE = "one\ntwo\nthree\nfour\nfive\n"
OURS = diff(BEFORE, BEFORE.replace("three", "THREE"))
OURS_IN = apply(BEFORE, OURS)


def test_our_edit_alone_is_applied() -> None:
    assert landed(BEFORE, OURS, [OURS_IN]) == Applied(())


def test_a_text_that_is_exactly_ours_is_applied_by_whatever_pieces_it_came() -> None:
    whole = "# W\n# d\n\nmodel\n"
    assert landed("\n", (Change(0, 1, whole),), ["# W\n# d\n\n", whole]) == Applied(())


def test_nothing_synced_is_absent() -> None:
    assert landed(BEFORE, OURS, []) == Absent(BEFORE)


def test_a_skipped_edit_with_typing_elsewhere_is_absent() -> None:
    typed = "zero\n" + BEFORE
    assert landed(BEFORE, OURS, [typed]) == Absent(typed)


def test_a_skipped_edit_with_typing_inside_is_absent() -> None:
    before = "one\ntwo\nthree\nfour\n"
    ours = diff(before, "one\nTWO\nTHREE\nfour\n")
    typed = "one\ntwo!\nthree\nfour\n"
    assert landed(before, ours, [typed]) == Absent(typed)


def test_typing_before_and_after_in_syncs_of_their_own() -> None:
    first = "zero\n" + BEFORE
    second = "zero\n" + OURS_IN
    third = second + "six\n"
    got = landed(BEFORE, OURS, [first, second, third])
    assert isinstance(got, Applied)
    assert apply(BEFORE, got.user_changes) == "zero\n" + BEFORE + "six\n"


def test_one_content_change_that_holds_ours_and_the_users() -> None:
    got = landed(BEFORE, OURS, ["zero\n" + OURS_IN])
    assert isinstance(got, Applied)
    assert apply(BEFORE, got.user_changes) == "zero\n" + BEFORE


def test_typing_merged_around_our_edit() -> None:
    got = landed(BEFORE, OURS, ["zero\n" + OURS_IN + "six\n"])
    assert isinstance(got, Applied)
    assert apply(BEFORE, got.user_changes) == "zero\n" + BEFORE + "six\n"


def test_an_edit_sent_as_several_content_changes() -> None:
    ours = diff(BEFORE, "ONE\ntwo\nthree\nfour\nFIVE\n")
    half = "one\ntwo\nthree\nfour\nFIVE\n"
    assert landed(BEFORE, ours, [half]) == Unclear()
    assert landed(BEFORE, ours, [half, apply(BEFORE, ours)]) == Applied(())


@pytest.mark.parametrize("typed", ["", "zero\n"])
def test_neovims_way_by_an_empty_line_at_the_end_is_no_wrong_place(typed: str) -> None:
    before = typed + "one\ntwo\nthree\nfour\n"
    ours = diff("one\ntwo\nthree\nfour\n", "ONE\ntwo\nthree\nFOUR\n")
    last_first = before.replace("four\n", "FOUR\n\n")
    both = last_first.replace("one", "ONE")
    syncs = [last_first, both, both[:-1]]
    got = landed("one\ntwo\nthree\nfour\n", ours, [before, *syncs] if typed else syncs)
    assert isinstance(got, Applied)
    assert apply("one\ntwo\nthree\nfour\n", got.user_changes) == before


def test_an_empty_line_typed_right_below_our_edit() -> None:
    typed = OURS_IN.replace("THREE\n", "THREE\n\n")
    got = landed(BEFORE, OURS, [OURS_IN, typed])
    assert isinstance(got, Applied)
    assert apply(BEFORE, got.user_changes) == BEFORE.replace("three\n", "three\n\n")


def test_an_edit_at_stale_lines_is_misplaced() -> None:
    typed = "zero\n" + BEFORE
    wrong = "zero\none\nTHREE\nthree\nfour\nfive\n"
    assert landed(BEFORE, OURS, [typed, wrong]) == Misplaced(typed)


def test_typing_after_a_misplaced_edit_survives_its_removal() -> None:
    typed = "zero\n" + BEFORE
    wrong = "zero\none\nTHREE\nthree\nfour\nfive\n"
    got = landed(BEFORE, OURS, [typed, wrong, wrong + "six\n"])
    assert got == Misplaced(typed + "six\n")


def test_a_stale_edit_over_typing_inside_its_region_is_misplaced() -> None:
    typed = BEFORE.replace("three", "three!")
    assert landed(BEFORE, OURS, [typed, OURS_IN]) == Misplaced(typed)


def test_a_stale_edit_merged_with_a_line_typed_above_is_misplaced() -> None:
    users, wrong = "zero\n" + BEFORE, "zero\none\nTHREE\nthree\nfour\nfive\n"
    assert landed(BEFORE, OURS, [wrong]) == Misplaced(users)
    assert landed(BEFORE, OURS, [wrong, wrong + "six\n"]) == Misplaced(users + "six\n")


def test_a_stale_edit_merged_with_typing_on_both_sides_is_never_called_applied() -> None:
    got = landed(BEFORE, OURS, ["zero\none\nTHREE\nthree\nfour\nfive\nsix\n"])
    assert got == Unclear()


def test_a_line_removed_below_in_the_same_change_does_not_make_our_edit_look_stale() -> None:
    ours = (Change(0, 4, "ours 1\n"),)
    # Or a line above was removed, and our edit came at its old place.
    assert landed("a\na\n\n", ours, ["ours 1\n"]) == Unclear()


def test_an_edit_that_came_after_typing_at_several_places_is_not_called_stale() -> None:
    ours = (Change(2, 4, "ours 1\n"),)
    syncs = ["qa\n}\n", "qa\n}\nb\n}\n", "qa\nours 1\nb\n}\n"]
    assert landed("a\n}\n", ours, syncs) == Unclear()


def test_lines_removed_around_our_place_in_the_same_change_do_not_make_it_look_stale() -> None:
    assert landed("a\na\n", (Change(2, 2, "ours 1\n"),), ["qa\nours 1\n"]) == Unclear()


def test_an_edit_above_a_line_that_was_rewritten_as_a_whole_is_not_called_stale() -> None:
    ours = (Change(6, 6, "ours 1\n"),)
    syncs = ["alpha\nq\n", "alpha\nours 1\nq\n"]
    assert not isinstance(landed("alpha\n\n", ours, syncs), Misplaced)


def test_equal_lines_leave_the_place_of_typing_open() -> None:
    before = "x\nx\nx\n"
    ours = (Change(2, 4, "y\n"),)
    assert landed(before, ours, ["x\ny\nx\nx\n"]) == Unclear()


def test_typing_inside_our_edit_after_it_landed_is_unclear() -> None:
    assert landed(BEFORE, OURS, [OURS_IN, OURS_IN.replace("THREE", "THREE!")]) == Unclear()


def test_our_edit_undone_by_the_user_is_absent() -> None:
    assert landed(BEFORE, OURS, [OURS_IN, BEFORE]) == Absent(BEFORE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_stale_positions_are_those_of_the_negotiated_encoding(encoding: str) -> None:
    before = "é😀x\nend\n"
    ours = (Change(2, 3, "y"),)
    typed = "😀é😀x\nend\n"
    index, now = LineIndex(before), LineIndex(typed)
    start, end = (now.offset(*index.position(at, encoding), encoding) for at in (2, 3))
    wrong = apply(typed, (Change(start, end, "y"),))
    assert landed(before, ours, [typed, wrong], encoding) == Misplaced(typed)


# What really happened is drawn first; the texts are made from it; the verdict must agree.
# What we insert is text that the user does not type, as in life.

LINES = st.sampled_from(["a", "b", "c", "alpha", "beta", "}", "", "    x = 1", "é😀"])
OUR_LINES = st.sampled_from(["ours", "    ours = 2", "}", ""])
TEXTS = st.lists(LINES, min_size=1, max_size=9).map(lambda lines: "\n".join(lines) + "\n")


@dataclass(frozen=True)
class Story:
    before: str
    ours: tuple[Change, ...]
    syncs: list[str]
    kind: str
    absent: str
    present: str | None


def stale(before: str, now: str, changes: tuple[Change, ...]) -> str:
    """What a client makes of positions that stand against an older text."""
    then, index = LineIndex(before), LineIndex(now)
    for change in reversed(changes):
        start, end = (
            index.offset(*then.position(at, "utf-16"), "utf-16")
            for at in (change.start, change.end)
        )
        now = apply(now, (Change(start, end, change.text),))
    return now


@st.composite
def edit_of_ours(draw: st.DrawFn, text: str) -> tuple[Change, ...]:
    index = LineIndex(text)
    first = draw(st.integers(0, index.line_count - 1))
    last = draw(st.integers(first, min(first + 2, index.line_count - 1)))
    more = draw(st.lists(OUR_LINES, max_size=2))
    body = "".join(line + "\n" for line in ["ours 1", *more])
    change = Change(index.line_start(first), index.line_start(last), body)
    if last + 2 < index.line_count and draw(st.booleans()):
        start, end = index.line_start(last + 1), index.line_start(last + 2)
        return (change, Change(start, end, draw(st.sampled_from(["ours 2\n", ""]))))
    return (change,)


@st.composite
def typing(draw: st.DrawFn, text: str) -> Change:
    index = LineIndex(text)
    if draw(st.booleans()):
        start = index.line_start(draw(st.integers(0, index.line_count - 1)))
        end = start + draw(st.sampled_from([0, 0, 1])) * (
            index.line_end(index.line_of(start)) - start
        )
        return Change(start, end, draw(st.sampled_from(["zero\n", "a\n", "q", "\n", "b\n}\n"])))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(start + 2, len(text))))
    return Change(start, end, draw(st.sampled_from(["", "q", "\n", "a", "q\n"])))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    before = draw(TEXTS)
    ours = draw(edit_of_ours(before))
    kind = draw(st.sampled_from(["right", "skipped", "stale"]))
    text, syncs = before, []
    user: tuple[Change, ...] = ()
    for _ in range(draw(st.integers(0, 2))):
        change = draw(typing(text))
        if apply(text, (change,)) != text:
            user = compose(user, (change,))
            text = apply(text, (change,))
            syncs.append(text)
    moved = rebase(ours, user, before)
    absent, present = text, None if moved is None else apply(text, moved)
    if kind == "right":
        text = text if present is None else present
        kind = "skipped" if present is None else kind
    elif kind == "stale":
        text = stale(before, text, ours)
        kind = "right" if text == present else kind
    if kind != "skipped":
        syncs.append(text)
    if draw(st.booleans()):
        where = draw(st.sampled_from([0, -1]))
        tail = draw(st.sampled_from(["tail\n", "t"]))
        absent, present, text = (
            None if one is None else (tail + one if where == 0 else one + tail)
            for one in (absent, present, text)
        )
        syncs.append(text)
    if kind != "stale" and len(syncs) > 1 and draw(st.booleans()):
        syncs = syncs[-1:]  # one content change held everything
    return Story(before, ours, syncs, kind, absent or "", present)


@given(stories())
def test_the_verdict_agrees_with_what_happened(story: Story) -> None:
    got = landed(story.before, story.ours, story.syncs)
    final = story.syncs[-1] if story.syncs else story.before
    if isinstance(got, Applied):
        # Among equal lines a stale place may be a right one as well: all the user's text is there.
        users = apply(story.before, got.user_changes)
        assert story.kind == "right" or story.present is None or users == story.absent
        moved = rebase(story.ours, got.user_changes, story.before)
        assert moved is not None
        assert apply(apply(story.before, got.user_changes), moved) == final
    elif isinstance(got, Absent):
        assert story.kind == "skipped"
        assert got.text == final
    elif isinstance(got, Misplaced):
        assert story.kind == "stale"
        assert got.restore == story.absent
