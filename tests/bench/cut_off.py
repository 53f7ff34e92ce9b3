"""The server on a computer without a network, as the bench sees it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from bench.silence import UNSHARE

_TESTS = Path(__file__).parents[1]


class CutOff:
    """The process seen from the bench; a context manager that ends it."""

    def __init__(self, how: str, home: Path, *, own_network: bool) -> None:
        home.mkdir()
        before = UNSHARE if own_network else ()
        network = "own" if own_network else "shared"
        self._process = subprocess.Popen(
            [*before, sys.executable, "-m", "bench.cut_off_computer", how, network, str(home)],
            cwd=_TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> CutOff:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def start_up(self) -> float:
        """Seconds from the server's spawn to the answer of ``initialize``."""
        return float(self._do("start_up"))

    def first_call(self) -> float:
        """Seconds from the spawn to the end of the first job, which needs all of LiteLLM."""
        return float(self._do("first_call"))

    def call(self, backend: str) -> float:
        """Seconds of a job in the server that ``first_call`` left running."""
        return float(self._do(f"call {backend}"))

    def hangs(self, control: str) -> bool:
        """Whether the plain library runs into the silence; see ``cut_off_computer.CONTROLS``."""
        return self._do(f"control {control}") == "hangs"

    def heard(self) -> list[str]:
        """What came to the silence, the controls' doings apart."""
        found: list[str] = json.loads(self._do("heard"))
        return found

    def _do(self, what: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process has ended at: {what}"
        return line.strip()
