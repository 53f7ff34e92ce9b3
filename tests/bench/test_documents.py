"""Typing into a long file costs what it touches, and is right where pygls alone is wrong."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest

from bench.rounds import interleaved, paired
from bench.session import REFERENCE, SERVER, Session
from bench.table import Row, Table
from lsp.machine import Machine

pytestmark = pytest.mark.bench

LINES = 20_000
_EDITS = 150
_ROUNDS = 7
# At least nine times as fast as the reference.
LIMIT = 1 / 9


class Typing:
    """One session with a long document; each call types a number of lines into its middle."""

    def __init__(self, session: Session, path: Path, text: str) -> None:
        self._session = session
        session.initialize()
        self._uri = session.open(path, text)
        self._version = 1
        session.settle()

    def __call__(self) -> float:
        """Seconds for all edits, until the server has handled the last one."""
        began = time.perf_counter()
        for _ in range(_EDITS):
            self._version += 1
            place = {"line": LINES // 2, "character": 4}
            change = {"range": {"start": place, "end": place}, "text": "x"}
            self._session.notify(
                "textDocument/didChange",
                {
                    "textDocument": {"uri": self._uri, "version": self._version},
                    "contentChanges": [change],
                },
            )
        self._session.settle()
        return time.perf_counter() - began


def test_typing_in_a_long_file(machine: Machine, table: Table) -> None:
    text = "".join(f"    value_{number} = compute({number})\n" for number in range(LINES))
    path = machine.write("long.py", text)
    environment, root, home = machine.environment, machine.root, machine.home
    with (
        Session(SERVER, environment, root, log=home / "ours.log") as ours,
        Session(REFERENCE, environment, root, log=home / "reference.log") as reference,
    ):
        pair = Typing(ours, path, text), Typing(reference, path, text)
        for typing in pair:
            typing()
        measured = interleaved(*pair, _ROUNDS)
    mine, theirs = (median(values) / _EDITS * 1000 for values in measured)
    table.judge(
        Row(
            f"didChange in a file of {LINES:,} lines",
            mine,
            theirs,
            "ms",
            LIMIT,
            note="against stock pygls",
            found=paired(measured),
        )
    )
