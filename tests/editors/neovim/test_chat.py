"""Two turns of a chat in real Neovim, with the documented keys and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim
from editors.project import FIRST, LAST, Project

pytestmark = pytest.mark.neovim

Start = Callable[[], Neovim]

HEAD = "## Assistant (local/demo)\n\n"
USAGE = "> Streetrace: local/demo, 7 + 5 tokens\n\n"
FIRST_TURN = (
    "# Chat\n\n## You\n\n@selection prices.py:4-8\n\nWhat does it do?\n\n"
    f"{HEAD}It adds, “€” é 😀.\n\n```py\nx = 1\n```\n\n{USAGE}## You\n\n"
)


def test_a_conversation_about_a_selection(project: Project, start: Start) -> None:
    with FaultServer() as model:
        model.script(
            Reply(text="It adds, “€” é 😀.\n\n```py\nx = 1\n```\n", hold_after=2),
            Reply(text="\n\n## You\n\nBye."),
        )
        project.configure(
            'model = "local/demo"\n\n[backends.local]\nprovider = "ollama"\n'
            f'api_base = "{model.base}"\n'
        )
        nvim = start()
        # The Neovim of these tests comes without the parser for Markdown's colours.
        nvim.lua("vim.treesitter.start = function() end")
        nvim.will_pick("Streetrace: Chat about this", "Trust")
        nvim.act_on_lines(FIRST, LAST)
        nvim.wait("vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'chat-1.md'")
        nvim.wait("#vim.lsp.get_clients({ bufnr = 0, name = 'streetrace' }) == 1")
        assert nvim.text == "# Chat\n\n## You\n\n@selection prices.py:4-8\n\n"
        # Where the question goes.
        nvim.wait("vim.fn.line('.') == vim.fn.line('$')")

        nvim.lua("vim.api.nvim_buf_set_lines(0, -1, -1, true, { 'What does it do?' })")
        nvim.will_pick("Streetrace: Send")
        nvim.act_on_lines(1, 1)
        nvim.wait("vim.fn.search('It adds', 'nw') > 0")
        # While it streams, somewhere else.
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, 1, true, { '# Prices' })")
        nvim.tell_the_server()
        model.release()
        assert nvim.ended()["state"] == "answered", nvim.story()
        assert nvim.text == FIRST_TURN.replace("# Chat", "# Prices", 1)
        assert "def total(prices):" in model.requests[-1].json["messages"][-1]["content"]

        nvim.lua("vim.api.nvim_buf_set_lines(0, -1, -1, true, { 'And then?' })")
        nvim.lua("vim.cmd('Streetrace chat.send')")
        assert nvim.ended(2)["state"] == "answered", nvim.story()
        assert nvim.text == (
            FIRST_TURN.replace("# Chat", "# Prices", 1)
            + f"And then?\n\n{HEAD}\\## You\n\nBye.\n\n{USAGE}## You\n\n"
        )
