"""Showing what a million requests came to takes about as long as SQLite needs to add them up."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from bench.rounds import interleaved, paired
from bench.table import Row, Table
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.model import Settings
from streetrace_lsp.ledger import Ledger
from streetrace_lsp.ledger.ledger import FILE_NAME
from streetrace_lsp.ledger.schema import migrate
from streetrace_lsp.requests.usage.chart import Style
from streetrace_lsp.requests.usage.page import page
from streetrace_lsp.requests.usage.report import gather

pytestmark = pytest.mark.bench

_REQUESTS = 1_000_000
_BEGAN = date(2024, 1, 1)
_LAST = date(2025, 12, 31)
_ROUNDS = 3
LIMIT = 3.0
# Ids are random, as those of the ledger: rows stand in no order of time.
_FILL = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :most - 1)
INSERT INTO requests
SELECT lower(hex(randomblob(16))), 1704067200 + i * 60.0,
    date(1704067200 + i * 60, 'unixepoch'), '/home/me/project-' || i % 5, 'edit', 'backend',
    'provider-' || i % 3, 'model-' || i % 8, 100 + i % 1000, 10 + i % 77,
    CASE WHEN i % 50 = 0 THEN NULL ELSE 1000 * (i % 997) END, 5, 0.3,
    abs(random() % 100000) / 7919.0,
    CASE i % 20 WHEN 0 THEN 'connect' WHEN 1 THEN 'cancelled' ELSE 'done' END, ''
FROM n
"""
_BARE = """
SELECT day, provider, model, COUNT(*), SUM(prompt_tokens), SUM(completion_tokens), SUM(cost)
FROM requests GROUP BY day, provider, model
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the ledger of a million requests in two years."""
    made = tmp_path_factory.mktemp("state")
    connection = sqlite3.connect(made / FILE_NAME, isolation_level=None)
    migrate(connection)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_FILL, {"most": _REQUESTS})
    connection.execute("COMMIT")
    connection.close()
    return made


def seconds_to_show(folder: Path) -> float:
    """From the closed file to the whole page."""

    async def shown() -> list[str]:
        ledger = Ledger(folder, pytest.fail)
        here = Configuration(Settings(), user_path=folder / "none")
        report = await gather(ledger, _BEGAN, _LAST, project=None, here=here)
        await ledger.close()
        assert report.total.requests == _REQUESTS
        return page(report, Style(100))

    began = perf_counter()
    asyncio.run(shown())
    return perf_counter() - began


def seconds_bare(folder: Path, query: str) -> float:
    connection = sqlite3.connect(folder / FILE_NAME)
    began = perf_counter()
    connection.execute(query).fetchall()
    taken = perf_counter() - began
    connection.close()
    return taken


def test_a_million_requests(folder: Path, table: Table) -> None:
    taken = interleaved(
        lambda: seconds_to_show(folder), lambda: seconds_bare(folder, _BARE), _ROUNDS
    )
    ours, reference = (median(values) * 1000 for values in taken)
    whole = min(
        seconds_bare(folder, "SELECT COUNT(*), SUM(cost) FROM requests") for _ in range(_ROUNDS)
    )
    table.remarks.append(
        f"adding up {_REQUESTS:,} requests without any groups: {whole * 1000:.0f} ms"
    )
    note = "to a bare GROUP BY day, provider, model"
    table.judge(
        Row(f"usage of {_REQUESTS:,} requests", ours, reference, "ms", LIMIT, note, paired(taken))
    )
