"""Real Helix with the documented snippets as its only configuration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from backends.llama import literal_grammar
from editors.helix.session import Helix
from editors.project import Project, toml
from editors.provisioned import GET_IT, Program
from editors.provisioned import helix as find_helix
from editors.snippets import snippets

Start = Callable[..., Helix]
Scenario = Callable[[Helix, Project], None]
Play = Callable[..., None]


@pytest.fixture(scope="session")
def program() -> Program:
    """Helix, or the test is skipped with the line that says how to get it."""
    found = find_helix()
    if found is None:
        pytest.skip(f"Helix {GET_IT}")
    return found


@pytest.fixture
def configured(project: Project) -> Project:
    """The project's person has the documented snippets in their configuration."""
    folder = project.home / ".config/helix"
    folder.mkdir(parents=True)
    languages, config = snippets("editors/helix.md", "toml")[:2]
    (folder / "languages.toml").write_text(languages, encoding="utf-8")
    (folder / "config.toml").write_text(config, encoding="utf-8")
    return project


@pytest.fixture
def start(program: Program, configured: Project) -> Iterator[Start]:
    """Starts Helix in the project with files open, ``prices.py`` by default, and attached."""
    # On this PATH our server is alone: Helix would start others of the test environment too.
    commands = configured.home / "bin"
    commands.mkdir()
    (commands / "streetrace-lsp").symlink_to(Path(sys.executable).parent / "streetrace-lsp")
    environment = {**configured.environment, "PATH": f"{commands}:/usr/bin:/bin"}
    running: list[Helix] = []

    def start(*files: str) -> Helix:
        editor = Helix(program, configured.folder, environment, *(files or ("prices.py",)))
        running.append(editor)
        editor.attached()
        return editor

    yield start
    for editor in running:
        editor.close()
        print(editor.log[-30_000:])  # pytest shows it when the test fails


@pytest.fixture(params=["replay", pytest.param("llama", marks=pytest.mark.llama)])
def play(request: pytest.FixtureRequest, configured: Project, start: Start) -> Play:
    """Runs a scenario on a backend that answers everything with one reply.

    Replay needs recordings: the scenario is run on a scripted server first, which was asked
    exactly what the recordings will be.
    """

    def on_replay(scenario: Scenario, reply: str, more: str = "", *files: str) -> None:
        with FaultServer(Reply(text=reply)) as model:
            configured.use_two(f'provider = "ollama"\napi_base = "{model.base}"\n{more}')
            configured.trust()
            rehearsal = start(*files)
            scenario(rehearsal, configured)
            rehearsal.close()
        configured.record(model, reply)
        configured.clear()
        configured.use_two(f'provider = "replay"\nrecordings = "recordings"\n{more}')
        configured.trust()
        scenario(start(*files), configured)

    def on_llama(scenario: Scenario, reply: str, more: str = "", *files: str) -> None:
        server = request.getfixturevalue("llama_server")
        configured.use_two(
            f'provider = "openai"\napi_base = "{server.url}"\n{more}',
            f"[backends.demo.extra_body]\ngrammar = {toml(literal_grammar(reply))}\n",
        )
        configured.trust()
        scenario(start(*files), configured)

    return on_llama if request.param == "llama" else on_replay
