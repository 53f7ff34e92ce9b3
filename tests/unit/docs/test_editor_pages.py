"""docs/editors: every snippet is run or read by a test, and a page without a trial says so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).resolve().parents[3] / "docs/editors"
# The blocks of each page; those in sh, Lua, Elisp, TOML and Kate's JSON are run by tests/editors,
# but for the one for LSP Mode, which is only loaded there.
BLOCKS = {
    "emacs.md": ["elisp", "elisp", "elisp"],
    "helix.md": ["sh", "toml", "toml"],
    "kate.md": ["json"],
    "sublime.md": ["json"],
    "zed.md": ["json"],
}


def blocks(page: str) -> list[tuple[str, str]]:
    text = (PAGES / page).read_text("utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", BLOCKS)
def test_no_snippet_is_added_without_a_test(page: str) -> None:
    assert [language for language, _ in blocks(page) if language != "text"] == BLOCKS[page]


@pytest.mark.parametrize("page", ["helix.md", "kate.md", "sublime.md", "zed.md"])
def test_every_snippet_can_be_read_and_starts_the_server(page: str) -> None:
    read: dict[str, Any] = {"json": json.loads, "toml": tomllib.loads}
    values = [read[language](text) for language, text in blocks(page) if language in read]
    assert "streetrace-lsp" in json.dumps(values)


@pytest.mark.parametrize("page", ["sublime.md", "zed.md"])
def test_an_editor_that_does_not_run_here_is_said_to_be_untried(page: str) -> None:
    assert "- Not tried:" in (PAGES / page).read_text("utf-8")
