"""One version for everything that is released together."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from streetrace_lsp import __version__

REPOSITORY = Path(__file__).parents[2]


def test_the_server_and_its_plugins_have_one_version() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    extension = json.loads((REPOSITORY / "vscode-extension/package.json").read_bytes())
    neovim = (REPOSITORY / "nvim-plugin/lua/streetrace/version.lua").read_text(encoding="utf-8")
    assert settings["tool"]["towncrier"]["version"] == __version__
    assert extension["version"] == __version__
    emacs = (REPOSITORY / "emacs/streetrace.el").read_text(encoding="utf-8")
    assert re.findall(r"^M.OWN = '(.+)'$", neovim, re.MULTILINE) == [__version__]
    assert re.findall(r"^;; Version: (.+)$", emacs, re.MULTILINE) == [__version__]
    assert re.findall(r'^\(defconst streetrace-version "(.+)"$', emacs, re.MULTILINE) == [
        __version__
    ]
