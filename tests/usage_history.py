"""A usage history as the ledger itself writes it, for what shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from streetrace_lsp.ledger import Ledger, Record, nano_dollars

_PLAIN = Record("/shop", "edit", "claude", "anthropic", "opus", "done", 1000, 100)


def asked(day: date, dollars: float | None = None, **more: Any) -> Record:
    """A request at noon of a local day; ``dollars`` None: nobody knows what it cost."""
    at = datetime.combine(day, time(12)).timestamp()
    cost = None if dollars is None else nano_dollars(dollars)
    return replace(_PLAIN, at=at, **{"cost": cost, "duration": 2.0, **more})


def keep(state: Path, records: Iterable[Record]) -> None:
    """Books them in the state folder."""
    asyncio.run(kept(state, records))


async def kept(state: Path, records: Iterable[Record]) -> None:
    """The same where a loop runs already."""
    ledger = Ledger(state, pytest.fail)
    for record in records:
        await ledger.record(record)
    await ledger.close()
