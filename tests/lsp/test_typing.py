"""Random typing at the worst moments: the text is the user's, with the fix or without."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, RIGHT, TEXT, WRONG, fixing, opened

ROUNDS = int(os.environ.get("STREETRACE_TEST_ROUNDS", "10"))
OUTSIDE = ["# Größe", "def untouched", '    return "naïve']
PLACES = [*OUTSIDE, *OUTSIDE, "def area", '    """Fläche', "    return width"]


@dataclass
class Typist:
    """A person who types lines at random places; ``text`` is what only that person wrote."""

    editor: Editor
    document: Document
    chance: random.Random
    text: str = TEXT
    typed: int = 0

    def type(self) -> None:
        """Insert a line before another one, in the editor and in the person's own text.

        A line that stands there twice, or not at all, for as long as an edit is in the wrong
        place, is not the one that the person means.
        """
        place = self.chance.choice(PLACES)
        if self.document.text.count(place) != 1:
            return
        line = f"# {self.typed} 😀é typed\n"
        self.typed += 1
        self.text = self.text.replace(place, line + place)
        self.editor.type(self.document, self.document.before(place), line)

    def maybe_type(self) -> None:
        """Type, or not; and sometimes the editor sends it at once."""
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            self.type()
        if self.chance.random() < 0.5:
            self.editor.sync()


def news(editor: Editor, job: str) -> Callable[[], str]:
    """Look for another edit of the server, or for the end of a job."""
    seen = len(editor.edits)

    def look() -> str:
        if len(editor.edits) > seen:
            return "edit"
        return "end" if editor.window.final(job) else ""

    return look


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix, Eglot])
async def test_typing_at_any_moment_loses_nothing_and_corrupts_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.default = Reply(text=BLOCK)
    editor, document = await opened(launch, machine, faults, kind)
    states = set()
    for number in range(ROUNDS):
        chance = random.Random(f"{kind.name} {number}")
        typist = Typist(editor, document, chance)
        if document.text != TEXT:
            editor.replace(document, document.text, TEXT)
        editor.sync()
        editor.edits.clear()
        if isinstance(editor, (Neovim, Eglot)):
            editor.delays = True

        job = await fixing(editor, document)
        typist.maybe_type()
        editor.interject = typist.maybe_type
        while await editor.until("an edit or the end", news(editor, job)) == "edit":
            if chance.random() < 0.3:
                typist.maybe_type()
            editor.clock.advance(1)
        editor.interject = None
        editor.sync()

        ending = await editor.finished(job)
        states.add(ending["state"])
        fixed = typist.text.replace(WRONG, RIGHT)
        possible = {"applied": [fixed], "proposed": [typist.text]}[str(ending["state"])]
        if "look at the place" in str(ending["message"]):
            possible.append(fixed)  # typed right beside it: nobody can tell, so a person is asked
        assert document.text in possible, (number, ending)
    assert "applied" in states
