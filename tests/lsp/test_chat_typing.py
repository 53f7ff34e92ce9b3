"""Random typing in a chat while an answer streams into it: both are there, to the letter."""

from __future__ import annotations

import os
import random

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import begun, new_chat
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import configuration

ROUNDS = int(os.environ.get("STREETRACE_TEST_ROUNDS", "5"))
ANSWER = "".join(f"line {n} é 😀\n" for n in range(40))
EARLIER = (
    "# Chat\n\n## You\n\nfirst question\n\n## Assistant (local/demo)\n\nfirst answer\n\n"
    "## You\n\nsecond question\n\nmore of it"
)
PLACES = ["first question", "## Assistant (local/demo)\n\nfirst", "first answer", "second question"]


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix, Eglot])
async def test_typing_anywhere_above_an_answer_loses_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(kind)
    chat = await new_chat(editor)
    if isinstance(editor, (Neovim, Eglot)):
        editor.delays = True
    for number in range(ROUNDS):
        chance = random.Random(f"{kind.name} {number}")
        faults.script(Reply(text=ANSWER, chunk=7, rate=120))
        editor.replace(chat, chat.text, EARLIER)
        editor.sync()
        mine = EARLIER
        typed = 0

        def type_somewhere(chance: random.Random = chance) -> None:
            nonlocal mine, typed
            place = chance.choice(PLACES)
            if chat.text.count(place) == 1 == mine.count(place):
                line = f"typed {typed} 🚀\n"
                typed += 1
                mine = mine.replace(place, line + place)
                editor.type(chat, chat.before(place), line)
            if chance.random() < 0.5:
                editor.sync()

        job = await begun(editor, chat, "")
        while editor.window.final(job) is None:
            if chance.random() < 0.7:
                editor.interject = type_somewhere
            seen = len(editor.edits)
            await editor.until(
                "an edit or the end",
                lambda seen=seen, job=job: len(editor.edits) > seen or editor.window.final(job),
            )
            if chance.random() < 0.5:
                type_somewhere()
            editor.clock.advance(1)
        editor.interject = None
        editor.sync()
        ending = await editor.finished(job)
        assert ending["state"] == "answered", (number, ending)
        assert chat.text == (
            f"{mine}\n\n## Assistant (local/demo)\n\n{ANSWER}\n"
            "> Streetrace: local/demo, 7 + 5 tokens\n\n## You\n\n"
        ), number
        assert typed
