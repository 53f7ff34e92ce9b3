"""A real local model server: llama.cpp's, with a model made on the spot.

A request whose ``grammar`` field allows one text only is answered with exactly that text.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from editors.provisioned import GET_IT, Program
from editors.provisioned import llama_server as find_llama_server
from editors.tiny_model import write_tiny_model

# Loading takes 50 ms; a busy machine gets this long, in seconds.
_START = 60.0
_STOP = 10.0


# What llama-server is told besides its model and its port. Its threads wait for each other by
# spinning, which on a busy machine costs far more than a second one brings.
OPTIONS = (
    *("--threads", "1", "--threads-batch", "1"),
    *("--ctx-size", "32768", "--parallel", "2"),
    *("--host", "127.0.0.1", "--offline", "--no-ui"),
)


class LlamaServer:
    """A running server. ``origin`` is its host and port, ``url`` its OpenAI-compatible base.

    ``more`` are further options; ``port`` 0 has it choose one.
    """

    def __init__(self, program: Program, model: str, *more: str, port: int = 0) -> None:
        self._process = subprocess.Popen(
            [*program.command, "--model", model, "--port", str(port), *OPTIONS, *more],
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._output: list[str] = []
        self._ended = False
        self._news = threading.Condition()
        threading.Thread(target=self._read, name="llama-server", daemon=True).start()

    def start(self) -> None:
        """Wait until it answers ``/health``."""
        address = self.said(r"listening on http://([\d.]+):(\d+)")
        self.origin = (address[1], int(address[2]))
        self.url = f"http://{address[1]}:{address[2]}/v1"
        health = self.url.replace("/v1", "/health")
        with urlopen(health, timeout=_START) as answer:  # noqa: S310 - loopback
            assert json.load(answer) == {"status": "ok"}

    def said(self, pattern: str, seconds: float = _START) -> re.Match[str]:
        """Wait until its log has a line that matches, and return the first match."""

        def matches() -> list[re.Match[str]]:
            return [match for line in self._output if (match := re.search(pattern, line))]

        with self._news:
            self._news.wait_for(lambda: matches() or self._ended, seconds)
            found = matches()
        assert found, f"llama-server never said {pattern!r}:\n{''.join(self._output)}"
        return found[0]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(_STOP)

    def kill(self) -> None:
        """End it as a crash does: every connection is reset in the middle of its answer."""
        self._process.kill()
        self._process.wait(_STOP)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                with self._news:
                    self._output.append(line)
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


def literal_grammar(text: str) -> str:
    """The GBNF grammar (llama.cpp, grammars/README.md) that allows exactly ``text``."""
    return f"root ::= {json.dumps(text, ensure_ascii=False)}"


@contextmanager
def running_llama_server(folder: Path, *more: str, port: int = 0) -> Iterator[LlamaServer]:
    """llama-server with a tiny model made in ``folder``, ready, and ended with the block."""
    model = write_tiny_model(folder / "tiny.gguf")
    server = LlamaServer(program(), str(model), *more, port=port)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def program() -> Program:
    """llama-server of this machine; the test that asks is skipped where there is none."""
    found = find_llama_server()
    if found is None:
        pytest.skip(f"llama-server {GET_IT}")
    return found


def launch_command() -> list[str]:
    """`launch` for llama-server of this machine."""
    found = program()
    folder = ("env", f"--chdir={found.folder}") if found.folder else ()
    return [*folder, *found.command, "--model", "{model_path}", "--port", "{port}", *OPTIONS]


@pytest.fixture(scope="session")
def llama_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """llama-server on a free loopback port, ended with the session."""
    with running_llama_server(tmp_path_factory.mktemp("model")) as server:
        yield server
