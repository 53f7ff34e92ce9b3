"""Why the ledger's file can't be used, in words."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import Final, Literal

Kind = Literal["full", "closed", "busy", "newer", "damaged", "gap", "other"]

_STEPS: Final[dict[Kind, str]] = {
    "full": "Free some space",
    "closed": "Make that folder and file writable, or set STREETRACE_STATE_DIR",
    "busy": "End the program that holds it",
    "newer": "Update streetrace-lsp",
    "damaged": "Move that file away",
    "gap": "Look up at your provider what you have spent and remove that file, to count from zero",
    "other": "Move that file away, or set STREETRACE_STATE_DIR",
}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PRIMARY: Final = 0xFF


class Unusable(Exception):  # noqa: N818 - a state of the file, not an error of ours
    """The file can't be read or written. ``reason`` is a clause, ``step`` a half sentence."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason

    @property
    def step(self) -> str:
        """What a person can do, without a full stop."""
        return _STEPS[self.kind]


def of_sqlite(error: sqlite3.Error, path: Path) -> Unusable:
    """What an error of SQLite means for a person."""
    # Errors that Python's module raises by itself carry no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    match code & _PRIMARY:
        case sqlite3.SQLITE_FULL:
            return Unusable("full", f"the disk of {path} is full")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Unusable("damaged", f"{path} is damaged")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unusable("busy", f"another program holds {path}")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return Unusable("closed", f"{path} can't be written")
        case sqlite3.SQLITE_IOERR if code in _NO_ROOM:
            return Unusable("full", f"the disk of {path} takes no more")
    return Unusable("other", f"{path} can't be used ({error})")


def of_system(error: OSError, path: Path) -> Unusable:
    """What an error of the operating system means for a person."""
    if error.errno in _FULL:
        return Unusable("full", f"the disk of {path} is full")
    reason = error.strerror or type(error).__name__
    return Unusable("closed", f"{path} can't be written ({reason})")


# A quota or a limit of the file size stops the writing of a page, or of the shared memory.
_NO_ROOM: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
    }
)
