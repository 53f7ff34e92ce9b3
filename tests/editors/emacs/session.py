"""Real Emacs with Eglot in a terminal, configured as the documentation says, driven by keys."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from editors.project import text_of
from editors.provisioned import Program
from editors.tmux import PATIENCE, Terminal


def still(screen: str) -> str:
    """A screen to be shown. What Eglot says of requests and progress depends on the moment."""
    return re.sub(r"\[eglot:shop.*", "[eglot:shop]", screen)


class Emacs(Terminal):
    """Emacs with a file open, and what is needed to use it as a person does."""

    def __init__(
        self, program: Program, folder: Path, environment: Mapping[str, str], *files: str
    ) -> None:
        super().__init__(program, ["--no-splash", *files], folder, environment)

    def attach(self) -> None:
        """``M-x eglot``, and wait until it says that it is connected."""
        self.mx("eglot")
        self.wait("Connected!")

    def attach_again(self) -> None:
        """Once it noticed that the server is lost, Eglot starts it anew, or a person does."""
        screen = self.wait(lambda shown: "onnected!" in shown or "[eglot:" not in shown)
        if "onnected!" in screen:
            return
        self.mx("eglot")
        screen = self.wait(lambda shown: "onnected!" in shown or "(y or n)" in shown)
        if "(y or n)" in screen:  # Eglot was quicker than the person
            self.press("n")
            self.wait("(y or n)", gone=True)

    def mx(self, command: str) -> None:
        """``M-x`` and a command."""
        self.press("M-x")
        self.wait("M-x")
        self.type(command)
        self.wait(f"M-x {command}")
        self.press("Enter")

    def visit(self, name: str) -> None:
        """Open a file of the folder; Eglot looks after it at once."""
        self.press("C-x", "C-f")
        self.wait("Find file: ")
        self.answer(name)
        self.wait(lambda screen: f" {name} " in screen and "[eglot:" in screen)

    def go(self, line: int) -> None:
        """To the beginning of a line, numbered from 1."""
        self.press("M-g", "g")
        self.wait("Goto line")
        self.type(str(line))
        self.press("Enter")

    def rest(self, line: int) -> None:
        """To the beginning of a line, with nothing selected."""
        # C-g would do, but where it comes in the midst of Eglot's work it ends that instead.
        self.press("C-Space", "C-Space")
        self.go(line)

    def lines(self, first: int, last: int) -> None:
        """Select whole lines, numbered from 1."""
        self.go(first)
        self.press("C-Space")
        self.go(last + 1)

    def menu(self) -> str:
        """Ask for the code actions, and return the screen with all of them."""
        self.mx("eglot-code-actions")
        self.wait("Pick an action")
        self.press("Tab", "Tab")
        return self.wait(re.compile(r"possible completions:(?s:.*) All +L1 +\(Compl").search)

    def act(self, entry: str) -> None:
        """Choose a code action by its name."""
        self.mx("eglot-code-actions")
        self.wait("Pick an action")
        self.answer(f"Streetrace: {entry}")
        # Until then C-g would throw the keys away that Emacs has not read.
        self.wait("Pick an action", gone=True)

    def choose(self, text: str) -> None:
        """Answer a question of the server, where the first answer stands already."""
        self.wait("Choose an option: ")
        self.press("C-a", "C-k")
        self.answer(text)

    def answer(self, text: str) -> None:
        """Answer the question in the last line."""
        self.type(text)
        self.press("Enter")

    def append(self, text: str) -> None:
        """Type at the end of the buffer."""
        self.press("M->")
        self.type(text)

    def undo(self) -> None:
        """``C-/``, which a terminal sends as ``C-_``."""
        self.press("C-_")

    def saved(self, path: Path, holds: Callable[[str], bool]) -> None:
        """Save, and wait until a condition on the file's text holds."""
        self.press("C-x", "C-s")
        last = time.monotonic() + PATIENCE
        turn = threading.Event()
        while not holds(now := text_of(path)):
            assert time.monotonic() < last, f"{path} has\n{now}\nscreen:\n{self.screen}"
            turn.wait(0.02)

    def on_disk(self, path: Path, text: str) -> None:
        """Save, and wait until the file has exactly this text."""
        self.saved(path, lambda now: now == text)
