"""What may still be spent: reservations are made before a call, within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from .bookings import MOST, storable
from .entries import Limit, Reservation, Scope, Spent
from .errors import OverBudgetError
from .faults import Unusable
from .lost import book_lost
from .opening import set_aside_since
from .owners import this_process
from .periods import Span, span_of


@dataclass(frozen=True, slots=True)
class Moment:
    """The time, where a person is, and the ledger's path."""

    now: float
    zone: tzinfo | None
    path: Path


def take(
    connection: sqlite3.Connection,
    reservation: Reservation,
    limits: Sequence[Limit],
    moment: Moment,
    lasts: float,
) -> OverBudgetError | None:
    """Writes ``reservation``, or gives the limit that forbids it (the last one to renew).

    Raises `Unusable` when what was spent in a limit's period is not all in this file.
    """
    book_lost(connection, moment.now, moment.zone)
    amount = min(reservation.amount, MOST)
    refusals = []
    for limit in limits:
        span = span_of(limit.period, moment.now, moment.zone)
        spent = spent_in(connection, limit.scope, reservation.project, span, moment)
        if spent.amount + spent.reserved + amount > limit.amount:
            refusals.append(OverBudgetError(limit, spent, amount, span))
    if refusals:
        return max(refusals, key=lambda refusal: refusal.renews)
    connection.execute(
        """INSERT INTO reservations (id, project, amount, owner, expires, made)
        VALUES (?, ?, ?, ?, ?, ?)""",
        (
            reservation.id,
            storable(reservation.project),
            amount,
            str(this_process()),
            moment.now + lasts,
            moment.now,
        ),
    )
    return None


def spent_in(
    connection: sqlite3.Connection, scope: Scope, project: str, span: Span, moment: Moment
) -> Spent:
    """What counts against a limit. Raises `Unusable` where a part of it was set aside."""
    begin = datetime.fromisoformat(span.first).replace(tzinfo=moment.zone).timestamp()
    if aside := set_aside_since(moment.path, begin):
        raise Unusable("gap", f"a part of what was spent is in the damaged {aside}")
    # NULL = every project.
    only = storable(project) if scope == "project" else None
    amount, unknown = connection.execute(
        """SELECT COALESCE(SUM(counted), 0), COALESCE(SUM(cost IS NULL AND counted = 0), 0)
        FROM requests WHERE day >= ? AND day < ? AND (?3 IS NULL OR project = ?3)""",
        (span.first, span.renews, only),
    ).fetchone()
    (reserved,) = connection.execute(
        """SELECT COALESCE(SUM(amount), 0) FROM reservations
        WHERE ?1 IS NULL OR project = ?1""",
        (only,),
    ).fetchone()
    return Spent(amount, reserved, unknown)
