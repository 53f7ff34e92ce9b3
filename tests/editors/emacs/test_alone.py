"""Eglot without our file: results wait for *Apply result*, and nothing typed is lost by them."""

from __future__ import annotations

import pytest

from editors.conftest import Play
from editors.conversation import ANSWER
from editors.emacs.conftest import Start
from editors.emacs.session import Emacs
from editors.held import Held
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project

pytestmark = [pytest.mark.emacs, pytest.mark.usefixtures("alone")]

READY = "Choose the code action “Streetrace: Apply result”"


def test_the_result_waits_and_comes_when_it_is_asked_for(play: Play) -> None:
    def scenario(emacs: Emacs, project: Project) -> None:
        emacs.lines(FIRST, LAST)
        emacs.act("Fix")
        emacs.wait(READY)
        assert "range(len(prices))" in emacs.screen
        emacs.act("Apply result")
        emacs.wait("return sum(prices)")
        emacs.on_disk(project.source, FIXED)
        emacs.lines(FIRST, FIRST + 2)
        emacs.act("Undo this change")
        emacs.wait("for i in range")
        emacs.on_disk(project.source, SOURCE)

    play(scenario, REPLY)


def test_keys_around_the_result_are_all_kept(held: Held, configured: Project, start: Start) -> None:
    """They are pressed without a pause: before the command, while it runs, and right after it."""
    emacs = start()
    emacs.lines(FIRST, LAST)
    emacs.act("Fix")
    held.begun()
    held.release()
    emacs.wait(READY)
    emacs.go(1)
    lines = [f"LINE_{number} = {number}\n" for number in range(20)]
    emacs.type("".join(lines[:10]))
    emacs.mx("eglot-code-actions")
    emacs.wait("Pick an action")
    emacs.answer("Streetrace: Apply result")
    emacs.type("".join(lines[10:]))
    emacs.wait("LINE_19 = 19")
    emacs.wait("return sum(prices)")
    emacs.saved(configured.source, lambda text: text == "".join(lines) + FIXED)


def test_an_answer_in_a_chat_waits_too(play: Play) -> None:
    def scenario(emacs: Emacs, project: Project) -> None:
        emacs.lines(FIRST, LAST)
        emacs.act("Chat about this")
        emacs.wait("## You")
        emacs.press("C-x", "1")
        emacs.append("What does it do?")
        emacs.act("Send")
        emacs.wait("Choose the code action “Streetrace: Show answer”")
        emacs.press("M-<")
        emacs.type("Mine.\n")
        emacs.act("Show answer")
        emacs.wait("It adds")
        chat = project.folder / ".streetrace/chats/chat-1.md"
        emacs.saved(chat, lambda text: text.startswith("Mine.\n# Chat") and ANSWER in text)

    play(scenario, ANSWER)
