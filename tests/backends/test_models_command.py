"""`streetrace-lsp models` as a shell sees it, against real servers."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.asking import KEY
from backends.fault_server import FaultServer, Reply
from program import Program


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(models=("llama3:latest", "qwen2.5-coder:7b")) as running:
        yield running


def ollama(name: str, server: FaultServer, more: str = "") -> str:
    return f'[backends.{name}]\nprovider = "ollama"\napi_base = "{server.base}"\n{more}\n'


def models(program: Program, *arguments: str) -> list[dict[str, Any]]:
    done = program.run("models", "--json", *arguments)
    assert done.returncode == 0, done.stdout
    found: list[dict[str, Any]] = json.loads(done.stdout)["models"]
    return found


def test_each_model_is_shown_as_the_target_to_write(program: Program, server: FaultServer) -> None:
    program.user(
        ollama("local", server, 'models = { edit = "llama3", chat = "gone" }')
        + '[backends.claude]\nprovider = "anthropic"\nmodel = "claude-sonnet-4-5"\n'
    )
    page = program.run("models")
    assert page.returncode == 0, page.stderr
    lines = page.stdout.splitlines()
    assert lines[0] == f"local  (Ollama at {server.base})"
    assert re.match(r"  local/llama3:latest +32,768 tokens .*configured as local/edit", lines[1])
    assert lines[2].startswith("  local/qwen2.5-coder:7b")
    assert re.match(r"  local/chat +gone +configured, but not in the server's list", lines[3])
    assert lines[4] == "claude  (Anthropic)"
    assert re.match(r"  claude/claude-sonnet-4-5  200,000 tokens  \$3 in", lines[5])


def test_a_model_for_searching_is_marked(program: Program, server: FaultServer) -> None:
    server.models = ("nomic-embed-text", "llama3")
    program.user(ollama("local", server))
    first, second = program.run("models").stdout.splitlines()[1:3]
    assert "not for answers" in first
    assert "not for answers" not in second


def test_the_fields_are_those_of_the_page(program: Program, server: FaultServer) -> None:
    program.user(ollama("local", server, 'model = "llama3"'))
    first, second = models(program)
    assert first == {
        "target": "local/llama3:latest",
        "backend": "local",
        "model": "llama3:latest",
        "context_window": 32768,
        "input_price": None,
        "output_price": None,
        "loaded": True,
        "size": 1,
        "listed": True,
        "configured_as": ["local/llama3"],
    }
    assert second["configured_as"] == []
    page = (Path(__file__).resolve().parents[2] / "docs/models.md").read_text("utf-8")
    assert [name for name in first if f"`{name}`" not in page] == []


def test_one_backend_or_provider(program: Program, server: FaultServer) -> None:
    with FaultServer() as other:
        program.user(ollama("local", server) + ollama("other", other))
        assert {row["backend"] for row in models(program, "--backend", "local")} == {"local"}
        assert other.connections == []
    program.variables["OLLAMA_HOST"] = server.base
    assert models(program, "--backend", "ollama")[0]["target"] == "ollama/llama3:latest"
    done = program.run("models", "--backend", "locl")
    assert done.returncode == 2
    assert "Did you mean local?" in done.stderr


def test_without_configuration_those_of_ollama(program: Program, server: FaultServer) -> None:
    program.variables["OLLAMA_HOST"] = server.base
    assert [row["target"] for row in models(program)] == [
        "ollama/llama3:latest",
        "ollama/qwen2.5-coder:7b",
    ]


def test_a_server_that_is_not_there_does_not_hide_the_others(
    program: Program, server: FaultServer
) -> None:
    program.user(
        '[backends.gone]\nprovider = "lm_studio"\napi_base = "http://127.0.0.1:9/v1"\n'
        + ollama("local", server)
        + '[backends.pair]\nprovider = "ollama"\n'
        f'endpoints = ["http://127.0.0.1:9", "{server.base}"]\n'
    )
    done = program.run("models")
    assert done.returncode == 1
    assert "local/llama3:latest" in done.stdout
    assert "pair/llama3:latest" in done.stdout
    assert "lms server start" in done.stderr
    (problem,) = json.loads(program.run("models", "--json").stdout)["problems"]
    assert problem["backend"] == "gone"


def test_an_untrusted_project_is_not_contacted(program: Program, server: FaultServer) -> None:
    program.variables["OLLAMA_HOST"] = "127.0.0.1:9"
    program.project_file(ollama("theirs", server))
    done = program.run("models")
    assert done.returncode == 1
    said = f"Not listed, as {program.project / '.streetrace.toml'} is not trusted: theirs. "
    assert said in done.stderr
    done = program.run("models", "--backend", "theirs")
    assert done.returncode == 2
    assert "not trusted" in done.stderr
    assert program.run("models", "pull", "llama3", "--backend", "theirs").returncode == 2
    assert server.connections == []


def test_providers_and_which_of_their_variables_are_set(program: Program) -> None:
    program.variables["GROQ_API_KEY"] = KEY
    program.run("key", "set", "MISTRAL_API_KEY", stdin=KEY)
    done = program.run("models", "--providers")
    assert re.search(r"^groq +Groq +GROQ_API_KEY \(set\)$", done.stdout, re.MULTILINE)
    assert "MISTRAL_API_KEY (set)" in done.stdout
    assert "OPENAI_API_KEY (set)" not in done.stdout
    assert KEY not in done.stdout
    rows = json.loads(program.run("models", "--providers", "--json").stdout)["providers"]
    assert {row["provider"]: row["set"] for row in rows}["groq"] == ["GROQ_API_KEY"]


def test_no_terminal_escape_of_a_server_gets_through(program: Program, server: FaultServer) -> None:
    server.models = ("evil\x1b[31m",)
    server.script(Reply(stream_error="bad \x1b[31mred"))
    program.user(ollama("local", server))
    page = program.run("models").stdout
    assert "\x1b" not in page
    assert "evil" in page
    assert "\x1b" not in program.run("models", "pull", "x").stderr


def test_a_pull_shows_its_progress(program: Program, server: FaultServer) -> None:
    program.user(ollama("local", server))
    server.script(Reply(text="x" * 8, chunk=4))
    done = program.run("models", "pull", "llama3:8b")
    assert done.returncode == 0, done.stderr
    assert "100% of" in done.stderr
    assert "Use it as: local/llama3:8b" in done.stdout
    assert server.requests[0].json["model"] == "llama3:8b"


def test_a_pull_that_fails(program: Program, server: FaultServer) -> None:
    program.user(ollama("local", server))
    server.script(Reply(stream_error="pull model manifest: file does not exist"))
    done = program.run("models", "pull", "lama3")
    assert done.returncode == 2
    assert "Ollama knows no model lama3" in done.stderr


def test_a_pull_needs_to_know_which_ollama(program: Program, server: FaultServer) -> None:
    program.user(ollama("one", server) + ollama("two", server))
    done = program.run("models", "pull", "llama3")
    assert done.returncode == 2
    assert "--backend" in done.stderr
    program.user('[backends.claude]\nprovider = "anthropic"\napi_key = "x"\n')
    assert "not Ollama" in program.run("models", "pull", "x", "--backend", "claude").stderr
    assert server.connections == []


def test_ctrl_c_closes_the_connection(program: Program, server: FaultServer) -> None:
    program.user(ollama("local", server))
    server.script(Reply(text="x" * 8, chunk=4, hold_after=1))
    child = subprocess.Popen(
        program.command("models", "pull", "llama3"),
        cwd=program.project,
        env=program.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    server.wait(lambda: server.held == 1, 60)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert b"Traceback" not in said
    server.wait(lambda: server.connections[0].closed is not None)
    assert server.connections[0].closed_by == "client"
