"""The provisioning tool says what is wrong before it makes or fetches anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from editors.provisioned import REPOSITORY

TOOL = REPOSITORY / "tools/provision-editors"
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


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"HOME": "", "XDG_CACHE_HOME": ""}])
def test_without_a_home_it_says_which_variable_to_set(environment: dict[str, str]) -> None:
    done = provision(**environment)
    assert done.returncode == 1
    assert "HOME is not set" in done.stderr
    assert "Set HOME or XDG_CACHE_HOME" in done.stderr


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "home"
    in_the_way.write_text("not a folder", encoding="utf-8")
    done = provision(HOME=str(in_the_way))
    assert done.returncode == 1
    assert f"{in_the_way}/.cache/streetrace-lsp can't be written" in done.stderr
    assert "Set XDG_CACHE_HOME" in done.stderr


def test_what_is_there_is_found_and_not_made_again(tmp_path: Path) -> None:
    missing = provision("--find", XDG_CACHE_HOME=str(tmp_path))
    assert missing.returncode == 1
    folder = Path(missing.stderr.split(": ")[1].split(" does not exist")[0])
    assert folder.parent == tmp_path / "streetrace-lsp"

    folder.mkdir()
    assert provision("--find", XDG_CACHE_HOME=str(tmp_path)).stdout == f"{folder}\n"
    assert provision(XDG_CACHE_HOME=str(tmp_path)).stdout == f"{folder}\n"
