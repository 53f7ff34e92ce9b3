"""`streetrace-lsp run`, `apply`, `doctor` and `trust` as a shell sees them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply

WRONG = "def area(w, h):\r\n    return w + h\r\n\r\n\r\nX = 1\r\n"
FENCED = "```\ndef area(w, h):\n    return w * h\n```\n\nA product.\n"


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, home: Path, faults: FaultServer) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "area.py").write_bytes(WRONG.encode())
    (folder / ".streetrace.toml").write_text(
        f'model = "local/demo"\n[backends.local]\nprovider = "ollama"\napi_base = "{faults.base}"\n'
    )
    return folder


def lsp(
    folder: Path, *arguments: str, stdin: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CI": "1", "STREETRACE_STATE_DIR": str(folder.parent / "state")}
    return subprocess.run(
        [sys.executable, "-I", "-m", "streetrace_lsp", *arguments], cwd=folder, env=environment,
        capture_output=True, input=(stdin or "").encode(), timeout=120, check=False,
    )  # fmt: skip


def trusted(folder: Path) -> None:
    assert lsp(folder, "trust", "--yes", ".").returncode == 0


def test_a_refused_edit_shows_the_answer_and_what_was_paid(
    project: Path, faults: FaultServer
) -> None:
    trusted(project)
    wrong = "<<<<<<< SEARCH\nnowhere in it\n=======\nother\n>>>>>>> REPLACE\n"
    faults.script(Reply(text=wrong), Reply(text=wrong), Reply(text=wrong), Reply(text=wrong))
    done = lsp(project, "run", "fix", "area.py:1-2")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"nowhere in it" in done.stderr
    # Both requests, the second of which was to mend the first.
    asked = [request for request in faults.requests if "chat" in request.path]
    assert len(asked) == 2
    assert b"Answered by local/demo, " in done.stderr
    assert b" tokens" in done.stderr

    compared = lsp(project, "run", "fix", "area.py:1-2", "--models", "local/demo")
    assert b"| ? |" not in compared.stdout


def test_a_range_that_is_none_is_said_in_plain_words(project: Path) -> None:
    trusted(project)
    (project / "one.py").write_text("x = 1\n")
    done = lsp(project, "run", "fix", "one.py:0-0")
    assert "The file has 1 line; lines 0-0 are no range in it." in done.stderr.decode()


def test_headless_fails_closed_and_says_how_to_trust(project: Path, faults: FaultServer) -> None:
    done = lsp(project, "run", "fix", "area.py:1-2")
    assert done.returncode == 2
    assert b"streetrace-lsp trust" in done.stderr
    assert faults.connections == []


def test_it_prints_a_diff_and_writes_only_when_asked(project: Path, faults: FaultServer) -> None:
    trusted(project)
    faults.script(Reply(text=FENCED), Reply(text=FENCED))
    done = lsp(project, "run", "fix", "area.py:1-2")
    assert done.returncode == 0, done.stderr
    assert b"-    return w + h\r\n+    return w * h\r\n" in done.stdout
    assert (project / "area.py").read_bytes() == WRONG.encode()

    done = lsp(project, "run", "fix", "area.py:2", "--write")
    assert done.returncode == 0, done.stderr
    assert (project / "area.py").read_bytes() == WRONG.replace("w + h", "w * h").encode()


def test_an_answer_goes_to_standard_output(project: Path, faults: FaultServer) -> None:
    trusted(project)
    faults.script(Reply(text="It adds \x1b[31m them."))
    done = lsp(project, "run", "explain", "area.py")
    assert done.returncode == 0
    assert done.stdout == b"It adds \\x1b[31m them.\n"


def test_a_reply_that_is_no_edit_is_refused(project: Path, faults: FaultServer) -> None:
    trusted(project)
    faults.script(Reply(text="I would rather not."))
    done = lsp(project, "run", "fix", "area.py:1-2", "--write")
    assert done.returncode == 2
    assert b"local" in done.stderr
    assert (project / "area.py").read_bytes() == WRONG.encode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nothing", "area.py"], b"There is no action"),
        (["run", "fix", "area.py:9-12"], b"lines"),
        (["run", "fix", "missing.py"], b"can't be read"),
        (["run", "edit", "area.py"], b"--instruction"),
    ],
)
def test_what_is_wrong_is_said(project: Path, arguments: list[str], said: bytes) -> None:
    trusted(project)
    done = lsp(project, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_recipe_of_the_page_about_replay(project: Path, faults: FaultServer) -> None:
    (project / ".streetrace.toml").write_text(
        'model = "tape"\n[backends.tape]\nprovider = "replay"\nrecordings = "recordings"\n'
        f'[backends.claude]\nprovider = "ollama"\napi_base = "{faults.base}"\n'
        'models = { edit = "demo" }\n'
    )
    trusted(project)
    faults.script(Reply(text=FENCED))
    run = ["run", "fix", "area.py:1-2", "--model"]
    assert lsp(project, *run, "claude/edit", "--record", "recordings").returncode == 0
    done = lsp(project, *run, "tape")
    assert done.returncode == 0, done.stderr
    assert b"+    return w * h" in done.stdout
    assert len(faults.requests) == 1
    missed = lsp(project, "run", "fix", "area.py:5", "--model", "tape")
    assert missed.returncode == 1
    assert b"Replay has no recording of this request" in missed.stderr


def test_an_address_that_is_not_needed_needs_no_grant(project: Path, faults: FaultServer) -> None:
    file = project / ".streetrace.toml"
    file.write_text(
        file.read_text()
        + '[backends.other]\nprovider = "openai"\napi_base = "${OTHER_BASE}"\nmodel = "m"\n'
    )
    (project / ".env").write_text("OTHER_BASE=http://127.0.0.1:9/v1\n")
    trusted(project)
    faults.script(Reply(text=FENCED))
    done = lsp(project, "run", "fix", "area.py:1-2")
    assert done.returncode == 0, done.stderr
    refused = lsp(project, "run", "fix", "area.py:1-2", "--model", "other")
    assert refused.returncode == 2
    assert b"other would send your code to http://127.0.0.1:9" in refused.stderr
    assert b"--grant http://127.0.0.1:9" in refused.stderr


def test_a_recorded_exchange_answers_the_same_request_again(
    project: Path, faults: FaultServer
) -> None:
    trusted(project)
    faults.script(Reply(text=FENCED))
    folder = project / "recorded"
    assert lsp(project, "run", "fix", "area.py:1-2", "--record", str(folder)).returncode == 0
    (project / ".streetrace.toml").write_text(
        'model = "tape"\n[backends.tape]\nprovider = "replay"\nmodel = "demo"\n'
        'recordings = "recorded"\n'
    )
    trusted(project)
    done = lsp(project, "run", "fix", "area.py:1-2")
    assert done.returncode == 0, done.stderr
    assert b"+    return w * h" in done.stdout
    assert len(faults.requests) == 1


def test_doctor_calls_the_model_and_names_what_is_wrong(project: Path, faults: FaultServer) -> None:
    trusted(project)
    faults.script(Reply(text="yes"))
    done = lsp(project, "doctor")
    assert done.returncode == 0, done.stdout
    assert b"answered in" in done.stdout
    faults.script(Reply(status=404))
    done = lsp(project, "doctor")
    assert done.returncode == 1
    assert b"ollama pull demo" in done.stdout


def test_apply_takes_a_pasted_reply(project: Path) -> None:
    reply = (
        "Sure!\n\narea.py\n<<<<<<< SEARCH\n    return w + h\n=======\n    return w * h\n"
        ">>>>>>> REPLACE\n"
    )
    done = lsp(project, "apply", stdin=reply)
    assert done.returncode == 0, done.stderr
    assert b"+    return w * h\r\n" in done.stdout
    done = lsp(project, "apply", "--write", stdin=reply)
    assert done.returncode == 0, done.stderr
    assert (project / "area.py").read_bytes() == WRONG.replace("w + h", "w * h").encode()
    done = lsp(project, "apply", "--write", stdin=reply)
    assert done.returncode == 2
    assert b"area.py" in done.stderr
