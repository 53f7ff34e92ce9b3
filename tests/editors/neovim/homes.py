"""The Neovims that are at home here, each with what the documentation has its person write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from editors.neovim.session import Neovim, snippet
from editors.project import FIRST, LAST, Project
from editors.provisioned import GET_IT, Program, neovim, older_neovim


@dataclass(frozen=True)
class Home:
    """A version of Neovim; ``snippets`` are the beginnings of those that are documented for it."""

    version: str
    find: Callable[[], Program | None]
    snippets: tuple[str, ...]

    @property
    def program(self) -> Program:
        """Its program, or the test is skipped with the line that says how to get it."""
        found = self.find()
        if found is None:
            pytest.skip(f"Neovim {self.version} {GET_IT}")
        return found

    @contextmanager
    def opened(self, project: Project) -> Iterator[Neovim]:
        """Neovim in the project with ``prices.py`` open and the server attached."""
        folder = project.home / ".config/nvim"
        folder.mkdir(parents=True, exist_ok=True)
        lines = "\n".join(map(snippet, self.snippets))
        (folder / "init.lua").write_text(lines, encoding="utf-8")
        nvim = Neovim(self.program, project.folder, project.environment)
        try:
            # Neither comes with the parser for Markdown's colours.
            nvim.lua("vim.treesitter.start = function() end")
            nvim.open(project.source)
            yield nvim
        finally:
            nvim.close()


HOMES = (
    Home("0.12", neovim, ("vim.lsp.config('streetrace'", "vim.diagnostic.config")),
    Home("0.10", older_neovim, ("vim.api.nvim_create_autocmd('FileType'",)),
)


def choose(nvim: Neovim, title: str, *further: str) -> None:
    """Choose a code action at the cursor, and these entries where it asks."""
    will_choose(nvim, title, *further)
    nvim.lua("vim.lsp.buf.code_action()")
    nvim.wait("seen.picked ~= nil")


def choose_for_lines(nvim: Neovim, title: str, *further: str) -> None:
    """Select the function, press the documented key and choose; leaves visual mode."""
    will_choose(nvim, title, *further)
    nvim.act_on_lines(FIRST, LAST)
    nvim.wait("seen.picked ~= nil")
    nvim.input("<Esc>")


def will_choose(nvim: Neovim, title: str, *further: str) -> None:
    """Answer the next menus, and no later one, so."""
    nvim.lua("seen.picks, seen.picked = {}, nil")
    nvim.will_pick(f"Streetrace: {title}", *further)


def converse(nvim: Neovim, first: int, second_model: str, *trust: str) -> dict[str, Any]:
    """Two turns of a chat about the selected lines, another model for the second.

    ``first`` is the number of its first job. Returns the last turn's end.
    """

    def ask(question: str) -> None:
        nvim.lua("vim.api.nvim_buf_set_lines(0, -1, -1, true, { ... })", question)

    nvim.wait("vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'chat-1.md'")
    nvim.wait("#vim.lsp.get_clients({ bufnr = 0, name = 'streetrace' }) == 1")
    ask("What does it do?")
    choose(nvim, "Send", *trust)
    assert nvim.ended(first)["state"] == "answered", nvim.story()
    ask("Is it slow?")
    choose(nvim, "Change model", second_model)
    nvim.ended(first + 1)
    choose(nvim, "Send")
    return nvim.ended(first + 2)
