"""Requests as rows, and what they add up to."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from math import isfinite
from statistics import median
from typing import Final

from .entries import Grouping, Record, Reservation, Total
from .periods import local_day

# What a backend counts or a price file says may be anything; SQLite's integers have 64 bits.
MOST: Final = 10**15
# The outcome of a request that nobody could settle.
LOST: Final = "lost"
_RECENT_ROWS: Final = 50
_RECENT_SECONDS: Final = 90 * 86_400.0
_GROUPS: Final[dict[Grouping, str]] = {
    "model": "CASE WHEN provider || model = '' THEN '' ELSE provider || '/' || model END",
    "day": "day",
    "project": "project",
}


@dataclass(frozen=True, slots=True)
class Booking:
    """A reservation that ends, a row that is written, or both at once."""

    reservation: str | None
    row: tuple[str | float | None, ...] | None


def storable(text: str) -> str:
    """``text`` without halves of characters (file names that are not UTF-8 have some)."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def count(number: int | None) -> int | None:
    """``number`` within what SQLite and its sums can hold."""
    return None if number is None else max(0, min(number, MOST))


def booking_of(
    record: Record, id_: str, at: float, zone: tzinfo | None, reservation: Reservation | None
) -> Booking:
    """The row of ``record``, written under ``id_`` once, however often it is tried.

    Where the cost is unknown, budgets go on counting what was reserved. ``at`` is the time if
    the record has none.
    """
    at = at if record.at is None else record.at
    cost = 0 if record.outcome == "cached" and record.cost is None else record.cost
    counted = cost if cost is not None else reservation.amount if reservation else 0
    row = (
        id_,
        at,
        local_day(at, zone),
        storable(record.project),
        storable(record.task),
        storable(record.backend),
        storable(record.provider),
        storable(record.model),
        count(record.prompt_tokens),
        count(record.completion_tokens),
        count(cost),
        count(counted),
        _seconds(record.first_token),
        _seconds(record.duration),
        storable(record.outcome),
        storable(record.fallback_of),
    )
    return Booking(reservation.id if reservation and reservation.held else None, row)


def book(connection: sqlite3.Connection, booking: Booking) -> None:
    """Writes within the caller's transaction. What is settled or released is not lost."""
    if booking.reservation is not None:
        connection.execute("DELETE FROM reservations WHERE id = ?", (booking.reservation,))
        connection.execute(
            "DELETE FROM requests WHERE id = ? AND outcome = ?", (booking.reservation, LOST)
        )
    if booking.row is not None:
        # OR IGNORE: a commit that seemed to fail may have succeeded.
        marks = ", ".join("?" * len(booking.row))
        connection.execute(f"INSERT OR IGNORE INTO requests VALUES ({marks})", booking.row)  # noqa: S608


def speeds(connection: sqlite3.Connection, now: float) -> dict[tuple[str, str], float]:
    """Median tokens per second of whole requests, by (provider, model), over the latest 50."""
    rows: Iterable[tuple[str, str, float]] = connection.execute(
        """SELECT provider, model, completion_tokens / duration FROM (
            SELECT provider, model, completion_tokens, duration, row_number() OVER (
                PARTITION BY provider, model ORDER BY at DESC) AS age
            FROM requests
            WHERE outcome = 'done' AND completion_tokens > 0 AND duration > 0 AND at > ?)
        WHERE age <= ?""",
        (now - _RECENT_SECONDS, _RECENT_ROWS),
    )
    found: Mapping[tuple[str, str], list[float]] = defaultdict(list)
    for provider, model, speed in rows:
        found[provider, model].append(speed)
    return {name: median(measured) for name, measured in found.items()}


def totals(connection: sqlite3.Connection, since: float, by: Grouping) -> tuple[Total, ...]:
    """What was asked since ``since``, by model, local day or project, in the order of names."""
    rows = connection.execute(
        f"""SELECT {_GROUPS[by]} AS name, COUNT(*),
            SUM(outcome NOT IN ('done', 'cancelled', 'cached')),
            SUM(outcome = 'cancelled'), SUM(outcome = 'cached'),
            COALESCE(SUM(prompt_tokens), 0), COALESCE(SUM(completion_tokens), 0),
            COALESCE(SUM(cost), 0), SUM(cost IS NULL)
        FROM requests WHERE at >= ? GROUP BY name ORDER BY name""",  # noqa: S608
        (since,),
    )
    return tuple(Total(*row) for row in rows)


def _seconds(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) and number >= 0 else None
