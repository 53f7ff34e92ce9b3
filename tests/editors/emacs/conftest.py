"""Real Emacs with our file for it, loaded by the documented line, as its only configuration."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from editors.emacs.session import Emacs
from editors.project import Project
from editors.provisioned import GET_IT, REPOSITORY, Program
from editors.provisioned import emacs as find_emacs
from editors.snippets import snippets

Start = Callable[..., Emacs]


@pytest.fixture(scope="session")
def program() -> Program:
    """Emacs 30, or the test is skipped with the line that says how to get it."""
    found = find_emacs()
    if found is None:
        pytest.skip(f"Emacs 30 {GET_IT}")
    return found


@pytest.fixture
def configured(project: Project) -> Project:
    """The project is under version control, and its person has the documented ``init.el``."""
    (project.folder / ".git").mkdir()
    folder = project.home / ".emacs.d"
    folder.mkdir()
    shutil.copy(REPOSITORY / "emacs/streetrace.el", folder)
    (folder / "init.el").write_text(snippets("editors/emacs.md", "elisp")[0], encoding="utf-8")
    return project


@pytest.fixture
def alone(configured: Project) -> Project:
    """The person has the snippet for Eglot alone instead, and not our file."""
    folder = configured.home / ".emacs.d"
    (folder / "streetrace.el").unlink()
    (folder / "init.el").write_text(snippets("editors/emacs.md", "elisp")[1], encoding="utf-8")
    return configured


@pytest.fixture
def start(program: Program, configured: Project) -> Iterator[Start]:
    """Starts Emacs in the project with a file open, ``prices.py`` by default, and attached."""
    running: list[Emacs] = []

    def start(*files: str) -> Emacs:
        shown = files or ("prices.py",)
        editor = Emacs(program, configured.folder, configured.environment, *shown)
        running.append(editor)
        editor.wait(shown[0])
        editor.attach()
        return editor

    yield start
    for editor in running:
        editor.close()
