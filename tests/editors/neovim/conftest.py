"""Real Neovim with the documented snippet as its only configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from editors.neovim.session import Neovim, snippet
from editors.project import Project
from editors.provisioned import GET_IT, Program
from editors.provisioned import neovim as find_neovim


@pytest.fixture(scope="session")
def program() -> Program:
    """Neovim 0.12, or the test is skipped with the line that says how to get it."""
    found = find_neovim()
    if found is None:
        pytest.skip(f"Neovim 0.12 {GET_IT}")
    return found


@pytest.fixture
def configured(project: Project) -> Project:
    """The project's person has the documented snippet in their ``init.lua``."""
    folder = project.home / ".config/nvim"
    folder.mkdir(parents=True)
    (folder / "init.lua").write_text(snippet(), encoding="utf-8")
    return project


@pytest.fixture
def start(program: Program, configured: Project) -> Iterator[Callable[[], Neovim]]:
    """Starts Neovim in the project with ``prices.py`` open and the server attached."""
    running: list[Neovim] = []

    def start() -> Neovim:
        nvim = Neovim(program, configured.folder, configured.environment)
        running.append(nvim)
        nvim.open(configured.source)
        return nvim

    yield start
    for nvim in running:
        nvim.close()
