"""An editor that asks for nothing pays for no model library."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.session import SERVER, Session
from bench.table import Table
from lsp.machine import Machine

pytestmark = pytest.mark.bench

_EDITS = 50
# The libraries, and the native code that LiteLLM brings with it.
_UNWANTED = {"litellm", "ollama", "httpx"}
_UNWANTED_NATIVE = ("/tiktoken/", "/tokenizers/", "/aiohttp/", "/fastuuid/")
_CONFIGURATION = 'model = "cloud/demo"\n\n[backends.cloud]\nprovider = "openai"\n'


def _imported(log: Path) -> set[str]:
    """The packages in the list that ``-X importtime`` writes."""
    lines = [line for line in log.read_text("utf-8").splitlines() if line.startswith("import time")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def _mapped(pid: int) -> list[str]:
    maps = Path(f"/proc/{pid}/maps").read_text()
    return [name for name in _UNWANTED_NATIVE if name in maps]


def test_no_model_library_is_loaded_by_initialize_nor_by_fifty_edits(
    machine: Machine, table: Table
) -> None:
    machine.configure(_CONFIGURATION)
    log = machine.home / "server.log"
    python, *rest = SERVER
    command = [python, "-X", "importtime", *rest]
    with Session(command, machine.environment, machine.root, log=log) as session:
        pid = session.process.pid
        session.initialize()
        session.settle()
        assert "pygls" in _imported(log)
        assert _imported(log) & _UNWANTED == set()
        assert _mapped(pid) == []
        uri = session.open(machine.root / "app.py", "def f(x):\n    return x\n")
        for version in range(2, _EDITS + 2):
            session.change(uri, version, f"    y = {version}\n")
        session.settle()
        loaded, mapped = _imported(log) & _UNWANTED, _mapped(pid)
    table.remarks.append(
        f"litellm, ollama or httpx in the server after {_EDITS} edits: {len(loaded)}"
    )
    assert loaded == set()
    assert mapped == []
