"""The target that a person switched to in the editor, remembered for each project."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from streetrace_lsp.errors import StreetraceError

from .find import is_foreign
from .lockfile import locked, write_private
from .trust import real
from .watched import WatchedFile

_NAME: Final = "switches.json"
_FORMAT: Final = 1
_WRITABLE_BY_OTHERS: Final = 0o022
# Stands for documents outside every project.
_NO_PROJECT: Final = "none"


class SwitchError(StreetraceError):
    """A switch could not be recorded; nothing has changed."""


class SwitchStore:
    """``switches.json`` in the state folder: mode 0600, locked while it changes, replaced whole.

    Asking costs one stat; what another process wrote is noticed.
    """

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / _NAME
        self._file = WatchedFile(self.path, follow=False)
        self._seen: tuple[int, dict[str, str]] = (-1, {})

    def target(self, root: Path | None) -> str | None:
        """The target remembered for the workspace folder ``root`` (None: for no folder).

        A file that is damaged, or that others could have written, remembers nothing.
        """
        version = self._file.refresh()
        if self._seen[0] != version:
            self._seen = (version, _read(self._file))
        return self._seen[1].get(_key(root))

    def remember(self, root: Path | None, target: str | None) -> None:
        """Remembers ``target`` for ``root``; None forgets. Raises `SwitchError`."""
        try:
            with locked(self.path):
                # By a look of its own: another process may just have written.
                fresh = WatchedFile(self.path, follow=False)
                fresh.refresh()
                targets = _read(fresh)
                targets.pop(_key(root), None)
                if target:
                    targets[_key(root)] = target
                data = {"version": _FORMAT, "targets": dict(sorted(targets.items()))}
                write_private(self.path, json.dumps(data, indent=1).encode())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SwitchError(
                f"The model could not be remembered in {self.path}: {reason}.",
                "Make the folder writable, or set STREETRACE_STATE_DIR.",
            ) from None


def _key(root: Path | None) -> str:
    return real(root) if root is not None else _NO_PROJECT


def _read(file: WatchedFile) -> dict[str, str]:
    found = file.found
    if found is None or is_foreign(found.owner):
        return {}
    if os.name == "posix" and found.mode & _WRITABLE_BY_OTHERS:
        return {}
    try:
        data = json.loads(found.data)
        targets = data["targets"] if data["version"] == _FORMAT else {}
        return {str(root): target for root, target in targets.items() if isinstance(target, str)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
