"""Real Kate with the documented settings as its only configuration."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editors.kate.session import Kate
from editors.project import Project
from editors.provisioned import GET_IT
from editors.snippets import snippets
from editors.xscreen import XScreen

Start = Callable[[], Kate]


@pytest.fixture
def start(project: Project, tmp_path: Path) -> Iterator[Start]:
    """Starts Kate in the project with ``prices.py`` open, its server allowed and running."""
    missing = [name for name in ("kate", "Xvfb", "xdotool") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{missing[0]} {GET_IT}")
    settings = project.home / ".config/kate/lspclient"
    settings.mkdir(parents=True)
    text = snippets("editors/kate.md", "json")[0]
    (settings / "settings.json").write_text(text, encoding="utf-8")
    plugins = "[Kate Plugins]\nlspclientplugin=true\n"
    (project.home / ".config/katerc").write_text(plugins, encoding="utf-8")
    (project.folder / ".git").mkdir()

    # Kate logs nothing of what is said, and shows nothing when it has been said.
    wire = tmp_path / "wire"
    commands = project.home / "bin"
    commands.mkdir()
    server = Path(sys.executable).parent / "streetrace-lsp"
    wrapper = f"#!/bin/sh\ntee -a '{wire}' | '{server}' | tee -a '{wire}'\n"
    (commands / "streetrace-lsp").write_text(wrapper, encoding="utf-8")
    (commands / "streetrace-lsp").chmod(0o755)
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        **project.environment,
        "PATH": f"{commands}:/usr/bin:/bin",
        "XDG_RUNTIME_DIR": str(runtime),
    }
    memory = tmp_path / "screen"
    memory.mkdir()
    screen = XScreen(memory)
    running: list[Kate] = []

    def start() -> Kate:
        kate = Kate(screen, project.folder, environment, "prices.py", wire)
        running.append(kate)
        kate.allow_the_server()
        return kate

    yield start
    for kate in running:
        kate.close()
    screen.close()
