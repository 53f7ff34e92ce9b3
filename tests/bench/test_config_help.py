"""Whether help in a long configuration file keeps up with typing: against a short one."""

from __future__ import annotations

import time
from statistics import median

import pytest

from bench.session import SERVER, Session
from bench.table import Row, Table
from lsp.machine import Machine

pytestmark = pytest.mark.bench

SHORT, LONG = 50, 1000
_ROUNDS = 60
_PLACES = {"a key": "\n[defaults]\n", "a target": '\n[tasks]\nfix = "'}


@pytest.mark.parametrize("what", _PLACES)
def test_completion_in_a_long_file(machine: Machine, table: Table, what: str) -> None:
    log = machine.home / "server.log"
    with Session(SERVER, machine.environment, machine.root, log=log) as session:
        session.initialize()
        long = median(_milliseconds(session, machine, LONG, _PLACES[what]))
        short = median(_milliseconds(session, machine, SHORT, _PLACES[what]))
    row = f"completion of {what} at {LONG} lines, against {SHORT}"
    table.judge(Row(row, long, short, "ms", 3.0, "a character typed before each"))


def _milliseconds(session: Session, machine: Machine, lines: int, place: str) -> list[float]:
    """How long each completion at the end of a file took, right after a character was typed."""
    text = _file(lines).rstrip("\n") + "\n" + place
    folder = machine.root / str(lines)
    folder.mkdir(exist_ok=True)
    path = folder / ".streetrace.toml"
    path.write_text(text, "utf-8")
    uri = session.open(path, text)
    row, column = text.count("\n"), len(text) - text.rfind("\n") - 1
    took = []
    for round_ in range(_ROUNDS):
        here = {"line": row, "character": column + round_}
        typed = {"range": {"start": here, "end": here}, "text": "l"}
        change = {"textDocument": {"uri": uri, "version": round_ + 2}, "contentChanges": [typed]}
        session.notify("textDocument/didChange", change)
        behind = {"line": row, "character": column + round_ + 1}
        began = time.perf_counter()
        found = session.ask(
            "textDocument/completion", {"textDocument": {"uri": uri}, "position": behind}
        )
        took.append((time.perf_counter() - began) * 1000)
        assert found["items"]
    session.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    return took[5:]


def _file(lines: int) -> str:
    """A configuration of about so many lines: the same ten backends, and then actions."""
    parts = ['model = "b0/edit"\n']
    for number in range(3):
        parts.append(
            f'\n[backends.b{number}]\nprovider = "ollama"\nmodels = {{ edit = "m{number}" }}\n'
        )
    number = 0
    while sum(part.count("\n") for part in parts) < lines - 6:
        parts.append(
            f'\n[actions.a{number}]\ntitle = "Action {number}"\nkind = "answer"\n'
            'prompt = "Look at this code, größer."\nlanguages = ["python"]\n'
        )
        number += 1
    return "".join(parts)
