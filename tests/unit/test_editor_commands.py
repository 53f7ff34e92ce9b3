"""Next steps name the commands that an editor has, by the titles that it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streetrace_lsp.lsp.in_editor import TITLES, in_editor

TEXTS = Path(__file__).parents[2] / "vscode-extension" / "package.nls.json"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("`streetrace-lsp doctor` tests it.", "“Streetrace: Check Models (Doctor)” tests it."),
        (
            "Run: streetrace-lsp init; or wait.",
            "Run: “Streetrace: Set Up a Configuration”; or wait.",
        ),
        (
            "The command streetrace.trust asks again.",
            "The command “Streetrace: Trust This Project's Configuration…” asks again.",
        ),
        ("run\n  streetrace-lsp key set A_KEY\nand", "run\n  “Streetrace: Set API Key…”\nand"),
        (
            "Run: streetrace-lsp models pull qwen2.5-coder:3b.",
            "Run: “Streetrace: Fetch a Model with Ollama…”.",
        ),
        ("Run: streetrace-lsp init --user", "Run: streetrace-lsp init --user"),
        ("Run: streetrace-lsp trust --revoke x", "Run: streetrace-lsp trust --revoke x"),
    ],
)
def test_commands_of_a_shell_become_those_of_the_editor(said: str, shown: str) -> None:
    assert in_editor(said) == shown


def test_the_titles_are_those_of_the_extension() -> None:
    titles = set(json.loads(TEXTS.read_text("utf-8")).values())
    assert set(TITLES.values()) <= titles
