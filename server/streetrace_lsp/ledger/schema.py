"""The tables of ``usage.sqlite3``, and how older files come to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from .transaction import transaction

# Says whose file this is ("SLsp"), so that another program's database is never written to.
APPLICATION_ID: Final = 0x534C7370

# One tuple of statements per version; PRAGMA user_version says how many have run. What was
# released is never changed: a later version is one more tuple.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # `counted` is what budgets see: the cost, or what was reserved when the cost is unknown.
        """CREATE TABLE requests (
            id TEXT PRIMARY KEY,
            at REAL NOT NULL,
            day TEXT NOT NULL,
            project TEXT NOT NULL,
            task TEXT NOT NULL,
            backend TEXT NOT NULL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            cost INTEGER,
            counted INTEGER NOT NULL,
            first_token REAL,
            duration REAL,
            outcome TEXT NOT NULL,
            fallback_of TEXT NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX requests_by_day ON requests (day, project, counted, cost)",
        "CREATE INDEX requests_by_model ON requests (provider, model, at)",
        "CREATE INDEX requests_by_time ON requests (at)",
        """CREATE TABLE reservations (
            id TEXT PRIMARY KEY,
            project TEXT NOT NULL,
            amount INTEGER NOT NULL,
            owner TEXT NOT NULL,
            expires REAL NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE replies (
            key TEXT PRIMARY KEY,
            text BLOB NOT NULL,
            reason TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            size INTEGER NOT NULL,
            made REAL NOT NULL,
            expires REAL NOT NULL
        )""",
        "CREATE INDEX replies_by_age ON replies (made, size)",
        "CREATE INDEX replies_by_expiry ON replies (expires)",
    ),
    # A lost reservation counts in the period in which it was made.
    ("ALTER TABLE reservations ADD COLUMN made REAL",),
)
VERSION: Final = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations the file has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file is a ledger, or still empty."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return True
    return version_of(connection) == 0 and not _names(connection)


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether every table and index of this version is there, as it was made."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh)
        return _names(fresh) <= _names(connection)
    finally:
        fresh.close()


def migrate(
    connection: sqlite3.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> None:
    """Runs what has not run yet, each version whole or not at all. Raises ``sqlite3.Error``."""
    if version_of(connection) >= len(migrations):
        return
    for number, statements in enumerate(migrations, start=1):
        with transaction(connection):
            # Asked again inside: another process may have been here since.
            if version_of(connection) >= number:
                continue
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")


def _names(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(str(name), str(sql)) for name, sql in found}
