"""Our file for Emacs, and the snippets that no other test runs, are in order for Emacs itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from editors.provisioned import REPOSITORY, Program
from editors.snippets import snippets

pytestmark = pytest.mark.emacs

FILE = REPOSITORY / "emacs/streetrace.el"
COMPILED = '(setq byte-compile-error-on-warn t byte-compile-dest-file-function (lambda (_) "{}"))'


@pytest.fixture
def batch(program: Program) -> list[str]:
    """Emacs without a screen and without anybody's configuration."""
    return [*(part for part in program.command if part != "-nw"), "-Q", "--batch"]


def said(program: Program, command: list[str]) -> str:
    """What Emacs complains of."""
    done = subprocess.run(
        command,
        env={**os.environ, **program.environment},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout + done.stderr + ("" if done.returncode == 0 else "failed")


def test_it_compiles_without_a_warning(program: Program, batch: list[str], tmp_path: Path) -> None:
    compiled = tmp_path / "streetrace.elc"
    setting = COMPILED.format(compiled)
    assert said(program, [*batch, "--eval", setting, "-f", "batch-byte-compile", str(FILE)]) == ""
    assert compiled.exists()


def test_its_words_are_as_emacs_wants_them(program: Program, batch: list[str]) -> None:
    assert said(program, [*batch, "--eval", f'(checkdoc-file "{FILE}")']) == ""


def test_the_snippet_for_lsp_mode_can_be_loaded(
    program: Program, batch: list[str], tmp_path: Path
) -> None:
    init = tmp_path / "init.el"
    init.write_text(snippets("editors/emacs.md", "elisp")[2], encoding="utf-8")
    assert said(program, [*batch, "-l", str(init)]) == ""
