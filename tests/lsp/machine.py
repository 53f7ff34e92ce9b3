"""A computer for one test: a home, a project, the state and configuration folders."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lsp.clients.editor import Editor


class Launch(Protocol):
    """Starts an editor of a kind on the machine's project; see the fixture ``launch``."""

    async def __call__(
        self,
        kind: type[Editor],
        *,
        watched: bool = False,
        variables: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        prefix: Sequence[str] = (),
    ) -> Editor: ...


@dataclass(frozen=True)
class Machine:
    """Where everything is, and the whole environment that the server gets."""

    home: Path
    root: Path
    state: Path
    config: Path

    @staticmethod
    def create(home: Path, root: Path) -> Machine:
        """Make the folders."""
        machine = Machine(home, root, home / "state", home / "config")
        for folder in (machine.root, machine.state, machine.config):
            folder.mkdir(parents=True, exist_ok=True)
        return machine

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the server's process; no key is among them."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "STREETRACE_STATE_DIR": str(self.state),
            "STREETRACE_CONFIG_DIR": str(self.config),
            "LANG": "C.UTF-8",
        }

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project, byte for byte."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        return path

    def configure(self, toml: str, *, trusted: bool = True) -> Path:
        """Write the project's ``.streetrace.toml``, and trust it as its owner would."""
        path = self.write(".streetrace.toml", toml)
        if trusted:
            self.trust()
        return path

    def configure_user(self, toml: str) -> None:
        """Write the user's own ``config.toml``, which needs no trust."""
        (self.config / "config.toml").write_text(toml, "utf-8")

    def trust(self) -> None:
        """``streetrace-lsp trust --yes`` in a terminal."""
        self.trust_file(self.root)

    def trust_file(self, path: Path) -> None:
        """The same for one file, or for a folder's configuration."""
        command = [sys.executable, "-I", "-m", "streetrace_lsp", "trust", "--yes", str(path)]
        subprocess.run(command, check=True, env=self.environment, capture_output=True, timeout=60)
