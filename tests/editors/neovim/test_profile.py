"""The captured profile that other tests replay is what this Neovim declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from editors.neovim.session import Neovim
from editors.provisioned import REPOSITORY, Program

pytestmark = pytest.mark.neovim


def test_the_captured_capabilities_are_neovims_own(program: Program, tmp_path: Path) -> None:
    captured = json.loads(
        (REPOSITORY / "tests/lsp/profiles/neovim-0.12.json").read_text(encoding="utf-8")
    )
    nvim = Neovim(program, tmp_path, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    try:
        version = nvim.lua("local v = vim.version() return v.major .. '.' .. v.minor")
        assert version == "0.12", "capture the profile again: Neovim has moved on"
        declared = nvim.lua("return vim.lsp.protocol.make_client_capabilities()")
        assert declared == captured["capabilities"]
    finally:
        nvim.close()
