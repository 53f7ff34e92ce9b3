"""A server that is told to end, in the middle of an answer: it ends as with ``shutdown``."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backends.births import Births
from backends.fault_server import FaultServer
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.processes import children, gone
from lsp.sample import TEXT, fixing, held, streaming

SERVER = Path(__file__).parent.parent / "backends" / "launched_server.py"
MONEY = "[prices.demo]\ninput = 1\noutput = 1000\n[budget]\nday = 20\n"

End = Callable[[Editor], None]


def by(how: signal.Signals) -> End:
    def end(editor: Editor) -> None:
        process = editor.connection.process
        assert process is not None
        process.send_signal(how)

    return end


def by_the_pipe(editor: Editor) -> None:
    editor.connection.close_stdin()


ENDS = [
    pytest.param(by(signal.SIGTERM), 143, id="SIGTERM"),
    pytest.param(by(signal.SIGHUP), 129, id="SIGHUP"),
    pytest.param(by(signal.SIGINT), 1, id="SIGINT"),
    pytest.param(by_the_pipe, 1, id="closed pipe"),
]


def in_ledger(machine: Machine, what: str) -> list[Any]:
    with closing(sqlite3.connect(machine.state / "usage.sqlite3")) as connection:
        return connection.execute(f"SELECT {what}").fetchall()


async def opened(launch: Launch, machine: Machine, backend: str) -> tuple[Editor, Document]:
    machine.configure_user(f'model = "one"\n[backends.one]\n{backend}\n{MONEY}')
    path = machine.write("app.py", TEXT)
    editor = await launch(VSCode)
    return editor, editor.open(path)


@pytest.mark.parametrize(("end", "status"), ENDS)
async def test_a_running_request_is_cancelled_and_booked(
    launch: Launch, machine: Machine, faults: FaultServer, end: End, status: int
) -> None:
    faults.script(held())
    backend = (
        f'provider = "openai"\nmodel = "demo"\napi_base = "{faults.openai}"\nmax_tokens = 1000'
    )
    editor, document = await opened(launch, machine, backend)
    job = await fixing(editor, document)
    await streaming(editor, faults, job)
    process = editor.connection.process
    assert process is not None
    hosts = children(process.pid)
    assert hosts
    end(editor)
    assert await editor.connection.ended() == status
    for host in hosts:
        await gone(host)
    upstream = faults.requests[-1].connection
    await faults.until(lambda: upstream.closed is not None)
    assert in_ledger(machine, "outcome, cost, counted > 0 FROM requests") == [
        ("cancelled", None, 1)
    ]
    assert in_ledger(machine, "* FROM reservations") == []
    assert editor.window.jobs[job][-1]["state"] == "cancelled"
    assert "Traceback" not in "".join(editor.connection.stderr)


@pytest.mark.parametrize(("end", "status"), ENDS)
async def test_a_server_that_was_started_is_ended(
    launch: Launch, machine: Machine, end: End, status: int
) -> None:
    async with Births() as births:
        words = [sys.executable, str(SERVER), "--port", "{port}", "--announce", str(births.port)]
        command = ", ".join(f"'{word}'" for word in [*words, "--never-ready", "--stubborn"])
        backend = f'provider = "openai"\nmodel = "demo"\nlaunch = [{command}]'
        editor, document = await opened(launch, machine, backend)
        await fixing(editor, document)
        process = await births.next()
        end(editor)
        assert await editor.connection.ended() == status
        await process.death()


@pytest.mark.parametrize(("end", "status"), ENDS)
async def test_a_server_without_work_ends(
    launch: Launch, machine: Machine, faults: FaultServer, end: End, status: int
) -> None:
    backend = f'provider = "ollama"\nmodel = "demo"\napi_base = "{faults.base}"'
    editor, _ = await opened(launch, machine, backend)
    end(editor)
    assert await editor.connection.ended() == status
    assert "Traceback" not in "".join(editor.connection.stderr)
