"""What a repository, a model or a server may try on a shell, and what comes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply

HOSTILE = '"k\\u001b[31mEY" = 1\nmodel = "\\u001b]0;owned\\u0007x"\n'


def lsp(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "STREETRACE_STATE_DIR": str(folder.parent / "state")}
    environment["STREETRACE_CONFIG_DIR"] = str(folder.parent / "config")
    return subprocess.run(
        [sys.executable, "-I", "-m", "streetrace_lsp", *arguments], cwd=folder, env=environment,
        capture_output=True, input=stdin.encode(), timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "a.py").write_text("x = 1\ny = 2\n")
    return folder


def serve(project: Path, faults: FaultServer) -> None:
    (project / ".streetrace.toml").write_text(
        f'model = "local/demo"\n[backends.local]\nprovider = "ollama"\napi_base = "{faults.base}"\n'
    )
    assert lsp(project, "trust", "--yes").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [["run", "fix", "a.py"], ["doctor"], ["trust", "--print"], ["trust"], ["trust", "--yes"]],
)
def test_no_terminal_escape_of_a_repository_gets_through(
    project: Path, arguments: list[str]
) -> None:
    (project / ".streetrace.toml").write_text(HOSTILE)
    done = lsp(project, *arguments)
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"\x07" not in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


def test_no_terminal_escape_of_a_server_gets_through(project: Path) -> None:
    with FaultServer() as faults:
        serve(project, faults)
        faults.default = Reply(status=400, body=b'{"error": "bad \\u001b[31mred\x1b[0m"}')
        done = lsp(project, "run", "fix", "a.py:1-2")
    assert done.returncode != 0
    assert b"\x1b" not in done.stdout + done.stderr


def test_a_file_of_another_folder_never_goes_to_this_projects_backend(
    project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    (other / "b.py").write_text("secret = 1\n")
    (project / "link.py").symlink_to(other / "b.py")
    with FaultServer() as faults:
        serve(project, faults)
        for path in ("../other/b.py", "link.py"):
            done = lsp(project, "run", "explain", path)
            assert done.returncode != 0, done.stdout
        assert not any(b"secret" in request.body for request in faults.requests)


def test_what_is_no_regular_file_is_said_and_never_waited_for(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    with FaultServer() as faults:
        serve(project, faults)
        done = lsp(project, "run", "explain", "pipe.py")
    assert done.returncode == 2
    assert b"not a regular file" in done.stderr
    assert lsp(project, "apply", stdin="pipe.py\n```\nx\n```\n").returncode == 2


def test_a_wrong_digest_is_an_error_also_for_a_trusted_file(project: Path) -> None:
    with FaultServer() as faults:
        serve(project, faults)
    assert lsp(project, "trust", "--sha256", "0" * 64).returncode == 1


@pytest.mark.parametrize("place", ["a.py:3", "a.py:0", "a.py:abc", "a.py:2-1", "a.py:1-3"])
def test_lines_that_are_not_there_are_refused(project: Path, place: str) -> None:
    with FaultServer() as faults:
        serve(project, faults)
        done = lsp(project, "run", "fix", place, "--write")
        assert done.returncode == 2, done.stderr
        assert faults.requests == []
    assert (project / "a.py").read_text() == "x = 1\ny = 2\n"


def test_apply_writes_all_files_or_none(project: Path) -> None:
    edit = "a.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 3\n>>>>>>> REPLACE\n\n"
    made = "new/folder/c.py\n```python\nz = 1\n```\n"
    (project / "block").write_text("a file, no folder\n")
    done = lsp(project, "apply", "--write", stdin=edit + "block/c.py\n```python\nz = 1\n```\n")
    assert done.returncode == 2, done.stdout
    assert (project / "a.py").read_text() == "x = 1\ny = 2\n"
    done = lsp(project, "apply", "--write", stdin=edit + made)
    assert done.returncode == 0, done.stderr
    assert (project / "a.py").read_text() == "x = 3\ny = 2\n"
    assert (project / "new" / "folder" / "c.py").read_text() == "z = 1\n"
