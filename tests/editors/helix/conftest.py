"""Real Helix with the documented snippets as its only configuration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editors.helix.session import Helix
from editors.project import Project
from editors.provisioned import GET_IT, Program
from editors.provisioned import helix as find_helix
from editors.snippets import snippets
from editors.tmux import COLUMNS

Start = Callable[..., Helix]


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

    def start(*files: str, columns: int = COLUMNS) -> Helix:
        shown = files or ("prices.py",)
        editor = Helix(program, configured.folder, environment, *shown, columns=columns)
        running.append(editor)
        editor.attached()
        return editor

    yield start
    for editor in running:
        editor.close()
        print(editor.log[-30_000:])  # pytest shows it when the test fails
