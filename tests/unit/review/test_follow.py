"""What becomes of a change when the person types, in examples."""

from __future__ import annotations

import pytest

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.review.follow import ACROSS, AT_EDGE, AT_REMOVED, SAME_LINES
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.layer import layer_of
from streetrace_lsp.review.record import from_record, to_record
from streetrace_lsp.review.reviewed import Reviewed

BASE = "one\ntwo\nthree\nfour\n"
EDITED = "one\nTWO\nthree\nfour\n"


def after_typing(before: str, edited: str, typed: str) -> tuple[Hunk, str | None]:
    """The only hunk after the text became ``typed``, and the text once it is undone."""
    real = Reviewed("file:///a.py", "a.py", (layer_of("fix", "Fix", before, edited),))
    real = real.after(edited, Change(0, len(edited), typed))
    undo = real.undoing(real.all_ids(), typed)
    (hunk,) = real.layers[0].hunks
    return hunk, apply(typed, undo.changes) if undo.changes else None


@pytest.mark.parametrize(
    ("edited", "typed", "state", "undone"),
    [
        (EDITED, "zero\none\nTWO\nthree!\nfour\n", "open", "zero\none\ntwo\nthree!\nfour\n"),
        (EDITED, "one\nTWO?\nthree\nfour\n", "edited", BASE),
        (EDITED, "one\nmine\nTWO\nthree\nfour\n", "open", "one\nmine\ntwo\nthree\nfour\n"),
        (EDITED, "one\nTWO\nmine\nthree\nfour\n", "open", "one\ntwo\nmine\nthree\nfour\n"),
        ("one\nTWO words\nthree\nfour\n", "one\nTWO\n words\nthree\nfour\n", "edited", BASE),
        (EDITED, "one\nthree\nfour\n", "edited", BASE),
        ("one\nthree\nfour\n", "one!\nthree!\nfour\n", "open", "one!\ntwo\nthree!\nfour\n"),
        # Rewritten in each of three lines, of which one is the hunk's.
        (EDITED, "one.\nTWO.\nthree.\nfour\n", "edited", "one.\ntwo\nthree.\nfour\n"),
    ],
)
def test_what_is_certain_is_undone(edited: str, typed: str, state: str, undone: str) -> None:
    hunk, text = after_typing(BASE, edited, typed)
    assert (hunk.state, hunk.doubt, text) == (state, "", undone)


@pytest.mark.parametrize(
    ("edited", "typed", "why"),
    [
        (EDITED, "one\nmine\nmore\nthree\nfour\n", AT_EDGE),
        ("one\nthree\nfour\n", "one\nmine\nthree\nfour\n", AT_REMOVED),
        ("one\ntwo\none\nthree\nfour\n", "one\ntwo\nthree\nfour\n", ""),
        ("one\none\nTWO\nthree\nfour\n", EDITED, SAME_LINES),
    ],
)
def test_what_is_not_certain_is_left(edited: str, typed: str, why: str) -> None:
    hunk, text = after_typing(BASE, edited, typed)
    if not why:
        assert hunk.state == "undone"
    else:
        assert (hunk.state, hunk.doubt) == ("edited", why)
    assert text is None


@pytest.mark.parametrize(
    ("edited", "typed"),
    [
        (EDITED, "one\nfour\n"),
        (EDITED, "oneTWO\nthree\nfour\n"),
        (EDITED, ""),
    ],
)
def test_what_goes_over_its_edge_is_gone(edited: str, typed: str) -> None:
    hunk, text = after_typing(BASE, edited, typed)
    assert (hunk.state, hunk.gone, text) == ("gone", ACROSS, None)


def test_a_change_that_is_gone_is_back_in_the_text_that_it_stood_in() -> None:
    edited, cut = BASE.replace("two", "TWO"), "four\n"
    real = Reviewed("file:///a.py", "a.py", (layer_of("fix", "Fix", BASE, edited),))
    real = real.after(edited, Change(0, len(edited) - len(cut), ""))
    assert real.open == ()
    real = real.after(cut, Change(0, 0, edited[: -len(cut)]))
    assert [hunk.state for hunk in real.open] == ["open"]


def test_a_kept_change_that_the_editor_takes_back_is_undone_and_kept_again_by_redo() -> None:
    edited = BASE.replace("two", "TWO")
    real = Reviewed("file:///a.py", "a.py", (layer_of("fix", "Fix", BASE, edited),))
    real = real.keep(real.all_ids())
    assert real.open == ()
    real = real.after(edited, Change(0, len(edited), BASE))
    assert real.layers[0].hunks[0].state == "undone"
    real = real.after(BASE, Change(0, len(BASE), edited))
    assert real.layers[0].hunks[0].state == "kept"


def test_what_a_person_makes_of_a_text_once_it_is_back_is_theirs() -> None:
    real = Reviewed("file:///a.py", "a.py", (layer_of("fix", "Fix", BASE, EDITED),))
    real = real.after(EDITED, Change(0, len(EDITED), BASE))
    mine = BASE.replace("two", "two and a half")
    real = real.after(BASE, Change(0, len(BASE), mine))
    assert [hunk.state for hunk in real.layers[0].hunks] == ["undone"]
    assert not real.undoing(real.all_ids(), mine).changes
    # With redo the change waits again.
    real = real.after(mine, Change(0, len(mine), EDITED))
    assert real.undoing(real.all_ids(), EDITED).text == BASE


def test_that_a_change_was_taken_back_survives_a_restart() -> None:
    edited = EDITED.replace("four", "FOUR")
    real = Reviewed("file:///a.py", "a.py", (layer_of("fix", "Fix", BASE, edited),))
    back = edited.replace("TWO", "two")
    mine = back.replace("two", "two and a half")
    real = real.after(edited, Change(0, len(edited), back)).after(back, Change(0, len(back), mine))
    found = from_record(to_record(real, mine))
    assert found is not None
    assert [hunk.state for hunk in found[0].layers[0].hunks] == ["undone", "open"]
    assert found[0].undoing(found[0].all_ids(), mine).text == mine.replace("FOUR", "four")
