"""The same computer, editors and model server as in the session tests, and a command line."""

from __future__ import annotations

import pytest

from attacks.terminal import Terminal
from lsp.conftest import faults, launch, machine, pytest_runtest_makereport
from lsp.machine import Machine

__all__ = ["faults", "launch", "machine", "pytest_runtest_makereport", "terminal"]


@pytest.fixture
def terminal(machine: Machine) -> Terminal:
    """``streetrace-lsp`` in a shell of the machine, full of keys and without a terminal."""
    return Terminal(machine)
