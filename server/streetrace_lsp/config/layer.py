"""One configuration file as it stands, and the last form of it that could be used."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .find import FileBytes
from .findings import in_order, place
from .pin import canonical, digest, summary
from .problems import Problem
from .prompt_files import PromptFiles
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
    """A watched configuration file; parsed again only when its bytes, owner or mode change, or
    those of a prompt file beside it."""

    def __init__(self, path: Path, *, from_project: bool) -> None:
        self.path = path
        self._file = WatchedFile(path)
        self._prompts = PromptFiles(path.parent)
        self._from_project = from_project
        self._seen: tuple[int, ...] = ()
        self._version = 0
        self._parsed = 0
        self._layer: Layer | None = None

    def refresh(self) -> int:
        """Looks whether the file or one of its prompt files changed; gives its version."""
        seen = (self._file.refresh(), *self._prompts.refresh())
        if seen != self._seen:
            self._seen = seen
            self._version += 1
        return self._version

    def layer(self) -> Layer | None:
        """What the file says as of the last `refresh`; None when there is no file."""
        if self._parsed != self._version:
            self._parsed = self._version
            self._layer = self._read(self._layer)
            self._seen = (self._file.version, *self._prompts.versions())
        return self._layer

    def draft(self, text: str) -> Layer:
        """What the file would say if it held ``text``; owner and mode are those of the file."""
        data = text.encode("utf-8", "replace")
        found = self._file.found
        if found is None:
            owner = os.getuid() if hasattr(os, "getuid") else None
            found = FileBytes(data, (0, 0, 0, 0), owner, 0o600)
        # With prompt files of its own: those of the file itself stay watched.
        return self._parse(replace(found, data=data), None, PromptFiles(self.path.parent))

    def _read(self, last: Layer | None) -> Layer | None:
        found = self._file.found
        if found is not None:
            return self._parse(found, last, self._prompts)
        if not self._file.fault:
            return None
        reason = f"{escaped(str(self.path))} can't be read: {self._file.fault}."
        problem = Problem(self.path, 0, 0, "error", "unreadable", reason)
        return self._keep(last, "", (problem,), reason)

    def _parse(self, found: FileBytes, last: Layer | None, prompts: PromptFiles) -> Layer:
        from .check import check

        private = os.name != "posix" or not found.mode & _READABLE_BY_OTHERS
        checked = check(self.path, found.data, from_project=self._from_project, private=private)
        if checked.settings is None:
            fault = _first(self.path, checked)
            return self._keep(last, checked.text, checked.problems, fault, checked.partial)
        read = prompts.into(checked.settings)
        return Layer(
            self.path,
            checked.text,
            checked.table,
            read.settings,
            digest(canonical(checked.table, read.digests)),
            summary(checked.table, read.lines),
            found.owner,
            in_order(checked.problems, place(self.path, checked.text, read.findings)),
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
