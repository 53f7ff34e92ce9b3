"""What a person sees on the screen: the menu, the question, the progress, the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim
from editors.neovim.terminal import Terminal
from editors.project import FIRST, LAST, REPLY, Project
from editors.provisioned import Program

pytestmark = pytest.mark.neovim

# Text that Neovim shows when it waits for a key before anything else can be read or typed.
STUCK = "Press ENTER"


@pytest.fixture
def model(project: Project) -> Iterator[FaultServer]:
    """A model that holds its answer back in the middle until it is released."""
    with FaultServer(Reply(text=REPLY, hold_after=3)) as server:
        project.use_ollama(server.base)
        yield server


@pytest.fixture
def terminal(
    program: Program, model: FaultServer, start: Callable[[], Neovim]
) -> Iterator[Terminal]:
    shown = Terminal(program, start().address)
    yield shown
    shown.close()


def choose(terminal: Terminal, entry: str) -> None:
    """Answer a numbered menu."""
    screen = terminal.wait(f": {entry}\n")
    numbered = re.search(rf"^(\d+): {re.escape(entry)}$", screen, re.MULTILINE)
    assert numbered, screen
    terminal.type(f"{numbered[1]}\r")


def test_a_fix_from_the_keyboard_to_the_undo(terminal: Terminal, model: FaultServer) -> None:
    terminal.wait("def total")
    terminal.type(f"{FIRST}GV{LAST}G\\a")
    choose(terminal, "Streetrace: Fix")

    question = terminal.wait("1: Trust")
    assert model.base in question, "the question names whom the project wants to ask"
    choose(terminal, "Trust")

    model.wait(lambda: model.held == 1, timeout=30)
    assert STUCK not in terminal.wait("Streetrace: Fix: demo writes")

    model.release()
    assert STUCK not in terminal.wait("not saved yet")
    assert "return sum(prices)" in terminal.screen
    terminal.type("u")
    assert "return sum(prices)" not in terminal.wait("for i in range(len(prices))")


def test_after_not_now_it_says_that_nothing_is_used(terminal: Terminal, model: FaultServer) -> None:
    terminal.wait("def total")
    terminal.type(f"{FIRST}GV{LAST}G\\a")
    choose(terminal, "Streetrace: Fix")
    choose(terminal, "Not now")
    terminal.wait("is not trusted, so nothing in it is used")
    assert model.connections == []
