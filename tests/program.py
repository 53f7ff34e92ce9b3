"""The command line as a shell starts it: a child process, configured by files and variables."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Program:
    """A project folder and a user of its own below ``place``; ``variables`` are the shell's."""

    place: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.project / ".git").mkdir(parents=True)
        self.user_dir.mkdir()

    @property
    def project(self) -> Path:
        return self.place / "project"

    @property
    def user_dir(self) -> Path:
        return self.place / "user"

    def user(self, text: str) -> Program:
        path = self.user_dir / "config.toml"
        path.write_text(text, "utf-8")
        path.chmod(0o600)
        return self

    def project_file(self, text: str) -> Program:
        (self.project / ".streetrace.toml").write_text(text, "utf-8", newline="")
        return self

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CI": "1",
            "STREETRACE_CONFIG_DIR": str(self.user_dir),
            "STREETRACE_STATE_DIR": str(self.place / "state"),
            **self.variables,
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-I", "-m", "streetrace_lsp", *arguments]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.project,
            env=self.environment,
            input=stdin.encode(),
            capture_output=True,
            timeout=180,
            check=False,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)
