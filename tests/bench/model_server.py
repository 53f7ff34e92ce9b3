"""A model server in a process of its own, so that its work disturbs nobody's clock.

``python model_server.py REPLY``: the fault server; every model request gets the scripted reply
that the JSON object REPLY describes. It answers each line on its standard input with one line,
and ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

_TESTS = Path(__file__).parents[1]


class ModelServer:
    """The process seen from the bench; a context manager that ends it."""

    def __init__(self, reply: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(dict(reply))],
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

    def messages(self) -> list[Any]:
        """The messages of every request so far."""
        found: list[Any] = json.loads(self._asked("messages"))
        return found

    def quiet(self) -> None:
        """Return when every connection is closed."""
        assert self._asked("quiet") == "quiet"

    def _asked(self, question: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the model server has ended"
        return line.strip()


def _serve(reply: dict[str, Any]) -> None:
    from backends.fault_server import FaultServer, Reply

    with FaultServer(Reply(**reply)) as server:
        print(server.port, flush=True)
        for line in sys.stdin:
            if line.strip() == "quiet":
                server.wait(lambda: all(one.closed is not None for one in server.connections))
                print("quiet", flush=True)
            else:
                asked = [request.json["messages"] for request in server.requests if request.json]
                print(json.dumps(asked), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(_TESTS))
    _serve(json.loads(sys.argv[1]))
