"""Neovim with the plugin: the versions that it is made for, and how a test drives it there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from editors.neovim.session import Neovim
from editors.provisioned import GET_IT, REPOSITORY, Program, neovim, older_neovim

PLUGIN = REPOSITORY / "nvim-plugin"
VERSIONS = {"0.12": neovim, "0.10": older_neovim}

# The plugin has handlers of its own: what the server reports is kept on its way there.
_WATCH = """
local handlers = require('streetrace.handlers')
local job = handlers['streetrace/job']
handlers['streetrace/job'] = function(failed, event, ...)
  table.insert(seen.jobs, event)
  return job(failed, event, ...)
end
"""


def program_of(version: str) -> Program:
    """The Neovim of this version, or the test is skipped with the line that says how to get it."""
    found = VERSIONS[version]()
    if found is None:
        pytest.skip(f"Neovim {version} {GET_IT}")
    return found


def install(home: Path) -> None:
    """Put the plugin where Neovim finds it by itself."""
    packages = home / ".local/share/nvim/site/pack/streetrace/start"
    packages.mkdir(parents=True)
    (packages / "streetrace").symlink_to(PLUGIN)


class PluggedNeovim(Neovim):
    """A running Neovim in which the plugin is installed."""

    def __init__(self, program: Program, folder: Path, environment: Mapping[str, str]) -> None:
        super().__init__(program, folder, environment)
        self.lua(_WATCH)

    def command(self, words: str) -> None:
        """Run ``:Streetrace`` with these words."""
        self.lua("vim.cmd(...)", words)
