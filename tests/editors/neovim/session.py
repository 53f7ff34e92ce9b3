"""Real Neovim, configured as a person configures it and driven over its own channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from editors.neovim.rpc import Channel
from editors.provisioned import REPOSITORY, Program

# A busy machine gets this long for anything to happen, in milliseconds.
DEADLINE = 90_000

# Keeps what the server reported and what was said.
_WATCH = """
_G.seen = { picks = {}, menus = {}, jobs = {}, said = {}, progress = {} }
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    table.insert(seen.progress, event.data.params.value.message or '')
  end,
})
vim.lsp.handlers['streetrace/job'] = function(_, job)
  table.insert(seen.jobs, job)
end
local notify = vim.notify
vim.notify = function(message, ...)
  table.insert(seen.said, message)
  return notify(message, ...)
end
"""
_FINALS = "vim.tbl_filter(function(job) return job.final end, seen.jobs)"
# Stands in for the person where Neovim shows a menu: picks by title.
_PICK = """
vim.list_extend(seen.picks, ...)
vim.ui.select = function(items, options, choose)
  local titles = vim.tbl_map(options.format_item or tostring, items)
  table.insert(seen.menus, { prompt = options.prompt, titles = titles })
  for i, item in ipairs(items) do
    if vim.list_contains(seen.picks, titles[i]) then
      seen.picked = titles[i]
      return choose(item, i)
    end
  end
  choose(nil)
end
"""


def snippet(beginning: str = "vim.lsp.config('streetrace'", kind: str = "lua") -> str:
    """The block of the documentation that begins so: without the plugin, what people put into
    their ``init.lua``.
    """
    page = (REPOSITORY / "docs/editors/neovim.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(rf"^```{kind}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (found,) = (block for block in blocks if block.startswith(beginning))
    return found


class Neovim(Channel):
    """One running Neovim and what is needed to use it as a person does."""

    def __init__(self, program: Program, folder: Path, environment: Mapping[str, str]) -> None:
        super().__init__(program, folder, environment)
        self.lua(_WATCH)

    def wait(self, condition: str, *arguments: Any) -> None:
        """Let Neovim's own loop run until the Lua expression is true."""
        held = self.lua(
            "local arguments = { ... }\n"
            f"return (vim.wait({DEADLINE}, function()\n"
            f"  local a, b = unpack(arguments)\n  return {condition}\nend, 5))",
            *arguments,
        )
        assert held, f"never came true: {condition}\n{self.story()}"

    def open(self, path: Path) -> None:
        """Edit a file and wait until the server is attached to it."""
        self.lua("vim.cmd.edit(...)", str(path))
        self.wait("#vim.lsp.get_clients({ bufnr = 0, name = 'streetrace' }) == 1")
        self.wait("vim.lsp.get_clients({ bufnr = 0 })[1].initialized")

    def will_pick(self, *titles: str) -> None:
        """Choose these entries wherever a menu shows one of them."""
        self.lua(_PICK, list(titles))

    def act_on_lines(self, first: int, last: int) -> None:
        """Select whole lines, numbered from 1, and press the documented key."""
        self.request("nvim_feedkeys", f"{first}GV{last}G", "xt", False)
        self.lua("vim.api.nvim_feedkeys(vim.keycode('<leader>a'), 'xt', false)")

    def tell_the_server(self) -> None:
        """Have Neovim send what it holds back: any request sends pending changes first."""
        self.lua(
            "local nowhere = { line = 0, character = 0 }\n"
            "local answers, failed = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {\n"
            "  textDocument = { uri = vim.uri_from_bufnr(0) },\n"
            "  range = { start = nowhere, ['end'] = nowhere },\n"
            "  context = { diagnostics = {} },\n"
            f"}}, {DEADLINE})\nassert(answers, failed)"
        )

    def ended(self, number: int = 1) -> dict[str, Any]:
        """Wait for the ``number``-th final job event, counted from 1, and return it."""
        self.wait(f"#{_FINALS} >= a", number)
        event: dict[str, Any] = self.lua(f"return {_FINALS}[...]", number)
        return event

    def endings(self) -> int:
        """How many jobs have ended so far."""
        return int(self.lua(f"return #{_FINALS}"))

    @property
    def text(self) -> str:
        """The whole buffer in front."""
        lines = self.request("nvim_buf_get_lines", 0, 0, -1, True)
        return "".join(f"{line}\n" for line in lines)

    @property
    def address(self) -> str:
        """Where another Neovim reaches this one."""
        return str(self.lua("return vim.v.servername"))

    def input(self, keys: str) -> None:
        """Press keys (``:help nvim_feedkeys()``); they are done afterwards."""
        self.lua("vim.api.nvim_feedkeys(vim.keycode(...), 'xt', false)", keys)

    def undo(self) -> None:
        """Press ``u`` once."""
        self.request("nvim_feedkeys", "u", "xt", False)

    def menus(self) -> list[dict[str, Any]]:
        """The menus shown so far, each with its ``prompt`` and ``titles``."""
        shown: list[dict[str, Any]] = self.lua("return seen.menus")
        return shown

    def story(self) -> str:
        """What was said and shown, for a failed test's report."""
        told: str = self.lua(
            "return vim.inspect({ seen = seen, messages = vim.fn.execute('messages'),"
            " clients = #vim.lsp.get_clients(), log = vim.fn.readfile("
            "vim.fn.filereadable(vim.lsp.log.get_filename()) == 1"
            " and vim.lsp.log.get_filename() or '/dev/null', '', -40) })"
        )
        return told
