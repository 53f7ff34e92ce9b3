"""The end of a session that has no time: what is not written then is lost, and that is said."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from streetrace_lsp.ledger import Estimate, Ledger, Limit, Record

DAY = Limit("person", "day", 1000)


def record(model: str) -> Record:
    return Record("/p", "edit", "b", "openai", model, outcome="done", cost=1)


@pytest.fixture
async def patient(folder: Path, warnings: list[str]) -> Ledger:
    """A ledger with one entry in its file, that waits for other programs as long as it likes."""
    made = Ledger(folder, warnings.append)
    await made.record(record("before"))
    return made


@pytest.fixture
def holder(patient: Ledger) -> Iterator[sqlite3.Connection]:
    """Another program that holds the file until it rolls back."""
    with closing(sqlite3.connect(patient.path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def cancelled_close(ledger: Ledger) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await ledger.close()


async def test_closing_without_time_says_how_many_entries_are_lost(
    patient: Ledger, holder: sqlite3.Connection, warnings: list[str]
) -> None:
    waiting = [asyncio.create_task(patient.record(record(name))) for name in "ab"]
    await asyncio.sleep(0)
    await cancelled_close(patient)
    assert warnings == [
        f"2 entries of the usage history are lost, because {patient.path} could not be written "
        "in time."
    ]
    # The process lives on here, so they are written after all.
    holder.execute("ROLLBACK")
    await asyncio.gather(*waiting)
    assert {total.name for total in await patient.totals(0, "model")} == {
        *("openai/a", "openai/b", "openai/before")
    }
    await patient.close()
    assert len(warnings) == 1


async def test_cancelling_the_closing_says_it_too(
    patient: Ledger, holder: sqlite3.Connection, warnings: list[str]
) -> None:
    reservation = asyncio.create_task(patient.reserve(Estimate("/p", 1), [DAY]))
    await asyncio.sleep(0)
    # The job that takes it back waits as well.
    reservation.cancel()
    await asyncio.wait([reservation])
    end = asyncio.create_task(patient.close())
    await asyncio.sleep(0)
    end.cancel()
    await asyncio.wait([end])
    assert "1 entry of the usage history is lost" in warnings[-1]
    holder.execute("ROLLBACK")
    await patient.close()


async def test_nothing_is_said_where_nothing_is_lost(
    patient: Ledger, holder: sqlite3.Connection, warnings: list[str]
) -> None:
    looking = asyncio.create_task(patient.spent("person", "day"))
    await asyncio.sleep(0)
    await cancelled_close(patient)
    holder.execute("ROLLBACK")
    assert (await looking).amount == 1
    assert warnings == []


async def test_what_was_said_to_be_lost_is_not_said_again(
    ledger: Ledger, folder: Path, warnings: list[str]
) -> None:
    await ledger.record(record("before"))
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        await ledger.record(record("lost"))
        await ledger.close()
        assert "1 entry of the usage history is lost" in warnings[-1]
        holder.execute("ROLLBACK")
    told = list(warnings)
    looking = asyncio.create_task(ledger.speeds())
    await asyncio.sleep(0)
    await cancelled_close(ledger)
    await looking
    assert warnings == told
