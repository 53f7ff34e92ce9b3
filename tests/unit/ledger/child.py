"""A process of its own that uses a ledger: JSON commands on stdin, one JSON answer each.

Started by `ledger_children.Child`; the functions below are the commands.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import resource
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from streetrace_lsp.ledger import (
    BudgetUnknownError,
    Estimate,
    Ledger,
    Limit,
    OverBudgetError,
    Record,
    Reservation,
)
from streetrace_lsp.ledger.bookings import book, booking_of
from streetrace_lsp.ledger.file import LedgerFile

# Linux: version 3 of the capability calls takes two sets of three words.
_CAPABILITIES = 0x20080522


def record(model: str, cost: int | None = None, project: str = "/project") -> Record:
    return Record(project, "edit", "b", "openai", model, outcome="done", cost=cost)


class Program:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self.held: dict[str, Reservation] = {}
        self.ledger = Ledger(folder, self.warnings.append)

    async def reserve(self, amount: int, limits: list[Any], project: str = "/project") -> Any:
        try:
            found = await self.ledger.reserve(
                Estimate(project, amount), [Limit(*limit) for limit in limits]
            )
        except OverBudgetError as error:
            return {"over": error.sentence}
        except BudgetUnknownError as error:
            return {"unknown": error.sentence}
        self.held[found.id] = found
        return {"id": found.id}

    async def rush(self, times: int, amount: int, limits: list[Any]) -> Any:
        """How many of so many reservations at once are granted."""
        results = await asyncio.gather(*(self.reserve(amount, limits) for _ in range(times)))
        return sum("id" in result for result in results)

    async def settle(self, id: str, cost: int | None, project: str = "/project") -> Any:
        await self.ledger.settle(self.held.pop(id), record("m", cost, project=project))

    async def release(self, id: str) -> Any:
        await self.ledger.release(self.held.pop(id))

    async def record(self, model: str, cost: int | None = None) -> Any:
        await self.ledger.record(record(model, cost))

    async def records(self, beginning: str, times: int) -> Any:
        for number in range(times):
            await self.ledger.record(record(f"{beginning}{number}", 1))

    async def flood(self) -> Any:
        """Records without end; says each one when it is booked."""
        number = 0
        while True:
            await self.ledger.record(record(f"flood-{number}", 1))
            print(json.dumps(f"flood-{number}"), flush=True)
            number += 1

    async def stuck(self) -> Any:
        """Writes more than SQLite keeps in memory, and stays within the transaction."""
        file = LedgerFile(self.folder / "usage.sqlite3", time.time, patience=5)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA cache_size = 5")
            for number in range(500):
                book(connection, booking_of(record("stuck"), str(number), 0, None, None))
            print(json.dumps("within"), flush=True)
            signal.pause()

        file.write(work)

    async def spent(self, scope: str, period: str) -> Any:
        try:
            found = await self.ledger.spent(scope, period, "/project")  # type: ignore[arg-type]
        except BudgetUnknownError as error:
            return {"unknown": error.sentence}
        return [found.amount, found.reserved]

    async def models(self) -> Any:
        return [total.name for total in await self.ledger.totals(0, "model")]

    async def said(self) -> Any:
        return self.warnings

    async def close(self) -> Any:
        await self.ledger.close()

    async def fill(self) -> Any:
        """Writes a file until the disk is full."""
        with (self.folder.parent / "filler").open("ab", buffering=0) as stream:
            for size in (4096, 1):
                try:
                    while stream.write(b"x" * size):
                        pass
                except OSError as error:
                    reason = error.strerror
        return reason

    async def free(self) -> Any:
        (self.folder.parent / "filler").unlink()

    async def largest_file(self, size: int) -> Any:
        """No file of this process may grow beyond ``size`` bytes; -1: any may."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    async def powerless(self) -> Any:
        """Gives up what lets root write where it may not."""
        libc = ctypes.CDLL(None, use_errno=True)
        header, sets = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
        return libc.capset(header, sets)


async def main() -> None:
    program = Program(Path(sys.argv[1]))
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(await getattr(program, name)(**arguments)), flush=True)


asyncio.run(main())
