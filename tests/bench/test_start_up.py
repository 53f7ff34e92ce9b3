"""Starting costs hardly more than a server that can do nothing."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from bench.rounds import interleaved, paired
from bench.session import REFERENCE, SERVER, Session
from bench.table import Row, Table
from lsp.machine import Machine

pytestmark = pytest.mark.bench

START_UP_LIMIT = 1.10
MEMORY_LIMIT = 1.25
_ROUNDS = 30


class Starts:
    """Starts one server again and again; remembers how much memory it had."""

    def __init__(self, command: tuple[str, ...], machine: Machine) -> None:
        self._command = command
        self._machine = machine
        self.resident: list[float] = []
        self.private: list[float] = []

    def __call__(self) -> float:
        """Seconds from the spawn to the answer of ``initialize``."""
        log = self._machine.home / "server.log"
        environment, root = self._machine.environment, self._machine.root
        with Session(self._command, environment, root, log=log) as session:
            seconds = session.initialize()
            session.settle()
            memory = _memory(session.process.pid)
        self.resident.append(memory["Rss"])
        self.private.append(memory["Private_Clean"] + memory["Private_Dirty"])
        return seconds


def _memory(pid: int) -> dict[str, float]:
    """Megabytes by kind (Linux, proc_pid_smaps(5))."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    pairs = (line.split()[:2] for line in lines)
    return {name.rstrip(":"): int(kilobytes) / 1024 for name, kilobytes in pairs}


def test_initialize_is_answered_as_fast_and_in_as_little_memory_as_by_a_minimal_server(
    machine: Machine, table: Table
) -> None:
    ours, reference = Starts(SERVER, machine), Starts(REFERENCE, machine)
    for server in (ours, reference):  # byte code and the disk's cache
        server()
    starts = interleaved(ours, reference, _ROUNDS)
    table.judge(
        Row(
            "spawn to initialize answered",
            median(starts[0]) * 1000,
            median(starts[1]) * 1000,
            "ms",
            START_UP_LIMIT,
            f"median of {_ROUNDS} pairs",
            paired(starts),
        ),
        Row(
            "memory after initialize, resident",
            min(ours.resident),
            min(reference.resident),
            "MB",
            MEMORY_LIMIT,
        ),
        Row(
            "memory after initialize, private",
            min(ours.private),
            min(reference.private),
            "MB",
            MEMORY_LIMIT,
        ),
    )
