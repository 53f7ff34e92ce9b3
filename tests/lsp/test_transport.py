"""A client that stops reading holds up nothing but itself."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from bench.session import SERVER, Session
from lsp.machine import Machine
from lsp.sample import BLOCK, TEXT, configuration

_REQUESTS = 400


def test_a_client_that_stops_reading_can_still_cancel(
    machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=BLOCK, hold_after=1))
    log = machine.home / "server.log"
    with Session(SERVER, machine.environment, machine.root, log=log) as session:
        session.initialize()
        uri = session.open(machine.write("app.py", TEXT), TEXT)
        session.start_job(uri, "fix", "local/demo")
        faults.wait(lambda: faults.held == 1)
        # Far more answers than a pipe holds, and nobody takes them.
        where = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        asked = {"textDocument": {"uri": uri}, "range": where, "context": {"diagnostics": []}}
        for number in range(_REQUESTS):
            session._send(
                {"id": 1000 + number, "method": "textDocument/codeAction"} | {"params": asked}
            )
        session._send(
            {
                "id": 999,
                "method": "workspace/executeCommand",
                "params": {"command": "streetrace.cancel"},
            }
        )
        faults.wait(lambda: faults.connections[-1].closed_by == "client")
        # And every answer is still there for a client that wakes up.
        session.wait(lambda: 999 in session._answers)
        assert session._answers[999]["result"] == {"cancelled": ["job-1"]}
        assert sum(number >= 1000 for number in session._answers) == _REQUESTS
        session.ask("shutdown", None)
        session.notify("exit", None)
        assert session.process.wait(60) == 0
