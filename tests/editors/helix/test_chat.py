"""Two turns of a chat in real Helix, by code actions alone, with another model for the second."""

from __future__ import annotations

import pytest

from editors.conftest import Play
from editors.conversation import ANSWER, CHAT, without_counts
from editors.helix.session import Helix
from editors.project import FIRST, LAST, SECOND_MODEL, Project
from editors.screens import documented

pytestmark = pytest.mark.helix


def test_a_conversation_about_a_selection(play: Play) -> None:
    def scenario(helix: Helix, project: Project) -> None:
        helix.lines(FIRST, LAST)
        helix.act("Chat about this")
        helix.wait("chat-1.md")
        helix.insert("geo", "What does it do?")
        menu = helix.act("Send")
        helix.wait("Chat: answered (")
        helix.type("gg")
        answered = helix.wait(" 1:1")

        helix.insert("geo", "Is it slow?")
        helix.act("Change model")
        question = helix.wait("As configured")
        helix.pick(question, SECOND_MODEL, start="demo/")
        helix.wait(f"> Streetrace: model {SECOND_MODEL}")
        helix.act("Send")
        helix.wait(f"> Streetrace: {SECOND_MODEL}, ")
        chat = project.folder / ".streetrace/chats/chat-1.md"
        helix.saved(chat, lambda text: without_counts(text) == CHAT)
        if project.on_replay:
            documented("helix-chat-send", menu, "chat.md")
            documented("helix-chat", answered, "chat.md")
            documented("helix-chat-model", question, "chat.md")

    play(scenario, ANSWER)
