"""How soon after a cancellation the connection to the model is closed."""

from __future__ import annotations

import time
from statistics import median

import pytest

from backends.fault_server import FaultServer, Reply
from bench.session import SERVER, Session
from bench.table import Row, Table
from lsp.machine import Machine

pytestmark = pytest.mark.bench

# The promise of docs/architecture.md, in milliseconds.
PROMISED = 250.0
_ROUNDS = 7


@pytest.mark.parametrize("wire", ["ollama", "openai"])
def test_a_cancelled_stream_is_closed_soon(machine: Machine, table: Table, wire: str) -> None:
    with FaultServer() as faults:
        address = faults.base if wire == "ollama" else faults.openai
        machine.configure_user(
            f'model = "local/demo"\n[backends.local]\nprovider = "{wire}"\napi_base = "{address}"\n'
        )
        took: list[float] = []
        log = machine.home / "server.log"
        with Session(SERVER, machine.environment, machine.root, log=log) as session:
            session.initialize()
            text = "a = 1\nb = 2\n"
            uri = session.open(machine.write("a.py", text), text)
            for _ in range(_ROUNDS):
                faults.script(Reply(text="word " * 50, hold_after=2))
                before = len(faults.connections)
                job = session.start_job(uri, "explain", "local/demo")
                faults.wait(lambda before=before: faults.held and len(faults.connections) > before)
                began = time.monotonic()
                session.execute("streetrace.cancel", {"job": job})
                last = faults.connections[-1]
                faults.wait(lambda last=last: last.closed is not None)
                assert last.closed_by == "client"
                took.append((last.closed - began) * 1000)
    table.judge(
        Row(f"cancel to connection closed, {wire}", median(took), PROMISED, "ms", 1.0, "promised")
    )
