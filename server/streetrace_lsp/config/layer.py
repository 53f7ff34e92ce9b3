"""One configuration file as it stands, and the last form of it that could be used."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .find import FileBytes
from .pin import canonical, digest, summary
from .problems import Problem
from .readable import escaped
from .watched import WatchedFile

if TYPE_CHECKING:
    from .check import Checked
    from .model import Settings
    from .partial import Partial

_READABLE_BY_OTHERS: Final = 0o077


@dataclass(frozen=True)
class Layer:
    """What a file says.

    ``settings``, ``table``, ``sha256``, ``summary`` and ``owner`` are those of the last bytes
    that could be used; ``text`` and ``problems`` those of the bytes that stand there now.
    ``settings`` is None when no usable bytes were ever seen; ``fault`` then says why.
    ``partial``: what can be read of bytes that can't be used.
    """

    path: Path
    text: str = ""
    table: dict[str, Any] | None = None
    settings: Settings | None = None
    sha256: str = ""
    summary: tuple[str, ...] = ()
    owner: int | None = None
    problems: tuple[Problem, ...] = ()
    current: bool = True
    fault: str = ""
    partial: Partial | None = None


class LayerFile:
    """A watched configuration file; parsed again only when its bytes, owner or mode change."""

    def __init__(self, path: Path, *, from_project: bool) -> None:
        self.path = path
        self._file = WatchedFile(path)
        self._from_project = from_project
        self._parsed = 0
        self._layer: Layer | None = None

    def refresh(self) -> int:
        """Looks whether the file changed; gives its version."""
        return self._file.refresh()

    def layer(self) -> Layer | None:
        """What the file says as of the last `refresh`; None when there is no file."""
        if self._parsed != self._file.version:
            self._parsed = self._file.version
            self._layer = self._read(self._layer)
        return self._layer

    def draft(self, text: str) -> Layer:
        """What the file would say if it held ``text``; owner and mode are those of the file."""
        data = text.encode("utf-8", "replace")
        found = self._file.found
        if found is None:
            owner = os.getuid() if hasattr(os, "getuid") else None
            return self._parse(FileBytes(data, (0, 0, 0, 0), owner, 0o600), None)
        return self._parse(replace(found, data=data), None)

    def _read(self, last: Layer | None) -> Layer | None:
        found = self._file.found
        if found is not None:
            return self._parse(found, last)
        if not self._file.fault:
            return None
        reason = f"{escaped(str(self.path))} can't be read: {self._file.fault}."
        problem = Problem(self.path, 0, 0, "error", "unreadable", reason)
        return self._keep(last, "", (problem,), reason)

    def _parse(self, found: FileBytes, last: Layer | None) -> Layer:
        from .check import check

        private = os.name != "posix" or not found.mode & _READABLE_BY_OTHERS
        checked = check(self.path, found.data, from_project=self._from_project, private=private)
        if checked.settings is None:
            fault = _first(self.path, checked)
            return self._keep(last, checked.text, checked.problems, fault, checked.partial)
        return Layer(
            self.path,
            checked.text,
            checked.table,
            checked.settings,
            digest(canonical(checked.table)),
            summary(checked.table),
            found.owner,
            checked.problems,
        )

    def _keep(
        self,
        last: Layer | None,
        text: str,
        problems: tuple[Problem, ...],
        fault: str,
        partial: Partial | None = None,
    ) -> Layer:
        if last is None or last.settings is None:
            return Layer(self.path, text, problems=problems, fault=fault, partial=partial)
        return Layer(
            self.path,
            text,
            last.table,
            last.settings,
            last.sha256,
            last.summary,
            last.owner,
            problems,
            current=False,
            partial=partial,
        )


def _first(path: Path, checked: Checked) -> str:
    """The error for which the file can't be used: not one that stands above it and does no harm."""
    first = checked.fatal or checked.problems[0]
    line = checked.text.count("\n", 0, first.start) + 1
    return f"{escaped(str(path))}, line {line}: {first.message} {first.suggestion}".strip()
