"""What the ledger gives to show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from streetrace_lsp.ledger import Ledger, Tally, Use
from usage_history import asked, keep

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    keep(
        tmp_path,
        [
            asked(MONDAY, 1, duration=1.0),
            asked(MONDAY, 2, duration=3.0),
            asked(MONDAY, duration=9.0, prompt_tokens=None, completion_tokens=None),
            asked(MONDAY, 0, outcome="connect", duration=60.0, prompt_tokens=None),
            asked(MONDAY, outcome="cancelled", duration=60.0),
            asked(MONDAY, outcome="cached", duration=0.0),
            asked(TUESDAY, 4, model="haiku", project="/café", duration=None),
            asked(TUESDAY, outcome="lost", provider="", model=""),
        ],
    )
    return tmp_path


async def test_it_is_added_up_by_day_project_and_model(state: Path) -> None:
    ledger = Ledger(state, pytest.fail)
    found = await ledger.history("2026-03-02")
    one = 10**9
    assert found.uses == (
        Use("2026-03-02", "/shop", "anthropic/opus", Tally(6, 1, 1, 1, 4000, 500, 1, 3 * one, 2)),
        Use("2026-03-03", "/café", "anthropic/haiku", Tally(1, 0, 0, 0, 1000, 100, 0, 4 * one, 0)),
        Use("2026-03-03", "/shop", "", Tally(1, 1, 0, 0, 1000, 100, 0, 0, 1)),
    )
    # Of whole answers alone.
    assert found.seconds == {"anthropic/opus": 3.0}
    assert found.latest is None
    await ledger.close()


@pytest.mark.parametrize(
    ("first", "project", "requests", "latest"),
    [
        ("2026-03-03", None, 2, None),
        ("2026-03-02", "/café", 1, None),
        ("2026-03-02", "/caf", 0, None),
        ("2026-03-02", "/", 8, None),
        ("2026-03-04", None, 0, "2026-03-03"),
        ("2026-03-04", "/shop", 0, "2026-03-03"),
    ],
)
async def test_only_a_time_or_a_project(
    state: Path, first: str, project: str | None, requests: int, latest: str | None
) -> None:
    ledger = Ledger(state, pytest.fail)
    found = await ledger.history(first, project)
    assert sum(use.tally.requests for use in found.uses) == requests
    assert found.latest == latest
    await ledger.close()
