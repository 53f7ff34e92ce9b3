"""What waits for a person, on the disk: it survives a restart of server and editor.

One file for each document under review or each result that is not applied, in the user's state
folder. It holds source code, so only its owner can read it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streetrace_lsp.config.lockfile import write_private

# Records that are kept, the newest; for how long, in seconds; and how large one may be.
_RECORDS = 200
_AGE = 30 * 24 * 3600
_BYTES = 4 * 1024 * 1024


class Journal:
    """The records of a folder, by the URI of their document or another name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, record: dict[str, Any]) -> bool:
        """Replace a record, whole or not at all; False where it is too large to keep.

        Raises OSError.
        """
        data = json.dumps(record).encode("ascii")
        if len(data) > _BYTES:
            self.drop(name)
            return False
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path(name), data)
        return True

    def has(self, name: str) -> bool:
        """Whether there is a record."""
        return self._path(name).exists()

    def read(self, name: str) -> Any:
        """A record, or None where there is none that can be read."""
        return _read(self._path(name))

    def drop(self, name: str) -> None:
        """Delete a record. Raises OSError."""
        self._path(name).unlink(missing_ok=True)

    def records(self) -> Iterator[Any]:
        """Every record, the oldest first; what is too old, or too many, is deleted."""
        try:
            found = [(path.stat().st_mtime, path) for path in self._folder.glob("*.json")]
        except OSError:
            return
        found.sort()
        limit = time.time() - _AGE
        for place, (written, path) in enumerate(found):
            if written < limit or place < len(found) - _RECORDS:
                path.unlink(missing_ok=True)
            elif (record := _read(path)) is not None:
                yield record

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > _BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
