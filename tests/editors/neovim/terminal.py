"""Neovim on a terminal screen, with a person's keys: what is seen, not what is in memory.

The terminal is another Neovim's ``:terminal``: a real pseudo-terminal and a real screen.
"""

from __future__ import annotations

import pynvim

from editors.neovim.session import DEADLINE
from editors.provisioned import Program

COLUMNS, ROWS = 100, 30


class Terminal:
    """A screen of `COLUMNS` by `ROWS` that shows the Neovim at ``address``.

    A provisioned Neovim can't start itself, since its executable is the loader, so the screen
    is attached to one that runs (``--remote-ui``).
    """

    def __init__(self, program: Program, address: str) -> None:
        variables = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        variables |= program.environment
        self._outer = pynvim.attach(
            "child",
            argv=[
                *("env", "--ignore-environment"),
                *(f"{name}={value}" for name, value in variables.items()),
                *program.command,
                *("--embed", "--headless", "--clean", "-n"),
            ],
        )
        self._outer.exec_lua(
            "vim.o.columns, vim.o.lines, vim.o.laststatus, vim.o.showtabline = ...",
            *(COLUMNS, ROWS + 1, 0, 0),
        )
        self._job = self._outer.exec_lua(
            "return vim.fn.jobstart(..., { term = true })",
            [*program.command, "--server", address, "--remote-ui"],
        )

    @property
    def screen(self) -> str:
        """The screen as it is now, without trailing blanks."""
        lines: list[str] = self._outer.exec_lua(
            f"return vim.api.nvim_buf_get_lines(0, -{ROWS + 1}, -1, false)"
        )
        return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"

    def type(self, keys: str) -> None:
        """Press keys; ``\\x1b`` is Escape, ``\\r`` is Enter."""
        self._outer.exec_lua("vim.fn.chansend(...)", self._job, keys)

    def wait(self, text: str) -> str:
        """Wait until the screen shows ``text``, and return the screen."""
        shown = self._outer.exec_lua(
            f"local text = ...\nreturn (vim.wait({DEADLINE}, function()\n"
            f"  local lines = vim.api.nvim_buf_get_lines(0, -{ROWS + 1}, -1, false)\n"
            "  return (table.concat(lines, '\\n') .. '\\n'):find(text, 1, true) ~= nil\nend, 5))",
            text,
        )
        assert shown, f"the screen never showed {text!r}:\n{self.screen}"
        print("=== SCREEN for", repr(text)); print(self.screen); return self.screen

    def close(self) -> None:
        """Hang up the terminal, which ends the Neovim in it."""
        self._outer.exec_lua(
            f"vim.fn.jobstop(...)\nvim.fn.jobwait({{ ... }}, {DEADLINE})", self._job
        )
        self._outer.close()
