"""Attack 34: the repository's own git configuration names programs. Nothing of ours starts one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from streetrace_lsp.prompts.withheld import Rules
from streetrace_lsp.requests.staged import StagedError, staged

CANARY = "it ran"


@pytest.fixture
def hostile(tmp_path: Path, home: Path) -> Path:
    """A repository with a staged file, whose configuration starts a program wherever git may."""
    root = tmp_path / "project"
    root.mkdir()
    program = root / "program.sh"
    program.write_text(f"#!/bin/sh\necho x >> '{root.parent / CANARY}'\ncat\n", "utf-8")
    program.chmod(0o755)

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)

    git("init", "-q")
    (root / "a.txt").write_text("one\n", "utf-8")
    git("add", "a.txt")
    git("-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-qm", "x")
    (root / "a.txt").write_text("one\ntwo\n", "utf-8")
    git("add", "a.txt")
    (root / ".gitattributes").write_text("* diff=evil filter=evil\n", "utf-8")
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "pager.diff",
        "alias.diff",
        "interactive.diffFilter",
    ):
        value = f"!{program}" if key.startswith("alias") else str(program)
        git("config", key, value)
    hooks = root / "hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (hooks / hook).symlink_to(program)
    git("config", "core.hooksPath", str(hooks))
    return root


def test_the_staged_diff_starts_no_program(hostile: Path, tmp_path: Path) -> None:
    for place in (hostile, hostile / "hooks"):
        try:
            found = staged(place, Rules())
        except StagedError:
            assert place != hostile
        else:
            assert "+two" in found.diff
            assert found.left_out == ()
    assert not (tmp_path / CANARY).exists()


def test_the_same_with_plain_git_would(hostile: Path, tmp_path: Path) -> None:
    """The repository is as hostile as it looks: otherwise the test above proves nothing."""
    subprocess.run(["git", "diff", "--cached"], cwd=hostile, check=False, capture_output=True)
    assert (tmp_path / CANARY).exists()


def test_a_git_of_the_project_is_not_started(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hostile / "git").symlink_to(hostile / "program.sh")
    fake = hostile / "bin"
    fake.mkdir()
    (fake / "git").write_text((hostile / "program.sh").read_text("utf-8"), "utf-8")
    (fake / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(StagedError, match="lies in the project itself"):
        staged(hostile, Rules())
    assert not (tmp_path / CANARY).exists()


def test_variables_of_the_shell_lead_git_nowhere_else(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(hostile / "program.sh"))
    assert "+two" in staged(hostile, Rules()).diff
    assert not (tmp_path / CANARY).exists()
