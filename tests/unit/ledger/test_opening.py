"""A file that is new, old, newer, damaged, foreign or gone. All of it on a real file system."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger_children import Child
from streetrace_lsp.ledger import BudgetUnknownError, Estimate, Ledger, LedgerError, Limit, Record
from streetrace_lsp.ledger.schema import MIGRATIONS, VERSION, migrate, version_of

DAY = Limit("person", "day", 100)
MONTH = Limit("person", "month", 100)


def record(model: str = "m", cost: int = 1) -> Record:
    return Record("/p", "edit", "b", "openai", model, outcome="done", cost=cost)


async def models(ledger: Ledger) -> list[str]:
    return [total.name for total in await ledger.totals(0, "model")]


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_making_a_ledger_touches_nothing(ledger: Ledger, folder: Path) -> None:
    assert beside(folder) == []
    await ledger.close()
    assert beside(folder) == []


async def test_everything_is_readable_by_its_owner_alone(ledger: Ledger, folder: Path) -> None:
    await ledger.record(record())
    assert mode(folder) == 0o700
    assert {mode(folder / name) for name in beside(folder)} == {0o600}
    assert "usage.sqlite3-wal" in beside(folder)


async def test_a_file_that_others_could_read_is_closed_to_them(
    ledger: Ledger, folder: Path
) -> None:
    await ledger.record(record())
    await ledger.close()
    (folder / "usage.sqlite3").chmod(0o644)
    await ledger.record(record())
    assert mode(folder / "usage.sqlite3") == 0o600


async def test_what_was_written_is_there_after_a_restart(
    ledger: Ledger, folder: Path, warnings: list[str]
) -> None:
    await ledger.record(record())
    await ledger.close()
    again = Ledger(folder, warnings.append)
    assert await models(again) == ["openai/m"]
    await again.close()
    assert warnings == []


def test_a_migration_that_fails_leaves_the_version_before_it() -> None:
    first, second = ("CREATE TABLE a (x)",), ("ALTER TABLE a ADD y", "no sql")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, [first])
        connection.execute("INSERT INTO a VALUES (1)")
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, [first, second])
        assert version_of(connection) == 1
        assert connection.execute("SELECT * FROM a").fetchall() == [(1,)]
        migrate(connection, [first, second[:1]])
        assert version_of(connection) == 2
        assert connection.execute("SELECT * FROM a").fetchall() == [(1, None)]


def test_two_processes_that_migrate_run_each_version_once() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        migrate(connection)
        assert version_of(connection) == VERSION == len(MIGRATIONS)


async def test_a_newer_file_is_read_and_left_alone(
    ledger: Ledger, folder: Path, warnings: list[str]
) -> None:
    await ledger.record(record("old"))
    await ledger.close()
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = (folder / "usage.sqlite3").read_bytes()
    await ledger.record(record("new"))
    assert await models(ledger) == ["openai/old"]
    assert await ledger.cached("k") is None
    with pytest.raises(BudgetUnknownError) as caught:
        await ledger.reserve(Estimate("/p", 1), [DAY])
    assert "newer streetrace-lsp" in caught.value.message
    assert caught.value.next_step == "Update streetrace-lsp, or remove [budget]."
    await ledger.close()
    assert (folder / "usage.sqlite3").read_bytes() == before
    assert len(warnings) == 2
    assert "newer streetrace-lsp" in warnings[0]
    assert "1 entry of the usage history is lost" in warnings[1]


async def test_a_file_that_a_newer_editor_migrates_meanwhile_is_left_alone(
    ledger: Ledger, folder: Path, warnings: list[str]
) -> None:
    await ledger.record(record("old"))
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        await ledger.record(record("new"))
        assert connection.execute("SELECT model FROM requests").fetchall() == [("old",)]
    assert len(warnings) == 1


def garbage(file: Path) -> None:
    file.write_bytes(b"not a database, " * 1000)


def another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def a_table_less(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE reservations")


def middle_overwritten(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:8192])


DAMAGES = [garbage, another_program, a_table_less, middle_overwritten, cut_short]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
    ledger: Ledger, folder: Path, warnings: list[str], damage: Callable[[Path], None]
) -> None:
    await ledger.record(record("before"))
    await ledger.close()
    damage(folder / "usage.sqlite3")
    damaged = (folder / "usage.sqlite3").read_bytes()
    await ledger.record(record("after"))
    assert await models(ledger) == ["openai/after"]
    aside = folder / "usage.sqlite3.damaged-20260430T213000Z"
    assert aside.read_bytes() == damaged
    (warning,) = warnings
    assert str(aside) in warning


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_was_spent_in_a_damaged_file_is_not_counted_as_nothing(
    ledger: Ledger, folder: Path, clock: Any, damage: Callable[[Path], None]
) -> None:
    await ledger.record(record(cost=100))
    await ledger.close()
    damage(folder / "usage.sqlite3")
    clock.now += 3600
    with pytest.raises(BudgetUnknownError) as caught:
        await ledger.reserve(Estimate("/p", 1), [DAY])
    aside = folder / "usage.sqlite3.damaged-20260430T223000Z"
    assert str(aside) in caught.value.message
    assert "remove that file" in caught.value.next_step
    assert (await ledger.reserve(Estimate("/p", 1), [])).id
    # The next day nothing of that day is missing, but something of the month is.
    clock.now += 24 * 3600
    assert (await ledger.reserve(Estimate("/p", 1), [DAY])).held
    with pytest.raises(BudgetUnknownError):
        await ledger.reserve(Estimate("/p", 1), [MONTH])
    aside.unlink()
    assert (await ledger.reserve(Estimate("/p", 1), [MONTH])).held


async def test_damage_found_while_the_file_is_open(
    ledger: Ledger, folder: Path, warnings: list[str]
) -> None:
    await ledger.record(record("before"))
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # So that the ledger reads its pages again.
        connection.execute("CREATE TABLE other (x)")
        connection.execute("DROP TABLE other")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    middle_overwritten(folder / "usage.sqlite3")
    assert await ledger.totals(0, "model") == ()
    await ledger.record(record("after"))
    assert await models(ledger) == ["openai/after"]
    assert len(warnings) == 1


async def test_a_second_damaged_file_of_the_same_second_keeps_its_own_name(
    ledger: Ledger, folder: Path
) -> None:
    for _ in range(2):
        await ledger.record(record())
        await ledger.close()
        garbage(folder / "usage.sqlite3")
    await ledger.record(record())
    asides = [name for name in beside(folder) if ".damaged-" in name]
    assert len(asides) == 2


async def test_a_file_that_another_process_set_aside_is_not_written_any_more(
    ledger: Ledger, folder: Path
) -> None:
    await ledger.record(record("before"))
    for name in beside(folder):
        (folder / name).rename(folder / f"old-{name}")
    with Child(folder) as other:
        other.ask("record", model="other", cost=1)
        await ledger.record(record("after"))
        assert sorted(other.ask("models")) == ["openai/after", "openai/other"]


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def a_link(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("make", [a_folder, a_link])
async def test_what_is_no_file_is_not_touched(
    ledger: Ledger, folder: Path, warnings: list[str], make: Callable[[Path], None]
) -> None:
    make(folder / "usage.sqlite3")
    await ledger.record(record())
    assert len(warnings) == 1
    assert "is not a regular file" in warnings[0]
    with pytest.raises(LedgerError):
        await ledger.totals(0, "model")
    assert "elsewhere" not in beside(folder)


async def test_a_folder_that_can_not_be_made(tmp_path: Path, warnings: list[str]) -> None:
    (tmp_path / "file").touch()
    ledger = Ledger(tmp_path / "file" / "state", warnings.append)
    await ledger.record(record())
    assert await ledger.speeds() == {}
    assert await ledger.cached("k") is None
    with pytest.raises(BudgetUnknownError, match="Not a directory"):
        await ledger.reserve(Estimate("/p", 1), [DAY])
    with pytest.raises(BudgetUnknownError):
        await ledger.spent("person", "day")
    assert len(warnings) == 1
    await ledger.close()
