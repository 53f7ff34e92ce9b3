"""The usage ledger for async code: one thread, one connection, opened with the first use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import uuid4

from .entries import (
    CachedReply,
    Estimate,
    Grouping,
    History,
    Limit,
    Period,
    Record,
    Reservation,
    Scope,
    Spent,
    Total,
)
from .errors import lost_entries
from .worker import Worker

if TYPE_CHECKING:
    from .store import Store

Result = TypeVar("Result")

FILE_NAME: Final = "usage.sqlite3"
# How long to wait for another process that writes; each holds the file for milliseconds.
_PATIENCE: Final = 5.0
# What is kept of answers, in bytes of text.
_CAPACITY: Final = 64 * 1024 * 1024
# Beyond the longest deadline that can be configured, a day, for a request and two retries.
# Dead processes are noticed without it.
_LASTS: Final = 4 * 86_400.0


class Ledger:
    """``usage.sqlite3`` in ``folder`` (the user's state folder), shared by all editors.

    ``warn`` is called on the event loop, once for each kind of trouble, with sentences for a
    person. Money is in nano-dollars. What `settle`, `record` and `release` could not write
    is written as soon as the file can be; a request never fails because of its history.
    Cancelling a caller loses no record and leaves no reservation behind. What a process had
    reserved when it was killed goes on counting, as a request of unknown cost.
    """

    def __init__(
        self,
        folder: Path,
        warn: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.time,
        zone: tzinfo | None = None,
        patience: float = _PATIENCE,
        cache_bytes: int = _CAPACITY,
        reservation_seconds: float = _LASTS,
    ) -> None:
        """Touches nothing yet. ``zone`` None: the machine's local time."""
        self.path = folder / FILE_NAME
        self._warn = warn
        self._clock = clock
        self._zone = zone
        self._patience = patience
        self._capacity = cache_bytes
        self._lasts = reservation_seconds
        self._worker = Worker("ledger")
        self._made: Store | None = None
        # How many entries there were to write so far.
        self._given = 0

    async def reserve(self, estimate: Estimate, limits: Sequence[Limit]) -> Reservation:
        """Sets the estimate aside where every limit allows it, atomically across processes.

        Without limits, or for a call that is free, nothing needs to be set aside and nothing
        is checked. Raises `OverBudgetError`; `BudgetUnknownError` where the ledger can't be
        read or written.
        """
        amount = max(0, estimate.amount)
        held = bool(limits) and amount > 0
        reservation = Reservation(uuid4().hex, estimate.project, amount, held)
        if not held:
            return reservation
        checked = tuple(limits)
        future = self._worker.submit(lambda: self._store().reserve(reservation, checked))
        try:
            await self._result(future)
        except asyncio.CancelledError:
            # It may just be written; the job after it takes it back.
            self._given += 1
            self._worker.submit(lambda: self._store().release(reservation))
            raise
        return reservation

    async def settle(self, reservation: Reservation, record: Record) -> None:
        """Books what the call came to and ends its reservation, at once and only once.

        Where the cost is unknown, budgets go on counting what was reserved.
        """
        # Under the reservation's id, so that settling again books nothing twice.
        await self._book(lambda: self._store().settle(reservation, record, reservation.id))

    async def release(self, reservation: Reservation) -> None:
        """Ends the reservation of a call that was not made."""
        if reservation.held:
            await self._book(lambda: self._store().release(reservation))

    async def record(self, record: Record) -> None:
        """Books a request that needed no reservation."""
        id_ = uuid4().hex
        await self._book(lambda: self._store().settle(None, record, id_))

    async def spent(self, scope: Scope, period: Period, project: str = "") -> Spent:
        """What counts against such a limit now. Raises `BudgetUnknownError`."""
        return await self._do(lambda: self._store().spent(scope, period, project))

    async def speeds(self) -> Mapping[tuple[str, str], float]:
        """Median tokens per second by (provider, model), waiting included, of recent requests."""
        return await self._do(lambda: self._store().speeds())

    async def totals(self, since: float, by: Grouping) -> tuple[Total, ...]:
        """What was asked since ``since`` (seconds since 1970). Raises `LedgerError`."""
        return await self._do(lambda: self._store().totals(since, by))

    async def history(self, first: str, project: str | None = None) -> History:
        """What was used from the local day ``first`` (an ISO date) on.

        In ``project`` and inside of it, or in all of them. Raises `LedgerError`.
        """
        return await self._do(lambda: self._store().history(first, project))

    async def cached(self, key: str, now: float | None = None) -> CachedReply | None:
        """The answer kept under a `cache_key` and not expired at ``now``."""
        at = self._clock() if now is None else now
        return await self._do(lambda: self._store().cached(key, at))

    async def keep(self, key: str, reply: CachedReply, ttl: float) -> None:
        """Keeps an answer for ``ttl`` seconds, in the place of an earlier one."""
        await self._do(lambda: self._store().keep(key, reply, ttl))

    async def forget_cached(self, key: str) -> None:
        """Drops the answer kept under ``key``."""
        await self._do(lambda: self._store().forget_cached(key))

    async def close(self) -> None:
        """Waits for everything given so far, and closes the file. A later call opens it again.

        Cancelled, such as by a time limit, it tells ``warn`` how many entries are not written.
        """
        future = self._worker.stop(lambda: self._store().close())
        if future is None:
            return
        try:
            await self._result(future)
        except asyncio.CancelledError:
            left = self._given - (self._made.dealt_with if self._made is not None else 0)
            if left > 0:
                self._warn(lost_entries(left, f"{self.path} could not be written in time"))
            raise

    def _store(self) -> Store:
        # On the worker's thread: importing SQLite and opening a file are not for the loop.
        if self._made is None:
            from .store import Store, Terms

            terms = Terms(self._clock, self._zone, self._patience, self._capacity, self._lasts)
            self._made = Store(self.path, terms)
        return self._made

    async def _book(self, job: Callable[[], None]) -> None:
        self._given += 1
        await self._do(job)

    async def _do(self, job: Callable[[], Result]) -> Result:
        return await self._result(self._worker.submit(job))

    async def _result(self, future: Future[Result]) -> Result:
        try:
            # Shielded: what was given to the thread is done even if nobody waits any more.
            return await asyncio.shield(asyncio.wrap_future(future))
        finally:
            if self._made is not None:
                for sentence in self._made.warnings():
                    self._warn(sentence)
