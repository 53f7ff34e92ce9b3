"""Which file a block means: exact path, then unique suffix, else refuse. Never another file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streetrace_lsp.edits.intents import Label


def normal(path: str) -> str:
    """A path as the keys of ``files`` are written: with ``/``, without ``./``."""
    path = path.strip().replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    return path


def known_paths(path: str, files: Iterable[str]) -> list[str]:
    """The known files that a path names: itself, else all that end with it."""
    path = normal(path)
    if not path:
        return []
    names = list(files)
    if path in names:
        return [path]
    return [name for name in names if name.endswith("/" + path)]


def named_file(label: Label, files: Mapping[str, str]) -> str | None:
    """The one known file a label names, or None."""
    found = known_paths(label.path, files)
    return found[0] if len(found) == 1 else None
