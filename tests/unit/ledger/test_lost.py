"""Reservations that nobody settles in time: they count as spent until the period renews."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from streetrace_lsp.config.model import Defaults
from streetrace_lsp.ledger import (
    Estimate,
    Ledger,
    Limit,
    OverBudgetError,
    Record,
    Reservation,
    Total,
)
from streetrace_lsp.ledger.schema import MIGRATIONS, migrate

CENT = 10_000_000
DAY = Limit("person", "day", CENT)
MONTH = Limit("person", "month", CENT)
HOUR = 3600.0


def record(cost: int | None) -> Record:
    return Record("/a", "edit", "claude", "anthropic", "opus", outcome="done", cost=cost)


@pytest.fixture
async def brief(folder: Path, clock: Any, warnings: list[str]) -> AsyncIterator[Ledger]:
    """A ledger whose reservations expire within an hour, in UTC."""
    made = Ledger(folder, warnings.append, clock=clock, zone=UTC, reservation_seconds=HOUR)
    yield made
    await made.close()


async def forgotten(ledger: Ledger, clock: Any) -> Reservation:
    """A reservation of a cent that expired."""
    reservation = await ledger.reserve(Estimate("/a", CENT), [DAY])
    clock.now += HOUR
    return reservation


async def test_a_forgotten_reservation_counts_as_spent(brief: Ledger, clock: Any) -> None:
    await forgotten(brief, clock)
    with pytest.raises(OverBudgetError) as caught:
        await brief.reserve(Estimate("/a", 1), [DAY])
    assert (caught.value.spent.amount, caught.value.spent.reserved) == (CENT, 0)
    assert "$0.01 spent" in caught.value.message


async def test_it_counts_until_the_period_renews_in_which_it_was_made(
    brief: Ledger, clock: Any
) -> None:
    clock.now += 24 * HOUR
    await forgotten(brief, clock)
    # Noticed on the next day only, which it is no part of.
    clock.now += 24 * HOUR
    assert (await brief.spent("person", "day")).amount == 0
    assert (await brief.spent("person", "month")).amount == CENT
    with pytest.raises(OverBudgetError):
        await brief.reserve(Estimate("/a", 1), [DAY, MONTH])
    assert (await brief.reserve(Estimate("/a", CENT), [DAY])).held


async def test_it_is_a_request_of_unknown_cost_and_model(brief: Ledger, clock: Any) -> None:
    await forgotten(brief, clock)
    await brief.record(record(7))
    await brief.spent("person", "day")
    assert await brief.totals(0, "model") == (
        Total("", 1, 1, 0, 0, 0, 0, 0, 1),
        Total("anthropic/opus", 1, 0, 0, 0, 0, 0, 7, 0),
    )
    assert await brief.totals(0, "project") == (Total("/a", 2, 1, 0, 0, 0, 0, 7, 1),)
    assert await brief.speeds() == {}


@pytest.mark.parametrize(("cost", "counted"), [(7, 7), (None, CENT)])
async def test_settled_late_it_is_what_it_came_to(
    brief: Ledger, clock: Any, cost: int | None, counted: int
) -> None:
    reservation = await forgotten(brief, clock)
    assert (await brief.spent("person", "day")).amount == CENT
    for _ in range(2):
        await brief.settle(reservation, record(cost))
        assert (await brief.spent("person", "day")).amount == counted
    (total,) = await brief.totals(0, "model")
    assert (total.name, total.requests) == ("anthropic/opus", 1)


async def test_released_late_it_is_nothing(brief: Ledger, clock: Any) -> None:
    reservation = await forgotten(brief, clock)
    assert (await brief.spent("person", "day")).amount == CENT
    await brief.release(reservation)
    assert (await brief.spent("person", "day")).amount == 0
    assert await brief.totals(0, "model") == ()


async def test_the_longest_request_that_can_be_configured_keeps_its_reservation(
    ledger: Ledger, clock: Any
) -> None:
    constraints: list[Any] = Defaults.model_json_schema()["properties"]["timeout"]["anyOf"]
    (longest,) = [one["maximum"] for one in constraints if "maximum" in one]
    await ledger.reserve(Estimate("/a", CENT), [DAY])
    # Each of two retries may take as long again.
    clock.now += 3 * longest + HOUR
    assert (await ledger.spent("person", "day")).reserved == CENT


@pytest.fixture
def of_the_first_version(folder: Path, clock: Any) -> None:
    """A ledger as the first version made it, with a reservation that has expired."""
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        connection.execute(
            "INSERT INTO reservations VALUES ('old', '/a', ?, 'no owner', ?)", (CENT, clock.now)
        )


@pytest.mark.usefixtures("of_the_first_version")
async def test_a_reservation_of_the_first_version_is_booked_when_it_is_noticed(
    ledger: Ledger,
) -> None:
    assert (await ledger.spent("person", "day")).amount == CENT
