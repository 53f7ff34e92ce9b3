"""Two turns of a chat in real Emacs, by code actions alone, with another model for the second."""

from __future__ import annotations

import re

import pytest

from editors.conftest import Play
from editors.conversation import ANSWER, CHAT, without_counts
from editors.emacs.session import Emacs, still
from editors.project import FIRST, FIRST_MODEL, LAST, SECOND_MODEL, Project
from editors.screens import documented

pytestmark = pytest.mark.emacs


def test_a_conversation_about_a_selection(play: Play) -> None:
    def scenario(emacs: Emacs, project: Project) -> None:
        emacs.lines(FIRST, LAST)
        emacs.act("Chat about this")
        emacs.wait("## You")
        emacs.press("C-x", "1")
        emacs.append("What does it do?")
        emacs.act("Send")
        emacs.wait("Chat: answered (")
        answered = emacs.wait(lambda shown: re.search(f"> .*{FIRST_MODEL}.*\n.*\n.*You", shown))

        emacs.append("Is it slow?")
        emacs.act("Change model")
        emacs.choose(SECOND_MODEL)
        emacs.wait(f"> Streetrace: model {SECOND_MODEL}")
        emacs.act("Send")
        emacs.wait("Chat: answered (")
        chat = project.folder / ".streetrace/chats/chat-1.md"
        emacs.saved(chat, lambda text: without_counts(text) == CHAT)
        if project.on_replay:
            documented("emacs-chat", still(answered), "editors/emacs.md")

    play(scenario, ANSWER)
