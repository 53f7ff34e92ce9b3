"""Other processes that use the same ledger."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_PROGRAM = Path(__file__).parent / "unit" / "ledger" / "child.py"


class Child:
    """`unit/ledger/child.py` on a state folder; ``prefix`` is put before its command line."""

    def __init__(self, folder: Path, prefix: tuple[str, ...] = ()) -> None:
        self._process = subprocess.Popen(
            [*prefix, sys.executable, str(_PROGRAM), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, name: str, **arguments: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, arguments]) + "\n")
        self._process.stdin.flush()

    def receive(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the child has ended"
        return json.loads(line)

    def ask(self, name: str, **arguments: Any) -> Any:
        self.send(name, **arguments)
        return self.receive()

    def kill(self) -> list[Any]:
        """SIGKILL; gives what it had still said. Not waited for: what a crash looks like."""
        self._process.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        assert self._process.stdout is not None
        # A last line may be cut.
        return [json.loads(line) for line in self._process.stdout if line.endswith("\n")]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
