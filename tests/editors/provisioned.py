"""Where the real editors and the real model server are on this machine.

A program is named by a variable, stands on the PATH, or comes from the folder that
``tools/provision-editors`` makes. That folder is a Debian of its own: its programs run on this
machine's files through their own dynamic loader, since this machine's C library is older.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# The one line that a skipped test says.
GET_IT = "is missing; `make e2e` provisions it"

_NEOVIM = (0, 12)
# As the test run was started: tests have a home of their own later on.
_ENVIRONMENT = dict(os.environ)


@dataclass(frozen=True)
class Program:
    """How to start a program: its command line, added variables, and working folder."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


@cache
def neovim() -> Program | None:
    """Neovim 0.12 or later, or None."""
    if named := _ENVIRONMENT.get("STREETRACE_NVIM"):
        return Program((named,))
    found = shutil.which("nvim")
    if found and _version(found) >= _NEOVIM:
        return Program((found,))
    root = _provisioned()
    return None if root is None else _neovim_of(root)


def _neovim_of(root: Path) -> Program:
    return Program(
        (*_loader(root), str(root / "usr/bin/nvim")),
        {"VIMRUNTIME": str(root / "usr/share/nvim/runtime")},
    )


@cache
def helix() -> Program | None:
    """Helix 25.07 or later, or None."""
    if named := _ENVIRONMENT.get("STREETRACE_HELIX"):
        return Program((named,))
    root = _provisioned()
    if root is None:
        return None
    return Program(
        (*_loader(root), str(root / "usr/lib/hx/hx")),
        {"HELIX_RUNTIME": str(root / "usr/lib/hx/runtime")},
    )


@cache
def emacs() -> Program | None:
    """Emacs 30 or later in a terminal, with its own Eglot, or None."""
    if named := _ENVIRONMENT.get("STREETRACE_EMACS"):
        return Program((named, "-nw"))
    root = _provisioned()
    if root is None:
        return None
    shared = next((root / "usr/share/emacs").glob("[0-9]*"))
    own = next((root / "usr/libexec/emacs").glob("[0-9]*/*"))
    lisp = [shared / "lisp", *filter(Path.is_dir, (shared / "lisp").rglob("*"))]
    # It knows its folders by absolute names, which are others here.
    return Program(
        (
            *(*_loader(root), str(root / "usr/bin/emacs-nox")),
            *(f"--dump-file={next(own.glob('*.pdmp'))}", "-nw"),
        ),
        {
            "EMACSLOADPATH": ":".join(map(str, lisp)),
            "EMACSDATA": str(shared / "etc"),
            "EMACSDOC": str(shared / "etc"),
            "EMACSPATH": str(own),
        },
    )


@cache
def older_neovim() -> Program | None:
    """Neovim 0.10.4, Debian 13's, or None."""
    if named := _ENVIRONMENT.get("STREETRACE_NVIM_0_10"):
        return Program((named,))
    root = _provisioned("trixie")
    if root is None or not (root / "usr/bin/nvim").is_file():
        return None
    program = Program(
        (*_loader(root), str(root / "usr/bin/nvim")),
        {"VIMRUNTIME": str(root / "usr/share/nvim/runtime")},
    )
    return program if (0, 10) <= _version(*program.command) < _NEOVIM else None


@cache
def mini_test() -> Path | None:
    """The folder of mini.test, which Neovim's plugins are tested with, or None."""
    if named := _ENVIRONMENT.get("STREETRACE_MINI_TEST"):
        return Path(named)
    root = _provisioned()
    found = root / "usr/share/neovim-mini.test" if root is not None else None
    return found if found is not None and found.is_dir() else None


@cache
def llama_server() -> Program | None:
    """llama.cpp's server, or None."""
    named = _ENVIRONMENT.get("STREETRACE_LLAMA_SERVER") or shutil.which("llama-server")
    if named:
        return Program((named,))
    root = _provisioned()
    if root is None:
        return None
    libraries = _libraries(root)
    # It looks for its processor back ends beside its executable, which is the loader here,
    # and in the working folder.
    return Program(
        (*_loader(root, libraries / "llama"), str(root / "usr/bin/llama-server")),
        folder=libraries / "ggml/backends0",
    )


def _provisioned(*suite: str) -> Path | None:
    tool = REPOSITORY / "tools/provision-editors"
    found = subprocess.run(
        [tool, *suite, "--find"], env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def _loader(root: Path, *more: Path) -> tuple[str, ...]:
    folders = (*more, _libraries(root), root / "usr/lib")
    loader = next((root / "usr").glob("lib*/ld-linux-*.so.*"))
    return (str(loader), "--library-path", ":".join(map(str, folders)))


def _libraries(root: Path) -> Path:
    """The folder of shared libraries of the machine's architecture."""
    return next((root / "usr/lib").glob("*-linux-gnu*"))


def _version(*command: str) -> tuple[int, ...]:
    shown = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    numbers = re.match(r"NVIM v(\d+)\.(\d+)", shown.stdout)
    return tuple(map(int, numbers.groups())) if numbers else (0,)
