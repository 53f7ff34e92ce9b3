"""One file that is read again only when it changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from .find import FileBytes, Fingerprint, UnreadableError, fingerprint, read_file

# A file this young may change once more within one tick of its file system's clock (FAT: 2 s).
_UNSETTLED_NS: Final = 2_500_000_000


class WatchedFile:
    """The last bytes of the file at ``path``.

    ``found`` is None while there is no file or it can't be read; ``fault`` then says why it
    can't. ``version`` grows whenever one of them, the owner or the mode changes. ``read`` reads
    the file: `find.read_file`, or one that is choosier.
    """

    def __init__(
        self,
        path: Path,
        *,
        follow: bool = True,
        read: Callable[[Path], FileBytes] | None = None,
    ) -> None:
        self.path = path
        self.found: FileBytes | None = None
        self.fault = ""
        self.version = 0
        self._read_file = read or partial(read_file, follow=follow)
        self._fingerprint: Fingerprint | None = None
        self._settled = False

    def refresh(self) -> int:
        """Reads the file if it may have changed; gives the version. Costs one stat if not."""
        now = fingerprint(self.path)
        if self.version and now == self._fingerprint and (now is None or self._settled):
            return self.version
        before = (self._content(), self.fault)
        self.found, self.fault = self._read()
        self._fingerprint = self.found.fingerprint if self.found else now
        self._settled = self.found is None or (
            abs(time.time_ns() - max(self.found.fingerprint[0], self.found.fingerprint[3]))
            > _UNSETTLED_NS
        )
        if not self.version or before != (self._content(), self.fault):
            self.version += 1
        return self.version

    def _read(self) -> tuple[FileBytes | None, str]:
        try:
            return self._read_file(self.path), ""
        except FileNotFoundError:
            return None, ""
        except UnreadableError as error:
            return None, str(error)

    def _content(self) -> tuple[bytes, int | None, int] | None:
        return (self.found.data, self.found.owner, self.found.mode) if self.found else None
