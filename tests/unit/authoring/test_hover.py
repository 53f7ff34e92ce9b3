"""What hovering says of trust and of prices."""

from __future__ import annotations

from pathlib import Path

import pytest

from streetrace_lsp.authoring.hover import hover
from streetrace_lsp.config.load import load


@pytest.mark.parametrize(
    ("text", "at", "said", "not_said"),
    [
        ("[budget]\nday = 5\n", "budget", "In a project file: free", "trusted"),
        ("[defaults]\ntimeout = 5\n", "defaults", "some keys are free", "free: it"),
        ("[cache]\nttl = 5\n", "cache", "when the project is trusted", "free"),
        ('model = "llamafile/x"\n', "llama", "Price: free", "not known."),
        ('model = "lm_studio/x"\n', "lm_st", "Price: free", "not known."),
    ],
)
def test_hover(tmp_path: Path, text: str, at: str, said: str, not_said: str) -> None:
    path = tmp_path / ".streetrace.toml"
    path.write_text(text, "utf-8")
    found = load(path, tmp_path, environ={}, user_dir=tmp_path / "u", state_dir=tmp_path / "s")
    shown = hover(text, text.index(at) + 1, found, own=False)
    assert shown is not None
    assert said in shown.text
    assert not_said not in shown.text
