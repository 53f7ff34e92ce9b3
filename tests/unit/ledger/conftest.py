from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from streetrace_lsp.ledger import Ledger


@dataclass
class Clock:
    """Stands still until a test moves it. A Thursday, half past eleven at night in Berlin."""

    now: float = datetime(2026, 4, 30, 21, 30, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


BERLIN = timezone(timedelta(hours=2))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The state folder, not made yet."""
    return tmp_path / "state"


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
async def ledger(folder: Path, clock: Clock, warnings: list[str]) -> AsyncIterator[Ledger]:
    made = Ledger(folder, warnings.append, clock=clock, zone=BERLIN, patience=0.01)
    yield made
    await made.close()
