"""``streetrace-lsp`` as a child process on a test's machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from attacks.canaries import CANARIES
from lsp.machine import Machine


class Terminal:
    """Runs commands in the project's folder; nothing is connected to standard input.

    ``python`` is the interpreter to run them with.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.python = Path(sys.executable)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """One command; the canaries and ``variables`` are in its environment."""
        return subprocess.run(
            [str(self.python), "-I", "-m", "streetrace_lsp", *arguments],
            cwd=self.machine.root,
            env=self.machine.environment | CANARIES | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def explain(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """``run explain`` on a small file."""
        self.machine.write("app.py", "x = 1\n")
        return self.run("run", "explain", "app.py:1", **variables)

    def trust_without_grants(self) -> None:
        """Trust the file as it stands, and allow none of the addresses that it asks for."""
        printed = self.run("trust", "--print").stdout
        digest = re.search(r"--sha256 ([0-9a-f]{64})", printed)
        assert digest is not None, printed
        done = self.run("trust", "--sha256", digest[1])
        assert done.returncode == 0, done.stderr
