"""The file of the ledger as one process uses it: opened late, reopened, with what waits.

Used by one thread. What can't be written now waits here and goes in with the next write.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from .bookings import Booking, book
from .errors import lost_entries
from .faults import Kind, Unusable, of_sqlite, of_system
from .opening import Opened, check_version, identity_of, open_for_reading, open_for_writing
from .transaction import transaction

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

_MOST_WAITING: Final = 10_000


class LedgerFile:
    """``usage.sqlite3``. ``warnings`` collects sentences for a person, each kind once."""

    def __init__(self, path: Path, clock: Callable[[], float], patience: float) -> None:
        self.path = path
        # Appended to here, taken from by another thread.
        self.warnings: deque[str] = deque()
        # How many bookings were written, or told to be lost. Read by another thread.
        self.dealt_with = 0
        self._clock = clock
        self._patience = patience
        self._opened: Opened | None = None
        self._waiting: deque[Booking] = deque(maxlen=_MOST_WAITING)
        self._warned: set[Kind] = set()

    def write(self, work: Work[Result]) -> Result:
        """Does ``work`` in one transaction, after what waits. Raises `Unusable`."""
        try:
            return self._write(work, suspect=False)
        except Unusable as fault:
            if fault.kind != "damaged":
                raise
        # Looked at closely, and set aside if it is indeed damaged.
        return self._write(work, suspect=True)

    def read(self, work: Work[Result]) -> Result:
        """Does ``work``, which only reads, even where nothing can be written. Raises `Unusable`."""
        try:
            return self._up_to_date(work)
        except Unusable as fault:
            try:
                with closing(open_for_reading(self.path)) as connection:
                    result = work(connection)
            except (Unusable, sqlite3.Error):
                raise fault from None
            self.warn(fault)
            return result

    def book(self, booking: Booking) -> None:
        """Books now, or as soon as the file can be written again. Never raises."""
        self._waiting.append(booking)
        try:
            self.write(lambda _: None)
        except Unusable as fault:
            self.warn(fault)

    def warn(self, fault: Unusable) -> None:
        """Says once for each kind of fault that the history stands still."""
        if fault.kind not in self._warned:
            self._warned.add(fault.kind)
            self.warnings.append(
                f"The usage history can't be kept, because {fault.reason}. "
                f"Requests go on without it. {fault.step}."
            )

    def close(self) -> None:
        """Writes what waits if it can be, and closes the file. A later use opens it again."""
        if self._waiting:
            try:
                self.write(lambda _: None)
            except Unusable as fault:
                self.warnings.append(lost_entries(len(self._waiting), fault.reason))
                self._done_with_waiting()
        self._let_go()

    def _write(self, work: Work[Result], *, suspect: bool) -> Result:
        try:
            connection = self._connection(suspect)
            with transaction(connection):
                # A newer editor may have migrated the file since we opened it.
                check_version(connection, self.path)
                for booking in self._waiting:
                    book(connection, booking)
                result = work(connection)
        except sqlite3.Error as error:
            self._let_go()
            raise of_sqlite(error, self.path) from error
        except Unusable:
            self._let_go()
            raise
        self._done_with_waiting()
        return result

    def _done_with_waiting(self) -> None:
        self.dealt_with += len(self._waiting)
        self._waiting.clear()

    def _up_to_date(self, work: Work[Result]) -> Result:
        if self._waiting:
            return self.write(work)
        try:
            return work(self._connection(suspect=False))
        except sqlite3.Error as error:
            self._let_go()
            fault = of_sqlite(error, self.path)
            if fault.kind != "damaged":
                raise fault from error
        return self._write(work, suspect=True)

    def _connection(self, suspect: bool) -> sqlite3.Connection:
        if self._opened is not None and (suspect or not self._is_still_there(self._opened)):
            self._let_go()
        if self._opened is None:
            self._opened = open_for_writing(
                self.path,
                now=self._clock(),
                patience=self._patience,
                suspect=suspect,
                tell=self.warnings.append,
            )
        return self._opened.connection

    def _is_still_there(self, opened: Opened) -> bool:
        # Removed by hand, or set aside by another process: what we wrote would be lost.
        try:
            return identity_of(self.path) == opened.identity
        except FileNotFoundError:
            return False
        except OSError as error:
            raise of_system(error, self.path) from error

    def _let_go(self) -> None:
        if self._opened is not None:
            with suppress(sqlite3.Error):
                self._opened.connection.close()
            self._opened = None
