"""Real Helix, set up with the command and the lines that the documentation shows."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editors.helix.session import BINDINGS, Helix
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
def shell(program: Program, project: Project) -> dict[str, str]:
    """What a shell of the person has: ``hx`` and ``streetrace-lsp``, and no other server."""
    commands = project.home / "bin"
    commands.mkdir()
    (commands / "streetrace-lsp").symlink_to(Path(sys.executable).parent / "streetrace-lsp")
    variables = (f"{name}={shlex.quote(value)}" for name, value in program.environment.items())
    hx = commands / "hx"
    hx.write_text(
        f'#!/bin/sh\nexec env {" ".join(variables)} {shlex.join(program.command)} "$@"\n',
        encoding="utf-8",
    )
    hx.chmod(0o700)
    return {**project.environment, "PATH": f"{commands}:/usr/bin:/bin"}


def run(shell: dict[str, str], project: Project, *command: str) -> str:
    """What a command prints that the person runs in the project."""
    done = subprocess.run(
        [str(project.home / "bin" / command[0]), *command[1:]],
        cwd=project.folder,
        env=shell,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def configured(project: Project, shell: dict[str, str]) -> Project:
    """The person's ``languages.toml`` is printed by us, their ``config.toml`` as documented."""
    folder = project.home / ".config/helix"
    folder.mkdir(parents=True)
    languages = run(shell, project, "streetrace-lsp", "helix")
    (folder / "languages.toml").write_text(languages, encoding="utf-8")
    config = next(text for text in snippets("editors/helix.md", "toml") if "[editor" in text)
    (folder / "config.toml").write_text(config + BINDINGS, encoding="utf-8")
    return project


@pytest.fixture
def start(program: Program, configured: Project, shell: dict[str, str]) -> Iterator[Start]:
    """Starts Helix in the project with files open, ``prices.py`` by default, and attached."""
    running: list[Helix] = []

    def start(*files: str, columns: int = COLUMNS) -> Helix:
        shown = files or ("prices.py",)
        editor = Helix(program, configured.folder, shell, *shown, columns=columns)
        running.append(editor)
        editor.attached()
        return editor

    yield start
    for editor in running:
        editor.close()
        print(editor.log[-30_000:])  # pytest shows it when the test fails
