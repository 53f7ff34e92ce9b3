"""What the ledger does, in blocking calls on one thread. Imported with the first use.

The history is best effort: where the file can't be used it warns and goes on. A limit is not:
what can't be checked is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from . import bookings, history, replies
from .bookings import Booking, booking_of
from .budget import Moment, spent_in, take
from .entries import (
    CachedReply,
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
from .errors import BudgetUnknownError, LedgerError
from .faults import Unusable
from .file import LedgerFile, Result, Work
from .lost import book_lost
from .periods import span_of


@dataclass(frozen=True, slots=True)
class Terms:
    """``clock`` gives seconds since 1970. ``zone`` None: the machine's.

    ``patience``: seconds to wait for other processes. ``capacity``: bytes of answers kept.
    ``lasts``: seconds until a reservation that nobody settled counts as spent.
    """

    clock: Callable[[], float]
    zone: tzinfo | None
    patience: float
    capacity: int
    lasts: float


class Store:
    """See `streetrace_lsp.ledger.ledger.Ledger`, whose methods these are."""

    def __init__(self, path: Path, terms: Terms) -> None:
        self._path = path
        self._terms = terms
        self._file = LedgerFile(path, terms.clock, terms.patience)

    def warnings(self) -> tuple[str, ...]:
        """What a person should be told since the last time."""
        told = []
        while self._file.warnings:
            told.append(self._file.warnings.popleft())
        return tuple(told)

    @property
    def dealt_with(self) -> int:
        """How many entries were written, or told to be lost. Any thread may look."""
        return self._file.dealt_with

    def reserve(self, reservation: Reservation, limits: Sequence[Limit]) -> None:
        """Raises `OverBudgetError` or `BudgetUnknownError`; then nothing is reserved."""
        try:
            refusal = self._file.write(
                lambda connection: take(
                    connection, reservation, limits, self._moment(), self._terms.lasts
                )
            )
        except Unusable as fault:
            raise _unknown(fault) from fault
        if refusal is not None:
            raise refusal

    def settle(self, reservation: Reservation | None, record: Record, id_: str) -> None:
        """Books the record and ends the reservation. Never raises."""
        now, zone = self._terms.clock(), self._terms.zone
        self._file.book(booking_of(record, id_, now, zone, reservation))

    def release(self, reservation: Reservation) -> None:
        """Ends a reservation that came to nothing. Never raises."""
        self._file.book(Booking(reservation.id, None))

    def spent(self, scope: Scope, period: Period, project: str) -> Spent:
        """Raises `BudgetUnknownError`."""

        def look(connection: sqlite3.Connection) -> Spent:
            moment = self._moment()
            book_lost(connection, moment.now, moment.zone)
            span = span_of(period, moment.now, moment.zone)
            return spent_in(connection, scope, project, span, moment)

        try:
            return self._file.write(look)
        except Unusable as fault:
            raise _unknown(fault) from fault

    def speeds(self) -> Mapping[tuple[str, str], float]:
        """Empty where nothing can be read."""
        now = self._terms.clock()
        try:
            return self._file.read(lambda connection: bookings.speeds(connection, now))
        except Unusable as fault:
            self._file.warn(fault)
            return {}

    def totals(self, since: float, by: Grouping) -> tuple[Total, ...]:
        """Raises `LedgerError`."""
        return self._shown(lambda connection: bookings.totals(connection, since, by))

    def history(self, first: str, project: str | None) -> History:
        """Raises `LedgerError`."""
        return self._shown(lambda connection: history.history(connection, first, project))

    def cached(self, key: str, now: float) -> CachedReply | None:
        """None where nothing can be read."""
        try:
            return self._file.read(lambda connection: replies.cached(connection, key, now))
        except Unusable as fault:
            self._file.warn(fault)
            return None

    def keep(self, key: str, reply: CachedReply, ttl: float) -> None:
        """Never raises."""
        made = self._terms.clock() if reply.made is None else reply.made
        self._best_effort(
            lambda connection: replies.keep(
                connection, key, replace(reply, made=made), made + ttl, self._terms.capacity
            )
        )

    def forget_cached(self, key: str) -> None:
        """Never raises."""
        self._best_effort(lambda connection: replies.forget(connection, key))

    def close(self) -> None:
        """Writes what waits, and closes the file."""
        self._file.close()

    def _moment(self) -> Moment:
        return Moment(self._terms.clock(), self._terms.zone, self._path)

    def _shown(self, work: Work[Result]) -> Result:
        try:
            return self._file.read(work)
        except Unusable as fault:
            raise LedgerError(
                f"The usage history can't be read, because {fault.reason}.", f"{fault.step}."
            ) from fault

    def _best_effort(self, work: Work[None]) -> None:
        try:
            self._file.write(work)
        except Unusable as fault:
            self._file.warn(fault)


def _unknown(fault: Unusable) -> BudgetUnknownError:
    return BudgetUnknownError(
        f"The budget can't be checked, because {fault.reason}, so this call is not made.",
        f"{fault.step}, or remove [budget].",
    )
