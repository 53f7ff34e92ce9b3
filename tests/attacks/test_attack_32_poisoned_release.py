"""Attack 32: a poisoned release is locked, or a file that Python runs at every start appears."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKED = "litellm==1.106.2 \\\n    --hash=sha256:00\n"


def checked(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`tools/check-supply`, started so that no file of the environment runs before it."""
    command = [sys.executable, "-I", "-S", str(ROOT / "tools" / "check-supply")]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """The lock files of this project, to be changed."""
    return Path(shutil.copytree(ROOT / "requirements", tmp_path / "requirements"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder of packages in an empty environment."""
    folder = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    folder.mkdir(parents=True)
    return folder


def environment(site: Path) -> Path:
    return site.parents[2]


def test_this_project_and_its_environment_pass() -> None:
    done = checked()
    assert (done.returncode, done.stderr) == (0, "")


def test_make_check_runs_it() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "-I -S tools/check-supply" in done.stdout


@pytest.mark.parametrize("version", ["1.82.7", "1.82.8"])
@pytest.mark.parametrize("name", ["litellm", "LiteLLM"])
@pytest.mark.parametrize("file", ["server.txt", "proxy.txt", "new.txt"])
def test_a_lock_that_holds_one_fails(
    file: str, name: str, version: str, requirements: Path, site: Path
) -> None:
    with (requirements / file).open("a") as lock:
        lock.write(f"{name}=={version} \\\n    --hash=sha256:00\n")
    done = checked("--requirements", requirements, "--environment", environment(site))
    assert done.returncode == 1
    assert done.stderr == f"{file}: {name} {version} was a malicious upload\n"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("litellm==1.106.2", "has no hash"),
        ("litellm>=1.80 --hash=sha256:00", "not a pinned package"),
        ("litellm @ https://files.example.org/litellm.whl --hash=sha256:00", "not a pinned"),
        ("--extra-index-url https://packages.example.org", "not a pinned package"),
    ],
)
def test_what_the_lock_does_not_hold_fast_fails(
    entry: str, said: str, requirements: Path, site: Path
) -> None:
    (requirements / "server.txt").write_text(f"{LOCKED}{entry}\n")
    done = checked("--requirements", requirements, "--environment", environment(site))
    assert done.returncode == 1
    assert said in done.stderr


def test_no_lock_at_all_fails(tmp_path: Path, site: Path) -> None:
    done = checked("--requirements", tmp_path / "none", "--environment", environment(site))
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # The name that came with 1.82.8.
        ("litellm_init.pth", "import os, subprocess, sys; subprocess.Popen([sys.executable])"),
        ("anything.pth", "/tmp/elsewhere\n"),
        ("distutils-precedence.pth", "import planted"),
        ("_streetrace_lsp.pth", "/tmp/elsewhere"),
        ("sitecustomize.py", "import planted"),
    ],
)
def test_an_unknown_file_that_python_runs_at_its_start_fails(
    name: str, text: str, requirements: Path, site: Path
) -> None:
    (site / name).write_text(text)
    done = checked("--requirements", requirements, "--environment", environment(site))
    assert done.returncode == 1
    assert str(site / name) in done.stderr


def test_an_installed_one_fails_whatever_the_lock_says(requirements: Path, site: Path) -> None:
    folder = site / "litellm-1.82.7.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: litellm\nVersion: 1.82.7\n")
    done = checked("--requirements", requirements, "--environment", environment(site))
    assert done.returncode == 1
    assert "litellm 1.82.7 was a malicious upload" in done.stderr


def test_it_runs_nothing_of_what_it_looks_at(requirements: Path, site: Path) -> None:
    (site / "planted.pth").write_text(
        f"import pathlib; pathlib.Path({str(site / 'ran')!r}).touch()"
    )
    checked("--requirements", requirements, "--environment", environment(site))
    assert not (site / "ran").exists()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"version": "1.0.0"}, "node_modules/a has no hash"),
        ({"integrity": "sha512-x", "resolved": "https://index.example/a.tgz"}, "has an address"),
    ],
    ids=["no hash", "address"],
)
def test_a_package_of_npm_without_a_hash_or_with_an_address_is_told(
    tmp_path: Path, entry: dict[str, str], said: str
) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text(json.dumps({"packages": {"": {}, "node_modules/a": entry}}), "utf-8")
    done = checked("--npm-lock", lock)
    assert done.returncode == 1
    assert said in done.stderr
