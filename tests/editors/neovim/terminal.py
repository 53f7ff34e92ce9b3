"""Neovim on a terminal screen, with a person's keys: what is seen, not what is in memory.

The terminal is another Neovim's ``:terminal``: a real pseudo-terminal and a real screen.
"""

from __future__ import annotations

from pathlib import Path

from editors.neovim.rpc import Channel
from editors.neovim.session import DEADLINE
from editors.provisioned import Program

COLUMNS, ROWS = 100, 30

_SCREEN = (
    f"table.concat(vim.api.nvim_buf_get_lines(0, -{ROWS + 1}, -1, false), '\\n')"
    ":gsub('[ \\n]+$', ''):gsub(' +\\n', '\\n') .. '\\n'"
)


class Terminal:
    """A screen of `COLUMNS` by `ROWS` that shows the Neovim at ``address``.

    A provisioned Neovim can't start itself, since its executable is the loader, so the screen
    is attached to one that runs (``--remote-ui``).
    """

    def __init__(self, program: Program, address: str) -> None:
        variables = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        self._outer = Channel(program, Path.cwd(), variables, "--clean")
        self._outer.lua(
            "vim.o.columns, vim.o.lines, vim.o.laststatus, vim.o.showtabline = ...",
            *(COLUMNS, ROWS + 1, 0, 0),
        )
        self._job = self._outer.lua(
            "local newer = vim.fn.has('nvim-0.11') == 1\n"
            "return newer and vim.fn.jobstart(..., { term = true }) or vim.fn.termopen(...)",
            [*program.command, "--server", address, "--remote-ui"],
        )

    @property
    def screen(self) -> str:
        """The screen as it is now, without trailing blanks."""
        return str(self._outer.lua(f"return {_SCREEN}"))

    def type(self, keys: str) -> None:
        """Press keys; ``\\x1b`` is Escape, ``\\r`` is Enter."""
        self._outer.lua("vim.fn.chansend(...)", self._job, keys)

    def wait(self, text: str, *, gone: bool = False) -> str:
        """Wait until the screen shows ``text``, wrapped or not, and return the screen.

        With ``gone`` the text has to vanish.
        """
        shown: bool = self._outer.lua(
            "local text, gone = ...\n"
            f"return (vim.wait({DEADLINE}, function() local screen = {_SCREEN}"
            " local at = (screen .. screen:gsub('\\n', '')):find(text, 1, true)"
            " return (at == nil) == gone end, 5))",
            text,
            gone,
        )
        never = "lost" if gone else "showed"
        assert shown, f"the screen never {never} {text!r}:\n{self.screen}"
        return self.screen

    def close(self) -> None:
        """Hang up the terminal."""
        self._outer.close()
