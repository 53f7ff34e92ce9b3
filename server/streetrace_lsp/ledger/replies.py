"""Answers that are kept for the very same request: by time, and up to a size."""

from __future__ import annotations

import sqlite3

from .bookings import count, storable
from .entries import CachedReply


def cached(connection: sqlite3.Connection, key: str, now: float) -> CachedReply | None:
    """The answer kept under ``key``, unless it has expired."""
    found = connection.execute(
        """SELECT text, reason, model, prompt_tokens, completion_tokens, made
        FROM replies WHERE key = ? AND made <= ? AND expires > ?""",
        (key, now, now),
    ).fetchone()
    if found is None:
        return None
    text, *rest = found
    return CachedReply(bytes(text).decode("utf-8", "surrogatepass"), *rest)


def keep(
    connection: sqlite3.Connection, key: str, reply: CachedReply, expires: float, capacity: int
) -> None:
    """Keeps ``reply`` (``made`` is set), drops what expired, then the oldest beyond ``capacity``.

    ``capacity`` is in bytes of text. An answer larger than that is not kept.
    """
    assert reply.made is not None  # noqa: S101 - the caller's clock
    text = reply.text.encode("utf-8", "surrogatepass")
    connection.execute("DELETE FROM replies WHERE expires <= ?", (reply.made,))
    forget(connection, key)
    if len(text) > capacity:
        return
    connection.execute(
        "INSERT INTO replies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            text,
            storable(reply.reason),
            storable(reply.model),
            count(reply.prompt_tokens),
            count(reply.completion_tokens),
            len(text),
            reply.made,
            expires,
        ),
    )
    _make_room(connection, key, capacity)


def forget(connection: sqlite3.Connection, key: str) -> None:
    """Drops the answer kept under ``key``."""
    connection.execute("DELETE FROM replies WHERE key = ?", (key,))


def _make_room(connection: sqlite3.Connection, newest: str, capacity: int) -> None:
    (held,) = connection.execute("SELECT SUM(size) FROM replies").fetchone()
    while held > capacity:
        row, size = connection.execute(
            "SELECT rowid, size FROM replies WHERE key != ? ORDER BY made LIMIT 1", (newest,)
        ).fetchone()
        connection.execute("DELETE FROM replies WHERE rowid = ?", (row,))
        held -= size
