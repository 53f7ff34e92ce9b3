"""The screens of real Neovim that the documentation shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim
from editors.neovim.terminal import Terminal
from editors.project import FIRST, LAST, Project
from editors.provisioned import Program
from editors.screens import documented

pytestmark = pytest.mark.neovim

ANSWER = "It adds, “€” é 😀.\n\n```py\nsum(prices)\n```\n"


@pytest.fixture
def nvim(project: Project, start: Callable[[], Neovim]) -> Iterator[Neovim]:
    """Neovim with an answer to come."""
    with FaultServer(Reply(text=ANSWER)) as model:
        project.use_ollama(model.base)
        project.trust()
        nvim = start()
        # The Neovim of these tests comes without the parser for Markdown's colours.
        nvim.lua("vim.treesitter.start = function() end")
        yield nvim


def test_a_chat_with_an_answer(program: Program, nvim: Neovim) -> None:
    terminal = Terminal(program, nvim.address)
    terminal.wait("def total")
    nvim.will_pick("Streetrace: Chat about this", "Streetrace: Send")
    terminal.type(f"{FIRST}GV{LAST}G\\a")
    terminal.wait("@selection prices.py:4-8")
    terminal.type(":cd .\rGoWhat does it do?\x1b")
    terminal.wait("What does it do?")
    terminal.type("\\a")
    screen = terminal.wait("Chat: answered")
    terminal.close()
    documented("neovim-chat", screen, "chat.md")
