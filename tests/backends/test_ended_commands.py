"""A command that is told to end, or killed, in the middle of an answer: what is left and booked."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from backends.births import Births
from backends.fault_server import FaultServer, Reply
from program import Program

SERVER = Path(__file__).with_name("launched_server.py")
PATIENCE = 60.0
DOLLAR = 10**9
# About a dollar is reserved for each request, and the limit is two.
MONEY = "[prices.demo]\ninput = 1\noutput = 1000\n[budget]\nday = 2\n"
EXPLAIN = ("run", "explain", "a.py:1-2")


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    made = Program(tmp_path)
    (made.project / "a.py").write_text("def f(x):\n    return x + 1\n")
    return made


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(Reply(text="w " * 100, chunk=2, hold_after=3, usage=(100, 50))) as running:
        yield running


def priced(server: FaultServer) -> str:
    return (
        f'model = "one"\n[backends.one]\nprovider = "openai"\nmodel = "demo"\nmax_tokens = 1000\n'
        f'api_key = "sk-not-a-real-one"\napi_base = "{server.openai}"\n{MONEY}'
    )


@contextmanager
def started(
    program: Program, *arguments: str, ignoring: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process group of its own; ``ignoring`` is a signal that its shell does."""
    command = program.command(*arguments)
    if ignoring:
        command = ["sh", "-c", f'trap "" {ignoring}; exec "$@"', "sh", *command]
    with subprocess.Popen(
        command,
        cwd=program.project,
        env=program.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def ended(child: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit status and what it said."""
    _, said = child.communicate(timeout=PATIENCE)
    assert "Traceback" not in said, said
    return child.returncode, said


def in_ledger(program: Program, what: str) -> list[Any]:
    with closing(sqlite3.connect(program.place / "state" / "usage.sqlite3")) as connection:
        return connection.execute(f"SELECT {what}").fetchall()


def requests(program: Program) -> list[Any]:
    return in_ledger(program, "outcome, cost FROM requests")


def counted(program: Program) -> list[Any]:
    return in_ledger(program, "counted > 1000000000 FROM requests")


@pytest.mark.parametrize(("how", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_request_is_cancelled_and_booked(
    program: Program, server: FaultServer, how: signal.Signals, status: int
) -> None:
    program.user(priced(server))
    with started(program, *EXPLAIN) as child:
        server.wait(lambda: server.held, PATIENCE)
        child.send_signal(how)
        assert ended(child) == (status, "streetrace-lsp: stopped.\n")
    assert requests(program) == [("cancelled", None)]
    assert counted(program) == [(True,)]
    assert in_ledger(program, "* FROM reservations") == []
    server.wait(lambda: server.connections[0].closed is not None)
    assert server.connections[0].closed_by == "client"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_whoever_ends_it_before_it_settles_does_not_overrun_the_budget(
    program: Program, server: FaultServer, how: signal.Signals
) -> None:
    program.user(priced(server))
    with started(program, *EXPLAIN) as child:
        server.wait(lambda: server.held, PATIENCE)
        child.send_signal(how)
        ended(child)
    refused = program.run(*EXPLAIN)
    assert refused.returncode == 2
    assert "Your limit of $2.00 a day does not allow this call: $1.00" in refused.stderr
    assert len(server.requests) == 1
    outcome = "cancelled" if how == signal.SIGTERM else "lost"
    assert requests(program) == [(outcome, None)]


def test_a_terminal_that_closes_says_it_more_than_once(
    program: Program, server: FaultServer
) -> None:
    program.user(priced(server))
    with started(program, *EXPLAIN) as child:
        server.wait(lambda: server.held, PATIENCE)
        # Stopped, so that all of them have come when it goes on.
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED)
        for how in (signal.SIGHUP, signal.SIGTERM, signal.SIGCONT):
            child.send_signal(how)
        assert ended(child)[0] in {129, 143}
    assert requests(program) == [("cancelled", None)]


def test_what_a_shell_runs_in_the_background_is_ended_but_not_by_ctrl_c(
    program: Program, server: FaultServer
) -> None:
    program.user(priced(server))
    with started(program, *EXPLAIN, ignoring="INT") as child:
        server.wait(lambda: server.held, PATIENCE)
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGTERM)
        assert ended(child)[0] == 143
    assert requests(program) == [("cancelled", None)]


def test_what_nohup_runs_goes_on_when_its_terminal_closes(
    program: Program, server: FaultServer
) -> None:
    program.user(priced(server))
    with started(program, *EXPLAIN, ignoring="HUP") as child:
        server.wait(lambda: server.held, PATIENCE)
        child.send_signal(signal.SIGHUP)
        server.release()
        assert ended(child)[0] == 0
    assert requests(program) == [("done", 100 * 1000 + 50 * 10**6)]


def test_a_download_is_stopped(program: Program, server: FaultServer) -> None:
    program.user(f'[backends.local]\nprovider = "ollama"\napi_base = "{server.base}"\n')
    with started(program, "models", "pull", "llama3") as child:
        server.wait(lambda: server.held, PATIENCE)
        child.send_signal(signal.SIGTERM)
        assert ended(child)[0] == 143
    server.wait(lambda: server.connections[0].closed is not None)
    assert server.connections[0].closed_by == "client"


@pytest.mark.parametrize("command", [EXPLAIN, ("doctor", ".")], ids=lambda command: command[0])
async def test_a_server_that_was_started_is_ended(
    program: Program, command: tuple[str, ...]
) -> None:
    async with Births() as births:
        words = [sys.executable, str(SERVER), "--port", "{port}", "--announce", str(births.port)]
        launch = ", ".join(f"'{word}'" for word in [*words, "--never-ready", "--stubborn"])
        program.user(
            'model = "local"\n[backends.local]\nprovider = "openai"\nmodel = "demo"\n'
            f"launch = [{launch}]\n"
        )
        with started(program, *command) as child:
            process = await births.next()
            child.send_signal(signal.SIGTERM)
            await process.death()
            # Ended by the command itself, not only by what watches over it.
            assert ended(child)[0] == 143


def test_an_entry_that_another_program_keeps_from_the_ledger_is_said_to_be_lost(
    program: Program, server: FaultServer
) -> None:
    program.user(priced(server))
    with started(program, *EXPLAIN) as child:
        server.wait(lambda: server.held, PATIENCE)
        with closing(
            sqlite3.connect(program.place / "state" / "usage.sqlite3", isolation_level=None)
        ) as holder:
            holder.execute("BEGIN IMMEDIATE")
            server.release()
            status, said = ended(child)
            holder.execute("ROLLBACK")
    assert status == 0
    assert "1 entry of the usage history is lost" in said
    # Its reservation is still there, so the budget goes on counting it.
    assert "$1.00" in program.run(*EXPLAIN).stderr
    assert requests(program) == [("lost", None)]
