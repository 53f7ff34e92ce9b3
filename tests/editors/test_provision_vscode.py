"""The tool that makes a VS Code says what is wrong before it makes or fetches anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from editors.provisioned import REPOSITORY

TOOL = REPOSITORY / "tools/provision-vscode"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def provision(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOOL, *arguments],
        env={"PATH": PATH, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_home_it_says_which_variable_to_set() -> None:
    done = provision()
    assert done.returncode == 1
    assert "HOME is not set" in done.stderr
    assert "Set HOME or XDG_CACHE_HOME" in done.stderr


def test_a_version_without_a_recipe_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    done = provision("1.99", XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "no recipe for VS Code 1.99" in done.stderr
    assert "Name 1.139 or 1.104" in done.stderr


@pytest.mark.parametrize("version", ["1.139", "1.104"])
def test_what_is_there_is_found(tmp_path: Path, version: str) -> None:
    missing = provision("--find", version, XDG_CACHE_HOME=str(tmp_path))
    assert missing.returncode == 1
    folder = Path(missing.stderr.split(": ")[1].split(" does not exist")[0])
    assert folder.parent == tmp_path / "streetrace-lsp"

    folder.mkdir()
    found = provision("--find", version, XDG_CACHE_HOME=str(tmp_path))
    assert found.stdout == f"{folder}\n"
