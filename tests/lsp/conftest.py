"""Editors for the session tests; their protocol log is printed when a test fails."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from pathlib import Path

import pytest

from backends.fault_server import FaultServer
from lsp.clients.editor import Editor
from lsp.machine import Launch, Machine

_EDITORS = pytest.StashKey[list[Editor]]()
_WATCHED = Path(__file__).with_name("watched.py")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the editors and servers said to each other to a failed test's report."""
    report = yield
    if report.failed:
        for editor in item.stash.get(_EDITORS, []):
            report.sections.append(
                (f"{editor.name} and its server", editor.connection.transcript())
            )
    return report


@pytest.fixture
def machine(home: Path, tmp_path: Path) -> Machine:
    """A machine with one project folder and nothing configured."""
    return Machine.create(home, tmp_path / "project")


@pytest.fixture
def faults() -> Generator[FaultServer]:
    """A model server that does what it is told; it logs every connection."""
    with FaultServer() as server:
        yield server


@pytest.fixture
async def launch(request: pytest.FixtureRequest, machine: Machine) -> AsyncIterator[Launch]:
    """``await launch(kind, variables=…)``: an editor; its server has these variables too, and
    these arguments; ``prefix`` is a program that starts it.

    ``watched`` reports the server's imports, connections and children (`lsp.watched`). At the
    end each editor shuts its server down; whatever its client did not allow fails the test.
    """
    editors: list[Editor] = request.node.stash.setdefault(_EDITORS, [])

    async def start(
        kind: type[Editor],
        *,
        watched: bool = False,
        variables: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        prefix: Sequence[str] = (),
    ) -> Editor:
        editor = kind()
        editors.append(editor)
        run = [str(_WATCHED)] if watched else ["-m"]
        command = [*prefix, sys.executable, "-I", *run, "streetrace_lsp", *arguments]
        await editor.start(command, machine.environment | dict(variables or {}), machine.root)
        return editor

    yield start
    try:
        for editor in editors:
            if not editor.connection.closed:
                assert await editor.stop() == 0
    finally:
        for editor in editors:
            await editor.connection.kill()
    for editor in editors:
        assert editor.violations == []
