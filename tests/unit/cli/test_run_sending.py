"""`streetrace-lsp run`: what it would send, what it does not send, and the commit message."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from program import Program

SECRET = "ghp_QRSTUV0123456789abcdefghijABCDEFGH12"
CODE = f'KEY = "{SECRET}"\n\n\ndef area(w, h):\n    return w + h\n'


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    with FaultServer(Reply(text="Fine.")) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path, home: Path, faults: FaultServer) -> Program:
    program = Program(tmp_path)
    (program.project / "area.py").write_text(CODE)
    backend = f'[backends.local]\nprovider = "openai"\napi_base = "{faults.openai}"\n'
    program.project_file(f'model = "local/demo"\n{backend}')
    program.run("trust", "--yes")
    return program


def test_a_preview_is_what_is_sent(program: Program, faults: FaultServer) -> None:
    words = ("explain", "area.py:4", "--diagnostic", "odd")
    seen = program.run("run", *words, "--preview")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert faults.connections == []
    done = program.run("run", *words)
    assert done.stdout == "Fine.\n"
    for message in faults.requests[0].json["messages"]:
        assert f"## {message['role']}\n" in seen.stdout
        assert message["content"] in seen.stdout
    assert SECRET not in seen.stdout
    said = "a secret in area.py (line 1: GitHub Token)"
    assert f"- Withheld: {said}" in seen.stdout
    assert f"withheld: {said}" in done.stderr
    both = program.run("run", *words, "--preview", "--models", "a,b")
    assert both.returncode == 2
    assert "what one model would be sent" in both.stderr


def test_a_written_fix_keeps_the_secret(program: Program, faults: FaultServer) -> None:
    new = CODE.replace(SECRET, "WITHHELD_SECRET_0001").replace("w + h", "w * h")
    faults.script(Reply(text=f"```python\n{new}```"))
    done = program.run("run", "fix", "area.py", "--write")
    assert done.returncode == 0, done.stderr
    assert (program.project / "area.py").read_text() == CODE.replace("w + h", "w * h")
    assert SECRET.encode() not in faults.requests[0].body


def test_a_file_that_is_never_sent(program: Program, faults: FaultServer) -> None:
    (program.project / ".env").write_text("A=1\n")
    done = program.run("run", "explain", ".env")
    assert done.returncode == 2
    assert done.stderr == (
        "streetrace-lsp: .env is not sent: files of this name hold secrets, and are never sent. "
        "Nothing was asked.\n"
    )
    assert faults.requests == []


def test_rules_are_sent_once_they_were_looked_at(program: Program, faults: FaultServer) -> None:
    rules = program.project / "AGENTS.md"
    rules.write_text("Be kind.\n")
    done = program.run("run", "explain", "area.py")
    assert done.returncode == 0
    said, command = done.stderr.splitlines()[0].split("run: streetrace-lsp ")
    assert said.startswith("streetrace-lsp: AGENTS.md is not sent.")
    assert "AGENTS.md (you have not agreed to it as it is now)" in done.stderr
    shown = program.run("trust", "AGENTS.md", "--print")
    assert "  | Be kind." in shown.stdout
    assert command in shown.stdout
    assert program.run(*command.split()).returncode == 0
    assert program.run("run", "explain", "area.py").returncode == 0
    assert "Be kind." in faults.requests[-1].json["messages"][0]["content"]
    assert "sent along" in program.run("trust", "AGENTS.md").stdout
    rules.write_text("Be unkind.\n")
    assert program.run("trust", "AGENTS.md").returncode == 1
    assert program.run(*command.split()).returncode == 1
    program.run("run", "explain", "area.py")
    assert "unkind" not in str(faults.requests[-1].json)
    assert program.run("trust", "--deny", "AGENTS.md").returncode == 0
    assert "denied earlier" in program.run("trust", "--yes", "AGENTS.md").stderr
    assert program.run("trust", "--revoke", "AGENTS.md").returncode == 0
    rules.unlink()
    assert "does not exist" in program.run("trust", "AGENTS.md").stderr


def test_the_message_for_what_is_staged(program: Program, faults: FaultServer) -> None:
    (program.project / ".git").rmdir()
    subprocess.run(["git", "init", "-q"], cwd=program.project, check=True)
    empty = program.run("run", "commit")
    assert empty.returncode == 2, empty.stderr
    assert "Nothing is staged. Stage what you want to commit" in empty.stderr
    subprocess.run(["git", "add", "area.py"], cwd=program.project, check=True)
    faults.script(Reply(text="```\nAdd area\n```"))
    done = program.run("run", "commit", "--instruction", "no scope")
    assert (done.returncode, done.stdout) == (0, "Add area\n")
    body = faults.requests[0].body.decode()
    assert "+def area(w, h):" in body
    assert "Instruction: no scope" in body
    assert SECRET not in body
    program.run("trust", "--revoke")
    refused = program.run("run", "commit")
    assert refused.returncode != 0
    assert len(faults.requests) == 1
    assert "explain needs a file" in program.run("run", "explain").stderr
