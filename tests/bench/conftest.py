"""The table of a run, printed at its end, and a computer for each bench."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.table import Table
from lsp.machine import Machine

_TABLE = pytest.StashKey[Table]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TABLE] = Table()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, also what failed."""
    table = terminalreporter.config.stash.get(_TABLE, Table())
    if table.rows or table.remarks:
        terminalreporter.section("benchmarks (ratios are judged, the rest is for people)")
        terminalreporter.write_line(table.text())


@pytest.fixture(scope="session")
def table(pytestconfig: pytest.Config) -> Table:
    """Where the rows go."""
    return pytestconfig.stash[_TABLE]


@pytest.fixture
def machine(home: Path, tmp_path: Path) -> Machine:
    """A computer with an empty home and one project folder."""
    return Machine.create(home, tmp_path / "project")
