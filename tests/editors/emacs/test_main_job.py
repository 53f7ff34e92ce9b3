"""From a selection to an edit on the disk, and back with one undo, in real Emacs."""

from __future__ import annotations

import pytest

from editors.conftest import Play
from editors.emacs.conftest import Start
from editors.emacs.session import Emacs, still
from editors.held import Held
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project
from editors.screens import documented

pytestmark = pytest.mark.emacs

MINE = "    mine = 1\n"
TYPED = "LIMIT = 100  # €\n"


def fix(emacs: Emacs, held: Held) -> None:
    """Select the function and choose Fix; the answer has begun afterwards."""
    emacs.lines(FIRST, LAST)
    emacs.act("Fix")
    held.begun()


def test_the_edit_arrives_and_undo_takes_it_back(play: Play) -> None:
    def scenario(emacs: Emacs, project: Project) -> None:
        emacs.lines(FIRST, LAST)
        menu = emacs.menu()
        # C-g would do, but where it comes in the midst of Eglot's work it ends that instead.
        emacs.press("C-]")
        emacs.wait("Pick an action", gone=True)
        emacs.lines(FIRST, LAST)
        emacs.act("Fix")
        emacs.wait("return sum(prices)")
        assert project.source.read_text(encoding="utf-8") == SOURCE, "saving is the person's"
        emacs.on_disk(project.source, FIXED)
        emacs.undo()
        emacs.wait("for i in range")
        emacs.on_disk(project.source, SOURCE)
        if project.on_replay:
            documented("emacs-menu", still(menu), "editors/emacs.md")

    play(scenario, REPLY)


def test_what_is_typed_while_the_model_writes_is_kept(
    held: Held, configured: Project, start: Start
) -> None:
    emacs = start()
    fix(emacs, held)
    emacs.go(1)
    emacs.type(TYPED)
    emacs.wait(TYPED.strip())
    held.release()
    emacs.wait("return sum(prices)")
    emacs.on_disk(configured.source, TYPED + FIXED)


def test_keys_typed_as_the_answer_arrives_are_all_kept(
    held: Held, configured: Project, start: Start
) -> None:
    """Eglot tells of typing half a second late, and counts only what it told: an edit for the
    exact version would come to a wrong place, over lines that no server ever saw."""
    emacs = start()
    fix(emacs, held)
    emacs.go(1)
    held.release()
    for number in range(30):
        emacs.type(f"LINE_{number} = {number}\n")
    emacs.wait("LINE_29 = 29")
    emacs.wait("return sum(prices)")
    typed = "".join(f"LINE_{number} = {number}\n" for number in range(30))
    emacs.saved(configured.source, lambda text: text == typed + FIXED)


def test_a_line_typed_inside_right_before_the_answer_is_kept(
    held: Held, configured: Project, start: Start
) -> None:
    emacs = start()
    fix(emacs, held)
    emacs.go(FIRST + 2)
    emacs.type(MINE)
    emacs.wait("mine = 1")
    held.release()
    emacs.saved(configured.source, lambda text: MINE in text)
    emacs.wait(lambda screen: "mine = 1" in screen and "you changed the" in screen)


def test_a_line_typed_at_the_edge_as_the_answer_arrives_is_kept(
    held: Held, configured: Project, start: Start
) -> None:
    """Either may come first; both texts are whole whichever does."""
    emacs = start()
    fix(emacs, held)
    emacs.go(FIRST + 1)
    held.release()
    emacs.type(MINE)
    emacs.wait(
        lambda screen: (
            "mine = 1" in screen and ("you changed the" in screen or "not saved yet" in screen)
        )
    )
    head = "def total(prices):\n"
    whole = [text.replace(head, head + MINE) for text in (SOURCE, FIXED)]
    emacs.saved(configured.source, lambda text: text in whole)


def test_stopping_leaves_the_text_and_closes_the_connection(
    held: Held, configured: Project, start: Start
) -> None:
    emacs = start()
    fix(emacs, held)
    emacs.act("Stop")
    held.left()
    held.release()
    emacs.menu()
    assert configured.source.read_text(encoding="utf-8") == SOURCE
    assert "range(len(prices))" in emacs.screen


def test_after_the_server_was_killed_the_text_stands_and_eglot_goes_on(
    held: Held, configured: Project, start: Start
) -> None:
    emacs = start()
    fix(emacs, held)
    emacs.kill_server()
    held.left()
    held.release()
    assert "range(len(prices))" in emacs.screen
    emacs.attach_again()
    emacs.lines(FIRST, LAST)
    emacs.act("Fix")
    emacs.wait("return sum(prices)")
    emacs.on_disk(configured.source, FIXED)
