"""Opening ``usage.sqlite3``: made privately, checked, migrated; set aside when it is damaged."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from streetrace_lsp.config.find import is_foreign
from streetrace_lsp.config.lockfile import locked

from .faults import Unusable, of_sqlite, of_system
from .schema import VERSION, is_ours, is_whole, migrate, version_of

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_ASIDE: Final = re.compile(r"\.damaged-(\d{8}T\d{6}Z)(?:-\d+)?")
_OTHERS: Final = 0o077

Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection in autocommit mode, and which file it is."""

    connection: sqlite3.Connection
    identity: Identity


def open_for_writing(
    path: Path, *, now: float, patience: float, suspect: bool, tell: Callable[[str], None]
) -> Opened:
    """Opens the ledger at ``path``, and makes it, with its folder, where there is none.

    A damaged file, or one of another program, is renamed, and a person told. ``suspect`` looks
    at every page for damage. ``patience``: seconds to wait for another process that writes.
    Raises `Unusable`.
    """
    try:
        # One process at a time, or two would set aside what the first has just begun anew.
        with locked(path):
            _make_sure_of(path)
            try:
                connection = _prepared(path, patience, suspect)
            except Unusable as fault:
                if fault.kind != "damaged":
                    raise
                aside = _set_aside(path, now)
                tell(
                    f"The usage history {path} was damaged or not ours. It is now at {aside}, "
                    "and a new one is begun."
                )
                _make_sure_of(path)
                connection = _prepared(path, patience, suspect=False)
            return Opened(connection, identity_of(path))
    except OSError as error:
        raise of_system(error, path) from error


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Opens what is there without writing anything. Raises `Unusable`."""
    attempts = ["mode=ro"]
    if not _has_content(Path(f"{path}-wal")):
        # In a folder that can't be written there is no place for the shared memory of WAL.
        # With no log beside it the file is complete without.
        attempts.append("mode=ro&immutable=1")
    fault: Unusable | None = None
    for options in attempts:
        try:
            connection = _connect(path, options, patience=0)
        except sqlite3.Error as error:
            fault = of_sqlite(error, path)
            continue
        try:
            if is_ours(connection) and version_of(connection):
                return connection
            fault = Unusable("damaged", f"{path} is not a usage history")
        except sqlite3.Error as error:
            fault = of_sqlite(error, path)
        connection.close()
    raise fault or Unusable("other", f"{path} can't be read")


def identity_of(path: Path) -> Identity:
    """Which file is at ``path`` now. Raises ``OSError``."""
    found = path.stat()
    return found.st_dev, found.st_ino


def set_aside_since(path: Path, since: float) -> Path | None:
    """A damaged ledger beside ``path`` that may hold requests made at ``since`` or later.

    Raises `Unusable`.
    """
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError as error:
        raise of_system(error, path) from error
    for name in names:
        named = _ASIDE.fullmatch(name.removeprefix(path.name))
        if named is None:
            continue
        stamp = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC).timestamp()
        # The name has whole seconds.
        if stamp + 1 > since:
            return path.with_name(name)
    return None


def _make_sure_of(path: Path) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        # An existing file is not opened here: to close it would give up the locks that other
        # connections of this process have on it.
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise Unusable("closed", f"{path} is not a regular file") from None
        if os.name == "posix":
            if is_foreign(found.st_uid):
                raise Unusable("closed", f"{path} belongs to another user") from None
            if found.st_mode & _OTHERS:
                path.chmod(0o600)


def _prepared(path: Path, patience: float, suspect: bool) -> sqlite3.Connection:
    try:
        connection = _connect(path, "mode=rw", patience)
        try:
            _prepare(connection, path, suspect)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise of_sqlite(error, path) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, suspect: bool) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    if not is_ours(connection):
        raise Unusable("damaged", f"{path} is not a usage history")
    check_version(connection, path)
    with suppress(sqlite3.OperationalError):
        # Where it can't be (somebody reads right now, some network folders) the older way of
        # SQLite is as safe, only slower.
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection)
    if not is_whole(connection):
        raise Unusable("damaged", f"{path} lacks a table")
    if suspect and connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise Unusable("damaged", f"{path} is damaged")


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `Unusable` where a newer version of ours has taken the file over."""
    if (found := version_of(connection)) > VERSION:
        raise Unusable(
            "newer",
            f"{path} was made by a newer streetrace-lsp (format {found}, this one knows {VERSION})",
        )


def _set_aside(path: Path, now: float) -> Path:
    beginning = f"{path}.damaged-{datetime.fromtimestamp(now, UTC).strftime(_STAMP)}"
    aside, number = Path(beginning), 1
    while aside.exists():
        number += 1
        aside = Path(f"{beginning}-{number}")
    # The log first: if this process dies in between, the rest is still found damaged.
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    return aside


def _connect(path: Path, options: str, patience: float) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(address, timeout=patience, isolation_level=None, uri=True)


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
