"""A person keeps one change of a fix and undoes another, seen on the screen of real Neovim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim
from editors.neovim.terminal import Terminal
from editors.project import FIRST, LAST, Project
from editors.provisioned import Program
from editors.reviewed import ANSWER, EMPTY, MEAN, ZERO, with_changes
from editors.screens import documented

pytestmark = pytest.mark.neovim


@pytest.fixture
def nvim(project: Project, start: Callable[[], Neovim]) -> Iterator[Neovim]:
    """Neovim with an answer of three changes to come."""
    with FaultServer(Reply(text=ANSWER)) as model:
        project.configure(
            f'model = "local/demo"\n\n[backends.local]\nprovider = "ollama"\n'
            f'api_base = "{model.base}"\nedit_format = "search-replace"\n'
        )
        project.trust()
        yield start()


@pytest.fixture
def terminal(program: Program, nvim: Neovim) -> Iterator[Terminal]:
    shown = Terminal(program, nvim.address)
    yield shown
    shown.close()


def choose(terminal: Terminal, keys: str, entry: str) -> str:
    """Press keys, and choose an entry of the menu; returns the screen with the menu."""
    terminal.type(keys)
    screen = terminal.wait(f": Streetrace: {entry}\n")
    numbered = re.search(rf"^(\d+): Streetrace: {re.escape(entry)}$", screen, re.MULTILINE)
    assert numbered, screen
    terminal.type(f"{numbered[1]}\r")
    return screen


def test_one_change_is_kept_and_another_undone(terminal: Terminal, nvim: Neovim) -> None:
    terminal.wait("def total")
    choose(terminal, f"{FIRST}GV{LAST}G\\a", "Fix")
    terminal.wait("not saved yet")
    assert nvim.text == with_changes(ZERO, EMPTY, MEAN)

    choose(terminal, "/0.0\r\\a", "Keep this change")
    # Only once the menu is gone can the next one be told from it.
    terminal.type(":redraw! | echo 'kept' 'it'\r")
    terminal.wait("kept it")
    menu = choose(terminal, "/The mean\r\\a", "Undo this change")
    assert "Streetrace: Keep this change" in menu
    # What asks Neovim itself would hold up the keys: the screen goes first.
    screen = terminal.wait("Undone in prices.py, not saved yet")
    documented("neovim-review", menu, "review.md")
    assert "The mean" not in screen
    assert "result = 0.0  # €" in screen
    assert nvim.ended(2)["state"] == "applied", nvim.story()
    assert nvim.text == with_changes(ZERO, EMPTY)

    choose(terminal, "gg\\a", "Next change")
    terminal.wait(" 8,1")
    assert "round" in nvim.lua("return vim.api.nvim_get_current_line()")
    nvim.undo()
    assert nvim.text == with_changes(ZERO, EMPTY, MEAN), "u takes back the last step alone"
