"""The plugin, installed as the documentation says, and what a person sees of it then."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim, snippet
from editors.neovim.terminal import Terminal
from editors.project import SOURCE, Project
from editors.provisioned import REPOSITORY, Program
from editors.screens import documented

pytestmark = pytest.mark.neovim

ANSWER = """\
prices.py
<<<<<<< SEARCH
\"""Prices.\"""
=======
\"""Prices, in euros.\"""
>>>>>>> REPLACE

prices.py
<<<<<<< SEARCH
    result = 0
    for i in range(len(prices)):
        result = result + prices[i]
    return result
=======
    return sum(prices)
>>>>>>> REPLACE

prices.py
<<<<<<< SEARCH
def mean(prices):
=======
def mean(prices):
    \"""The mean, “€” and all.\"""
>>>>>>> REPLACE
"""
FIXED = '''\
"""Prices, in euros."""


def total(prices):
    return sum(prices)


def mean(prices):
    """The mean, “€” and all."""
    return total(prices) / len(prices)
'''

Start = Callable[..., Neovim]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@localhost"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(project: Project) -> Path:
    """A checkout where the documentation has it."""
    folder = project.home / "src/streetrace-lsp"
    shutil.copytree(
        REPOSITORY / "nvim-plugin", folder / "nvim-plugin", ignore=shutil.ignore_patterns("tags")
    )
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=A checkout")
    return folder


@pytest.fixture
def by_hand(program: Program, project: Project, checkout: Path) -> None:
    """The documented shell commands, with the Neovim of these tests."""
    assert checkout.is_dir()
    commands = project.home / "bin"
    commands.mkdir()
    starts = " ".join(f"{name}='{value}'" for name, value in program.environment.items())
    quoted = " ".join(f"'{part}'" for part in program.command)
    (commands / "nvim").write_text(f'#!/bin/sh\n{starts} exec {quoted} "$@"\n', encoding="utf-8")
    (commands / "nvim").chmod(0o755)
    subprocess.run(
        ["sh", "-e", "-c", snippet("mkdir", "sh")],
        cwd=project.folder,
        env={**project.environment, "PATH": f"{commands}:{project.environment['PATH']}"},
        stdin=subprocess.DEVNULL,
        check=True,
    )


@pytest.fixture
def start(program: Program, project: Project) -> Iterator[Start]:
    """Starts Neovim with these lines as its only configuration, and opens ``prices.py``."""
    running: list[Neovim] = []

    def start(*lines: str) -> Neovim:
        folder = project.home / ".config/nvim"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "init.lua").write_text("\n".join(lines), encoding="utf-8")
        # The first start installs what there is to install.
        subprocess.run(
            [*program.command, "--headless", "+qa"],
            cwd=project.folder,
            env={**project.environment, **program.environment},
            stdin=subprocess.DEVNULL,
            check=True,
            capture_output=True,
        )
        running.append(Neovim(program, project.folder, project.environment))
        running[-1].open(Path(project.source.name))
        return running[-1]

    yield start
    for nvim in running:
        nvim.close()


@pytest.fixture
def model(project: Project) -> Iterator[FaultServer]:
    with FaultServer(Reply(text=ANSWER)) as server:
        project.configure(
            'model = "local/demo"\n\n[backends.local]\nprovider = "ollama"\n'
            f'api_base = "{server.base}"\nedit_format = "search-replace"\n'
        )
        project.trust()
        yield server


def fix(nvim: Neovim) -> None:
    nvim.lua("vim.cmd('%Streetrace fix')")
    nvim.wait("require('streetrace').status() == '±3'")
    assert nvim.text == FIXED


@pytest.mark.usefixtures("by_hand", "model")
def test_by_hand(start: Start) -> None:
    nvim = start()
    fix(nvim)
    nvim.undo()
    assert nvim.text == SOURCE
    nvim.lua("vim.cmd('silent! help streetrace-settings')")
    assert nvim.lua("return vim.fs.basename(vim.api.nvim_buf_get_name(0))") == "streetrace.txt"


@pytest.mark.usefixtures("checkout", "model")
def test_by_the_package_manager(start: Start) -> None:
    agreed = (
        "local add = vim.pack.add\n"
        "vim.pack.add = function(specs, options)\n"
        "  return add(specs, vim.tbl_extend('error', options, { confirm = false }))\n"
        "end"
    )
    nvim = start(agreed, snippet("vim.pack.add"))
    fix(nvim)
    nvim.lua("vim.cmd('silent! help streetrace-settings')")
    assert nvim.lua("return vim.fs.basename(vim.api.nvim_buf_get_name(0))") == "streetrace.txt"


@pytest.mark.usefixtures("by_hand")
def test_the_settings_that_are_shown_can_be_read(start: Start) -> None:
    nvim = start(snippet("vim.g.streetrace"))
    config, problems = nvim.lua("return { require('streetrace.config').read() }")
    assert problems == []
    assert config["windows"] == {"chat": "tab", "page": "system"}


@pytest.mark.usefixtures("by_hand", "model")
def test_a_fix_by_the_shown_keys_as_it_is_seen(program: Program, start: Start) -> None:
    nvim = start(
        "vim.o.laststatus = 2", snippet("vim.keymap.set({ 'n', 'x' }, '<leader>a', '<Plug>")
    )
    terminal = Terminal(program, nvim.address)
    try:
        terminal.wait("def total")
        terminal.type("ggVG\\a")
        menu = terminal.wait(": Streetrace: Fix\n")
        numbered = re.search(r"^(\d+): Streetrace: Fix$", menu, re.MULTILINE)
        assert numbered, menu
        terminal.type(f"{numbered[1]}\r")
        terminal.wait("Fix 3/3")
        terminal.type("gg")
        screen = terminal.wait("not saved yet (local/demo")
        documented("neovim-plugin", screen, "editors/neovim.md")

        # Keep the first change, go to the next, undo it.
        terminal.type("\\k")
        terminal.wait("±2")
        terminal.type("]r\\u")
        terminal.wait("±1")
    finally:
        terminal.close()
    assert "for i in range(len(prices))" in nvim.text
    assert "Prices, in euros" in nvim.text
