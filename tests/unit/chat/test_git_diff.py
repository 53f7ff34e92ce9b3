"""What of the changes since the last commit may be sent, however git writes a file's name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from streetrace_lsp.chat.git_diff import diff


def git(root: Path, *words: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *named, "-C", str(root), *words], check=True, capture_output=True)


async def changed(root: Path, *names: str) -> str:
    """The diff in which each of these files got a new line."""
    for name in names:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("old\n", "utf-8")
    git(root, "init")
    git(root, "add", ".")
    git(root, "commit", "-m", "one")
    for name in names:
        (root / name).write_text(f"new in {name!r}\n", "utf-8")
    found = await diff(root)
    assert isinstance(found, str), found
    return found


@pytest.mark.parametrize(
    "name", ['we"ird/.env', "back\\slash/.env", "a\tb/.env", "é/.env", "two words/.env", "a/b.pem"]
)
async def test_a_secret_file_is_left_out_however_it_is_quoted(tmp_path: Path, name: str) -> None:
    assert "new in" not in await changed(tmp_path, name)


@pytest.mark.parametrize(
    "name", ["a.py", 'we"ird.py', "a\tb.py", "é\t.py", "two words.py", "a/a.py"]
)
async def test_any_other_file_is_sent(tmp_path: Path, name: str) -> None:
    assert f"+new in {name!r}" in await changed(tmp_path, name, ".env")


async def test_lines_of_a_file_are_no_names(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("-- a/.env\n", "utf-8")
    await changed(tmp_path, "b.py")
    (tmp_path / "a.sql").write_text("select 1\n", "utf-8")
    found = await diff(tmp_path)
    assert isinstance(found, str)
    assert "+select 1" in found


async def test_a_file_that_was_secret_under_its_former_name_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "long.env").write_text("line\n" * 50, "utf-8")
    await changed(tmp_path, "b.py")
    git(tmp_path, "mv", "long.env", "harmless.txt")
    (tmp_path / "harmless.txt").write_text("line\n" * 50 + "more\n", "utf-8")
    git(tmp_path, "mv", "b.py", "c.py")
    found = await diff(tmp_path)
    assert isinstance(found, str)
    assert "c.py" in found
    assert "harmless" not in found
