"""A small project on disk, its backends, and a person's home folder, for real editors."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from backends.fault_server import FaultServer, Reply
from backends.llama import LlamaServer, literal_grammar
from streetrace_lsp.modelhost.recordings import record

SOURCE = '''\
"""Prices."""


def total(prices):
    result = 0
    for i in range(len(prices)):
        result = result + prices[i]
    return result


def mean(prices):
    return total(prices) / len(prices)
'''
# The lines of `total`, counted from 1, what a model makes of them, and the file afterwards.
FIRST, LAST = 4, 8
FIXED_LINES = '''\
def total(prices):
    """The sum of the prices, “€” and all."""
    return sum(prices)
'''
FIXED = SOURCE.replace("".join(SOURCE.splitlines(keepends=True)[FIRST - 1 : LAST]), FIXED_LINES)
# Two targets of one server, see `Project.use_two`.
FIRST_MODEL, SECOND_MODEL = "demo/one", "demo/two"
REPLY = f"```python\n{FIXED_LINES}```\n"


@dataclass(frozen=True)
class Project:
    """``folder`` is a workspace with `SOURCE` in ``prices.py``; ``home`` is empty."""

    folder: Path
    home: Path

    @classmethod
    def make(cls, folder: Path) -> Project:
        project = cls(folder / "shop", folder / "home")
        project.folder.mkdir()
        project.home.mkdir()
        project.source.write_text(SOURCE, encoding="utf-8")
        return project

    @property
    def source(self) -> Path:
        return self.folder / "prices.py"

    @property
    def on_replay(self) -> bool:
        """Recordings answer: whatever is shown is the same each time."""
        config = (self.folder / ".streetrace.toml").read_text(encoding="utf-8")
        return 'provider = "replay"' in config

    @property
    def environment(self) -> dict[str, str]:
        """What a shell would hand to the editor: our own server first on the PATH."""
        commands = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
        return {
            "HOME": str(self.home),
            "PATH": os.pathsep.join(commands),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def use_replay(self, reply: str = REPLY, seconds: float = 0.0) -> None:
        """Answer from a recording of the very request that the editor will make.

        It takes so many seconds, as the documentation of recordings says.
        """
        with FaultServer(Reply(text=reply, chunk=20)) as model:
            self.use_ollama(model.base)
            self.trust()
            self.run("run", "fix", f"prices.py:{FIRST}-{LAST}", "--record", "recordings")
        (path,) = (self.folder / "recordings").glob("*.json")
        recording = json.loads(path.read_text(encoding="utf-8"))
        recording["reply"]["seconds"] = seconds
        path.write_text(json.dumps(recording), encoding="utf-8")
        self.configure(
            'model = "demo/demo"\n\n[backends.demo]\nprovider = "replay"\n'
            'recordings = "recordings"\n'
        )

    def use_llama(self, server: LlamaServer, reply: str = REPLY) -> None:
        """Answer with ``reply`` from a real local model."""
        self.use_openai(server.url, model="tiny", grammar=literal_grammar(reply))

    def use_openai(self, api_base: str, *, model: str, grammar: str | None = None) -> None:
        """Ask a server that speaks OpenAI's protocol."""
        text = f'model = "local/{model}"\n\n[backends.local]\nprovider = "openai"\n'
        text += f"api_base = {toml(api_base)}\n"
        if grammar is not None:
            text += f"\n[backends.local.extra_body]\ngrammar = {toml(grammar)}\n"
        self.configure(text)

    def use_ollama(self, api_base: str) -> None:
        """Ask a server that speaks Ollama's protocol, for the model ``demo``."""
        self.configure(
            'model = "local/demo"\n\n[backends.local]\nprovider = "ollama"\n'
            f"api_base = {toml(api_base)}\n"
        )

    def use_two(self, backend: str, more: str = "") -> None:
        """Two models behind one server: ``backend`` are its keys, ``more`` further tables."""
        self.configure(
            f'model = "{FIRST_MODEL}"\n\n[backends.demo]\n{backend}'
            f'models = {{ one = "one", two = "two" }}\n{more}'
        )

    def record(self, model: FaultServer, reply: str) -> None:
        """Keep what a server was asked as recordings that answer ``reply``."""
        for request in model.requests:
            if "messages" in (asked := request.json or {}):
                folder = self.folder / "recordings"
                record(
                    folder,
                    asked["model"],
                    asked["messages"],
                    chunks=[reply],
                    usage={"prompt_tokens": 7, "completion_tokens": 5},
                )

    def clear(self) -> None:
        """As it was made: what a person wrote, was told and allowed is gone."""
        shutil.rmtree(self.folder / ".streetrace", ignore_errors=True)
        for state in (".local", ".cache"):
            shutil.rmtree(self.home / state, ignore_errors=True)
        self.source.write_text(SOURCE, encoding="utf-8")

    def configure(self, text: str) -> None:
        """Write the project's ``.streetrace.toml``."""
        (self.folder / ".streetrace.toml").write_text(text, encoding="utf-8")

    def trust(self) -> None:
        """Trust the project as it is now, with the command that is printed for it."""
        asked = self._start("trust")
        agree = next(
            line.partition("run: ")[2]
            for line in (asked.stdout + asked.stderr).splitlines()
            if line.startswith("To agree, run: ")
        )
        self.run(*shlex.split(agree)[1:])

    def run(self, *arguments: str) -> str:
        """Run ``streetrace-lsp`` in the project and return what it printed."""
        done = self._start(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["streetrace-lsp", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def toml(text: str) -> str:
    """A TOML basic string (JSON's escapes are TOML's)."""
    return json.dumps(text, ensure_ascii=False)


def text_of(path: Path) -> str:
    """A file's text; an editor that replaces it right now leaves none for a moment."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
