from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from streetrace_lsp.prompts.withheld import Rules
from streetrace_lsp.requests.commit import message_of
from streetrace_lsp.requests.staged import LONGEST, StagedError, staged


@pytest.fixture
def root(tmp_path: Path, home: Path) -> Path:
    root = tmp_path / "project"
    (root / "inner").mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def stage(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / name.replace("__", "/")).write_text(text, "utf-8")
    subprocess.run(["git", "add", "-Af", "."], cwd=root, check=True)


def test_nothing_staged(root: Path) -> None:
    with pytest.raises(StagedError, match="Nothing is staged"):
        staged(root, Rules())


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(StagedError, match="git says: fatal: not a git repository"):
        staged(tmp_path, Rules())


def test_files_that_may_not_be_sent_are_not_in_the_diff(root: Path) -> None:
    (root / "odd *[x]é.env").write_text("SECRET=1\n", "utf-8")
    (root / ".gitignore").write_text("out.py\n", "utf-8")
    stage(root, **{"a.py": "x = 1\n", "out.py": "y = 2\n", "oddx.py": "z = 3\n"})
    found = staged(root, Rules(("inner/",)))
    assert "x = 1" in found.diff
    assert "z = 3" in found.diff
    assert "SECRET" not in found.diff
    assert "y = 2" not in found.diff
    assert sorted(found.left_out) == [
        "odd *[x]é.env (files of this name hold secrets, and are never sent)",
        "out.py (.gitignore names it)",
    ]


def test_nothing_left_to_send(root: Path) -> None:
    (root / ".env").write_text("SECRET=1\n", "utf-8")
    stage(root)
    with pytest.raises(StagedError, match=r"Nothing of what is staged may be sent: \.env"):
        staged(root, Rules())


def test_a_workspace_folder_in_a_repository_sees_its_own_part(root: Path) -> None:
    stage(root, **{"a.py": "outer = 1\n", "inner__b.py": "x = 1\n"})
    found = staged(root / "inner", Rules())
    assert "+++ b/b.py" in found.diff
    assert "outer" not in found.diff


def test_what_is_too_long_ends_with_a_file_and_is_said(root: Path) -> None:
    line = "x = 1  # diff --git a/b b/c\n"
    stage(root, **{"a.py": line * 10, "b.py": line * (LONGEST // 20), "c.py": "c = 3\n"})
    found = staged(root, Rules())
    assert len(found.diff) <= LONGEST
    assert found.diff.count("\n+x = 1") == 10
    assert found.left_out == ("2 of 3 files, for which the diff is too long",)
    stage(root, **{"a.py": line * LONGEST})
    found = staged(root, Rules())
    assert len(found.diff) <= LONGEST
    assert found.left_out == ("all but the beginning of the diff",)


@pytest.mark.parametrize(
    "answer",
    [
        "Add a\n\nBecause b.\n",
        "\n  Add a\n\nBecause b.  \n\n",
        "```\nAdd a\n\nBecause b.\n```",
        "````text\nAdd a\n\nBecause b.\n````\n",
    ],
)
def test_the_message_in_an_answer(answer: str) -> None:
    assert message_of(answer) == "Add a\n\nBecause b.\n"


def test_a_code_block_in_a_message_stays() -> None:
    text = "Add a\n\n```\nx\n```\n\nand b\n"
    assert message_of(text) == text
