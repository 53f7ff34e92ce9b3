"""Several editors at once, and editors that die. Every process here is a real one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger_children import Child
from streetrace_lsp.ledger import BudgetUnknownError, Estimate, Ledger, Limit, Record

LIMIT = ("person", "day", 1000)
DAY = Limit("person", "day", 1000)


def record(model: str) -> Record:
    return Record("/p", "edit", "b", "openai", model, outcome="done", cost=1)


def rows(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [model for (model,) in connection.execute("SELECT model FROM requests")]


def test_processes_that_write_at_once_lose_nothing(folder: Path) -> None:
    names = ("a", "b", "c")
    with Child(folder) as one, Child(folder) as two, Child(folder) as three:
        children = (one, two, three)
        for child, name in zip(children, names, strict=True):
            child.send("records", beginning=name, times=100)
        for child in children:
            child.receive()
        assert [child.ask("said") for child in children] == [[], [], []]
    assert sorted(rows(folder)) == sorted(f"{name}{n}" for name in names for n in range(100))


def test_parallel_calls_of_several_processes_do_not_overrun_a_limit(folder: Path) -> None:
    with Child(folder) as one, Child(folder) as two, Child(folder) as three:
        children = (one, two, three)
        for child in children:
            child.send("rush", times=10, amount=100, limits=[LIMIT])
        assert sum(child.receive() for child in children) == 10
        assert one.ask("spent", scope="person", period="day") == [0, 1000]


@pytest.mark.parametrize("said_before", [1, 7, 40])
def test_a_killed_writer_leaves_everything_that_it_had_booked(
    folder: Path, said_before: int
) -> None:
    with Child(folder) as writer, Child(folder) as other:
        writer.send("flood")
        other.send("records", beginning="other-", times=30)
        said = [writer.receive() for _ in range(said_before)]
        said += writer.kill()
        other.receive()
        other.ask("record", model="after", cost=1)
        assert other.ask("said") == []
        found = rows(folder)
    assert set(said) <= set(found)
    # The one that it was at may be there or not.
    assert len([name for name in found if name.startswith("flood")]) <= len(said) + 1
    assert len(found) == len(set(found))
    assert "after" in found


def test_a_writer_killed_within_a_transaction_leaves_nothing_of_it(folder: Path) -> None:
    with Child(folder) as other, Child(folder) as writer:
        other.ask("record", model="before")
        assert writer.ask("stuck") == "within"
        assert (folder / "usage.sqlite3-wal").stat().st_size > 100 * 1024
        # Waits for the write lock, which the system gives back.
        other.send("record", model="after")
        writer.kill()
        other.receive()
        assert other.ask("said") == []
        assert sorted(rows(folder)) == ["after", "before"]


def test_a_killed_writer_is_recovered_from_by_the_next_one(folder: Path) -> None:
    with Child(folder) as writer:
        writer.ask("record", model="before")
        assert writer.ask("stuck") == "within"
        writer.kill()
    with Child(folder) as other:
        assert other.ask("models") == ["openai/before"]
        other.ask("record", model="after")
        assert other.ask("said") == []
    assert sorted(rows(folder)) == ["after", "before"]


def test_processes_that_find_damage_at_once_begin_one_new_file(folder: Path) -> None:
    folder.mkdir()
    (folder / "usage.sqlite3").write_bytes(b"not a database" * 1000)
    with Child(folder) as one, Child(folder) as two, Child(folder) as three:
        children = (one, two, three)
        for child, name in zip(children, "abc", strict=True):
            child.send("records", beginning=name, times=10)
        for child in children:
            child.receive()
        assert sum(len(child.ask("said")) for child in children) == 1
    assert len(rows(folder)) == 30
    assert len(list(folder.glob("*.damaged-*"))) == 1


def test_what_a_killed_process_had_reserved_counts_as_spent(folder: Path) -> None:
    with Child(folder) as one, Child(folder) as two:
        assert "id" in one.ask("reserve", amount=900, limits=[LIMIT])
        assert two.ask("spent", scope="person", period="day") == [0, 900]
        one.kill()
        assert two.ask("spent", scope="person", period="day") == [900, 0]
        assert "over" in two.ask("reserve", amount=101, limits=[LIMIT])
        assert "id" in two.ask("reserve", amount=100, limits=[LIMIT])
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        booked = connection.execute("SELECT outcome, cost, counted, project FROM requests")
        assert booked.fetchall() == [("lost", None, 900, "/project")]


def test_a_process_killed_again_and_again_spends_no_more_than_the_limit(folder: Path) -> None:
    granted = 0
    for _ in range(5):
        with Child(folder) as child:
            granted += "id" in child.ask("reserve", amount=400, limits=[LIMIT])
            child.kill()
    assert granted == 2


def test_what_a_killed_process_had_booked_stays_spent(folder: Path) -> None:
    with Child(folder) as one, Child(folder) as two:
        held = one.ask("reserve", amount=1000, limits=[LIMIT])
        one.ask("settle", id=held["id"], cost=900)
        one.kill()
        assert "over" in two.ask("reserve", amount=101, limits=[LIMIT])
        assert "id" in two.ask("reserve", amount=100, limits=[LIMIT])


async def test_while_another_program_holds_the_file_records_wait_and_budgets_refuse(
    ledger: Ledger, folder: Path, warnings: list[str]
) -> None:
    await ledger.record(record("before"))
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        await ledger.record(record("during"))
        with pytest.raises(BudgetUnknownError, match="another program holds"):
            await ledger.reserve(Estimate("/p", 1), [DAY])
        assert await models(ledger) == ["openai/before"]
        holder.execute("ROLLBACK")
    assert await models(ledger) == ["openai/before", "openai/during"]
    assert (await ledger.reserve(Estimate("/p", 1), [DAY])).held
    assert len(warnings) == 1


async def test_a_reservation_that_can_not_be_settled_goes_on_counting(
    ledger: Ledger, folder: Path
) -> None:
    reservation = await ledger.reserve(Estimate("/p", 1000), [DAY])
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        await ledger.settle(reservation, record("m"))
        assert holder.execute("SELECT amount FROM reservations").fetchall() == [(1000,)]
        holder.execute("ROLLBACK")
    spent = await ledger.spent("person", "day")
    assert (spent.amount, spent.reserved) == (1, 0)


async def models(ledger: Ledger) -> list[Any]:
    return [total.name for total in await ledger.totals(0, "model")]
