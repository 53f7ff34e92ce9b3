"""`streetrace-lsp usage` as a shell sees it."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from program import Program
from usage_history import asked, keep

DAY = date.today() - timedelta(days=1)


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path, {"COLUMNS": "100"})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def here(program: Program) -> str:
    """The project as requests in it are booked."""
    program.project_file("enabled = true\n")
    return os.path.realpath(program.project)


def test_the_page_says_what_was_asked_and_what_it_cost(program: Program, state: Path) -> None:
    program.user("[budget]\nday = 2.5\nproject_month = 40\n")
    keep(
        state,
        [
            asked(DAY, 1.2),
            asked(DAY, 0.04, model="haiku", outcome="connect"),
            asked(DAY, provider="litellm_proxy", model="team", duration=61.0),
            asked(DAY, 0, provider="ollama", model="qwen", project=here(program)),
            asked(date.today(), 0.5, project=""),
        ],
    )
    done = program.run("usage")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    rows = {line.split("  ")[0]: " ".join(line.split()) for line in lines}
    assert "all projects" in lines[0]
    assert rows["anthropic/opus"] == "anthropic/opus 2 0 2.0 k 200 $1.70 2.0 s"
    assert rows["anthropic/haiku"] == "anthropic/haiku 1 1 1.0 k 100 $0.04 –"
    assert rows["litellm_proxy/team"].endswith("unknown 1 min 1 s")
    assert rows["ollama/qwen"].endswith("$0.00 2.0 s")
    assert rows["all"] == "all 5 1 5.0 k 500 $1.74 +?"
    assert rows["(outside of a project)"].endswith("$0.50")
    assert rows[str(DAY)].endswith("$1.24 +?")
    assert "The cost of 1 request is not known and not in the sums (+?)." in lines
    assert lines[-2] == "Budget: $0.50 of $2.50 today (day in [budget])"
    assert lines[-1].startswith("Budget: $0.00 of $40.00 this month (in this project, project_mon")
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "requests"),
    [
        ((), 3),
        (("--all",), 3),
        (("--since", "1d"), 1),
        (("--since", "5w"), 4),
        (("--since", str(DAY)), 3),
        (("--project", "."), 2),
        (("--project", "src/a.py"), 2),
        (("--project", ".."), 3),
        (("--project", "../elsewhere"), 0),
    ],
)
def test_which_requests_count(
    program: Program, state: Path, arguments: tuple[str, ...], requests: int
) -> None:
    mine = here(program)
    (program.project / "src").mkdir()
    (program.project / "src" / "a.py").touch()
    month_ago = DAY - timedelta(days=30)
    keep(
        state,
        [
            asked(DAY, project=mine),
            # An editor that had only this folder of it open.
            asked(date.today(), project=f"{mine}/src"),
            asked(DAY, project=f"{mine}-other"),
            asked(month_ago, project=mine),
        ],
    )
    done = program.run("usage", "--json", *arguments)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["total"]["requests"] == requests
    # Nobody knows what any of these cost; nothing costs nothing.
    assert found["total"]["cost"] == (None if requests else 0)
    for table in ("models", "projects", "days"):
        assert sum(row["requests"] for row in found[table]) == requests


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "yesterday"), "YYYY-MM-DD"),
        (("--since", "9999-01-01"), "has not begun"),
        (("--since", "0d"), "1d"),
        (("--svg", "missing/folder/a.svg"), "--svg"),
        (("--svg", "."), "can't be written"),
        (("--all", "--project", "."), "not allowed with"),
    ],
)
def test_what_can_not_be_done_is_said(
    program: Program, state: Path, arguments: tuple[str, ...], words: str
) -> None:
    keep(state, [asked(DAY)])
    done = program.run("usage", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_nothing_yet_and_nothing_lately_say_what_to_do(program: Program, state: Path) -> None:
    done = program.run("usage")
    assert done.returncode == 0
    assert "Nothing was asked yet." in done.stdout
    assert "streetrace-lsp run explain FILE" in done.stdout
    keep(state, [asked(date(2024, 2, 29))])
    done = program.run("usage")
    assert "--since 2024-02-29 shows it" in done.stdout
    assert "By model" in program.run("usage", "--since", "2024-02-29").stdout
    done = program.run("usage", "--project", ".")
    assert "Nothing was asked in this project yet." in done.stdout


def test_the_picture_is_written_whole(program: Program, state: Path) -> None:
    keep(state, [asked(DAY, 1.2, model="<b>&\x1b[31m", project="/a<b>")])
    done = program.run("usage", "--svg", "usage.svg")
    assert (done.returncode, done.stdout) == (0, "")
    text = (program.project / "usage.svg").read_text("utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - what we wrote ourselves
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "$1.20" in text
    assert "\x1b" not in text
    assert program.run("usage", "--svg", "-").stdout == text


def test_a_broken_configuration_hides_no_history(program: Program, state: Path) -> None:
    program.user("[budget\n")
    keep(state, [asked(DAY, 1.2)])
    done = program.run("usage")
    assert done.returncode == 0
    assert "$1.20" in done.stdout
    assert "Budget: not known." in done.stdout
    assert "config.toml" in done.stdout


def test_a_history_of_a_newer_version_is_shown_as_far_as_it_can_be_read(
    program: Program, state: Path
) -> None:
    keep(state, [asked(DAY, 1.2)])
    with closing(sqlite3.connect(state / "usage.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 999")
    done = program.run("usage")
    assert done.returncode == 0
    assert "$1.20" in done.stdout
    assert "Update streetrace-lsp" in done.stderr


def test_a_history_that_can_not_be_read_says_why(program: Program, state: Path) -> None:
    (state / "usage.sqlite3").mkdir(parents=True)
    done = program.run("usage", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "The usage history can't be read, because" in done.stderr
    assert "is not a regular file" in done.stderr


def test_a_damaged_history_is_set_aside_and_the_budget_is_not_guessed(
    program: Program, state: Path
) -> None:
    program.user("[budget]\nday = 1\n")
    state.mkdir()
    (state / "usage.sqlite3").write_bytes(b"not a database" * 1000)
    done = program.run("usage")
    assert done.returncode == 0
    assert "was damaged or not ours" in done.stderr
    assert "Budget: unknown of $1.00 today" in done.stdout


def in_a_terminal(program: Program, variables: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        program.command("usage"),
        cwd=program.project,
        env={**program.environment, **variables},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as child:
        os.close(theirs)
        shown = b""
        # Linux says EIO when the other end is closed.
        with suppress(OSError):
            while part := os.read(ours, 65536):
                shown += part
        assert child.wait(60) == 0
    os.close(ours)
    return shown.decode()


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    program: Program, state: Path, variables: dict[str, str], coloured: bool
) -> None:
    keep(state, [asked(DAY, 1.2, model="\x1b[5mblinks")])
    shown = in_a_terminal(program, variables)
    assert ("\x1b[34m" in shown) is coloured
    assert "\x1b[5m" not in shown
    assert "█" in shown


def test_a_shell_without_these_characters_gets_others(program: Program, state: Path) -> None:
    keep(state, [asked(DAY, 1.2, model="模型")])
    done = subprocess.run(
        # Not isolated (-I), which would not look at the variable.
        [sys.executable, "-m", "streetrace_lsp", "usage"],
        cwd=program.project,
        env={**program.environment, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    shown = done.stdout.decode("ascii")
    assert "#" in shown
    assert "\\u6a21" in shown
