"""`launch` from a configuration to an answer, and who may not say it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backends.asked import asked
from backends.births import Births
from backends.llama import launch_command, literal_grammar
from backends.test_launch import SERVER
from configured_project import Workspace
from editors.tiny_model import write_tiny_model
from streetrace_lsp.config.backend import Backend
from streetrace_lsp.ledger.ledger import Ledger
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.launch import LocalServers
from streetrace_lsp.routing.session import Session
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = "def greet() -> None: ...\n"
KEY = "sk-canary-of-the-cloud"


@pytest_asyncio.fixture(loop_scope="session")
async def session(host: ModelHost, tmp_path: Path) -> AsyncIterator[Session]:
    ledger = Ledger(tmp_path / "ledger", print)
    running = Session(host, ledger, LocalServers(log=print))
    yield running
    await running.servers.close()
    await ledger.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, {"OPENAI_API_KEY": KEY})


def table(name: str, words: list[str], *more: str) -> str:
    quoted = ", ".join(f"'{word}'" for word in words)
    lines = "\n".join(more)
    return f'[backends.{name}]\nprovider = "openai"\nmodel = "tiny"\nlaunch = [{quoted}]\n{lines}\n'


@pytest.mark.llama
async def test_a_server_without_an_account_answers_the_first_request(
    session: Session, workspace: Workspace, tmp_path: Path
) -> None:
    model = write_tiny_model(tmp_path / "tiny.gguf")
    grammar = f"extra_body.grammar = '{literal_grammar(ANSWER)}'"
    lines = table("local", launch_command(), f"model_path = '{model}'", grammar)
    workspace.user(f'model = "local"\nlocal_only = true\n{lines}')
    first = await asked(session, workspace.load())
    second = await asked(session, workspace.load())

    assert first.error is None
    assert first.text == second.text == ANSWER
    assert len(session.servers.running) == 1
    # The cloud's key is not for a server that happens to speak the same language.
    assert first.asked[0].target.key is None


async def test_a_server_that_does_not_start_leads_to_the_fallback(
    session: Session, workspace: Workspace
) -> None:
    words = [sys.executable, str(SERVER), "--port", "{port}", "--fail"]
    broken = table("broken", [*words, "CUDA error: out of memory"])
    other = table("other", [*words, "no such argument: --x"])
    workspace.user(f'model = "broken"\nfallbacks = ["other"]\n{broken}{other}')
    found = await asked(session, workspace.load())

    assert isinstance(found.error, BackendError)
    assert found.error.kind == "start"
    # Both are told, in the order in which they were tried.
    assert found.error.message.startswith('Backend "broken"')
    assert found.error.message.endswith("no such argument: --x")
    assert 'Backend "other"' in found.error.message


@pytest.mark.parametrize("trusted", [False, True], ids=["untrusted", "trusted"])
async def test_a_project_starts_no_program(
    session: Session,
    workspace: Workspace,
    trusted: bool,
) -> None:
    async with Births() as births:
        words = [sys.executable, str(SERVER), "--port", "{port}"]
        lines = table("local", [*words, "--announce", str(births.port)])
        workspace.project(f'model = "local"\n{lines}')
        if trusted:
            workspace.trust()
        configuration = workspace.load()
        assert any("launch" in problem.message for problem in configuration.problems)
        try:
            target = resolve(configuration, "fix")
        except RoutingError:
            target = None
        assert target is None or target.launch is None
        if trusted:
            backend = configuration.settings.backends.get("local", Backend(provider="openai"))
            assert backend.launch is None
        assert session.servers.running == {}
        assert births.count == 0


async def test_a_project_can_not_change_what_the_users_backend_starts(
    workspace: Workspace,
) -> None:
    mine = [sys.executable, str(SERVER), "--port", "{port}"]
    workspace.user(f'model = "local"\n{table("local", mine)}')
    workspace.project(table("local", ["sh", "-c", "touch stepped-in", "{port}"]))
    workspace.trust()
    configuration = workspace.load()
    target = resolve(configuration, "fix", "local/tiny")
    assert target.launch is None or target.launch.launch == mine
