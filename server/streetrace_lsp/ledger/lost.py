"""Reservations that nobody will settle: their owner died, or they expired.

The request may have been made and billed, so it becomes one of unknown cost, and all that was
reserved goes on counting. Its owner, should it live, can still settle or release it.
"""

from __future__ import annotations

import sqlite3
from datetime import tzinfo

from .bookings import LOST, book, booking_of
from .entries import Record, Reservation
from .owners import life_of


def book_lost(connection: sqlite3.Connection, now: float, zone: tzinfo | None) -> None:
    """Books what was lost, within the caller's transaction, at the time of its reservation."""
    rows = connection.execute(
        "SELECT id, project, amount, owner, expires, COALESCE(made, ?) FROM reservations", (now,)
    ).fetchall()
    # Each process is looked at once.
    dead = {owner for owner in {row[3] for row in rows} if life_of(owner) == "dead"}
    for id_, project, amount, owner, expires, made in rows:
        if owner in dead or expires <= now:
            reservation = Reservation(id_, project, amount, held=True)
            # Nobody noted more of it.
            record = Record(project, "", "", "", "", outcome=LOST, at=made)
            book(connection, booking_of(record, id_, now, zone, reservation))
