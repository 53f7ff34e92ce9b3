"""What a person reads of `streetrace-lsp models` where no list can be had, or none is enough."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.asking import KEY
from backends.doctoring import backend
from backends.fault_server import FaultServer, Reply
from backends.test_launch import SERVER
from configured_project import Workspace
from program import Program
from streetrace_lsp.config.switch import SwitchStore
from streetrace_lsp.routing import listing
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def launched(more: str = "", provider: str = "openai") -> str:
    words = ", ".join(f"'{word}'" for word in (sys.executable, SERVER, "--port", "{port}"))
    return (
        f'[backends.own]\nprovider = "{provider}"\nmodel = "tiny"\nlaunch = [{words}]\n'
        f'api_key = "{KEY}"\n{more}'
    )


@pytest.mark.asyncio(loop_scope="session")
async def test_nothing_can_be_reached_before_the_server_runs(
    host: ModelHost, tmp_path: Path
) -> None:
    target = resolve(Workspace(tmp_path).user(launched()).load(), "fix", "own")
    assert target.launch is not None
    assert target.api_base is None
    assert target.origins == ()
    assert target.local
    assert [one.name for one in await listing.models(host, target)] == ["tiny"]


def test_a_server_that_is_not_running_is_not_asked(program: Program) -> None:
    program.user(launched())
    done = program.run("models")
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert "own/tiny" in done.stdout
    assert "is started when it is needed" in said
    assert "127.0.0.1" not in said
    assert "api_base" not in said
    assert "OpenAI" not in said
    assert "no models" not in said
    assert json.loads(program.run("models", "--json").stdout)["problems"] == []


def test_a_server_with_a_port_of_its_own_is_asked_where_it_runs(
    program: Program, server: FaultServer
) -> None:
    program.user(launched(f'api_base = "{server.openai}"\n'))
    assert "own/demo" in program.run("models").stdout
    program.user(launched('api_base = "http://127.0.0.1:9/v1"\n'))
    done = program.run("models")
    assert done.returncode == 0, done.stderr
    assert "is started when it is needed" in done.stdout


def test_nothing_is_fetched_by_a_server_that_does_not_run(program: Program) -> None:
    program.user(launched(provider="ollama"))
    done = program.run("models", "pull", "llama3")
    assert done.returncode == 2
    assert "does not run" in done.stderr
    assert "127.0.0.1" not in done.stderr


def test_the_model_switched_to_in_the_editor_is_listed(program: Program) -> None:
    program.user('model = "anthropic/claude-sonnet-4-5"\n')
    SwitchStore(program.place / "state").remember(program.project, "gemini/gemini-2.5-flash")
    assert "gemini/gemini-2.5-flash" in program.run("models").stdout
    assert "gemini/gemini-2.5-flash" in program.run("config", "show", "--effective").stdout


@pytest.mark.parametrize("name", ["nope", "nope/any", ""])
def test_a_backend_that_is_not_there(program: Program, server: FaultServer, name: str) -> None:
    program.user(backend("local", "ollama", server.base) + backend("team", "openai", server.openai))
    done = program.run("models", "--backend", name)
    assert done.returncode == 2
    assert "local, team" in done.stderr
    assert "nope/any/any" not in done.stderr
    assert " any" not in done.stderr.replace("nope/any", "")


def test_the_placeholder_of_a_model_is_not_shown(program: Program, server: FaultServer) -> None:
    server.default = Reply(status=404, message="no such page")
    program.user(backend("team", "openai", f"{server.base}/other", more='api_key = "x"'))
    done = program.run("models")
    assert done.returncode == 1
    assert "any" not in done.stderr
    assert "gives no list of its models" in done.stderr


def test_no_list_is_not_said_to_be_an_empty_one(program: Program, server: FaultServer) -> None:
    program.user('[backends.gone]\nprovider = "lm_studio"\napi_base = "http://127.0.0.1:9/v1"\n')
    done = program.run("models")
    assert done.returncode == 1
    assert "no models" not in done.stdout
    assert "no list: see below" in done.stdout
    server.models = ()
    program.user(f'[backends.here]\nprovider = "lm_studio"\napi_base = "{server.openai}"\n')
    assert "no models" in program.run("models").stdout


def test_the_endpoint_that_answered_is_named(program: Program, server: FaultServer) -> None:
    program.user(
        '[backends.pair]\nprovider = "ollama"\n'
        f'endpoints = ["http://127.0.0.1:9", "{server.base}"]\n'
    )
    assert program.run("models").stdout.splitlines()[0] == f"pair  (Ollama at {server.base})"


def test_windows_and_prices_that_are_known_without_a_list(program: Program) -> None:
    program.variables["ANTHROPIC_API_KEY"] = KEY
    program.user(
        '[backends.claude]\nprovider = "anthropic"\nmodel = "claude-sonnet-4-5"\n'
        '[backends.mine]\nprovider = "anthropic"\nmodel = "claude-sonnet-4-5"\n'
        'api_base = "http://127.0.0.1:9"\napi_key = "x"\n'
    )
    lines = program.run("models").stdout.splitlines()
    assert lines[0] == "claude  (Anthropic)"
    assert re.search(r"200,000 tokens  \$3 in, \$15 out", lines[1]), lines
    assert lines[2] == "mine  (Anthropic at http://127.0.0.1:9)"


@pytest.mark.parametrize("name", ["", " "])
def test_a_pull_of_nothing(program: Program, server: FaultServer, name: str) -> None:
    program.user(backend("local", "ollama", server.base))
    done = program.run("models", "pull", name)
    assert done.returncode == 2
    assert "No model is named." in done.stderr
    assert server.connections == []
