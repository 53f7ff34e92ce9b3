"""The list of commands, and the flag of the server."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest

from program import Program


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        *("serve", "doctor", "models", "models pull"),
        *("key set", "key delete", "key list", "config check", "config show"),
    ],
)
def test_each_command_has_help(program: Program, command: str) -> None:
    done = program.run(*command.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: streetrace-lsp {command.partition(' ')[0]}")


def test_a_verb_is_needed(program: Program) -> None:
    assert program.run("key").returncode == 2
    assert program.run("config").returncode == 2


def test_serve_takes_a_target_with_and_without_stdio(program: Program) -> None:
    for flags in (["--model", "local/demo"], ["--stdio", "--model=local/demo"]):
        with subprocess.Popen(
            program.command("serve", *flags),
            cwd=program.project,
            env=program.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(_message(1, "initialize", {"capabilities": {}, "processId": None}))
            child.stdin.flush()
            answer = _read(child.stdout)
            assert answer["result"]["serverInfo"]["name"] == "streetrace-lsp"
            child.stdin.write(_message(2, "shutdown", None))
            child.stdin.flush()
            while _read(child.stdout).get("id") != 2:
                pass
            child.stdin.write(_message(None, "exit", None))
            child.stdin.close()
            assert child.wait(60) == 0


def _message(number: int | None, method: str, params: Any) -> bytes:
    content: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
    if number is not None:
        content["id"] = number
    body = json.dumps(content).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _read(stream: Any) -> dict[str, Any]:
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return dict(json.loads(stream.read(length)))


def test_a_person_at_a_terminal_is_told_what_it_waits_for(program: Program) -> None:
    master, terminal = pty.openpty()
    with subprocess.Popen(
        program.command(),
        cwd=program.project,
        env=program.environment,
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        os.close(terminal)
        assert child.stderr is not None
        said = child.stderr.readline().decode()
        os.close(master)
        child.wait(60)
    assert "waits for an editor" in said
    assert "--help" in said
