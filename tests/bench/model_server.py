"""A model server in a process of its own, so that its work disturbs nobody's clock.

``python -m bench.model_server REPLY``: the fault server; every model request gets the scripted
reply that the JSON object REPLY describes. It answers a line on its standard input when every
client has hung up, and ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from backends.fault_server import FaultServer, Reply

_TESTS = Path(__file__).parents[1]


class ModelServer:
    """The process seen from the bench; a context manager that ends it."""

    def __init__(self, reply: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.model_server", json.dumps(dict(reply))],
            cwd=_TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._line())

    def __enter__(self) -> ModelServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    @property
    def ollama(self) -> str:
        """What to configure as ``api_base`` for Ollama's native API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai(self) -> str:
        """What to configure as ``api_base`` for the OpenAI wire."""
        return f"{self.ollama}/v1"

    def base(self, provider: str) -> str:
        """The ``api_base`` for a provider."""
        return self.ollama if provider == "ollama" else self.openai

    def quiet(self) -> None:
        """Return when every client has hung up."""
        assert self._process.stdin is not None
        self._process.stdin.write("quiet?\n")
        self._process.stdin.flush()
        assert self._line() == "quiet"

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the model server has ended"
        return line.strip()


def _serve(reply: dict[str, Any]) -> None:
    with FaultServer(Reply(**reply)) as server:
        print(server.port, flush=True)
        for _ in sys.stdin:
            server.wait(lambda: all(one.closed is not None for one in server.connections))
            print("quiet", flush=True)


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
