"""The files that a reply speaks of besides the one it was asked about."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from streetrace_lsp.edits.paths import refuse_path

# What may be a path in prose or in a header line, without the marks around it.
_WORD = re.compile(r"[^\s`'\"<>|*?:()\[\]{},;]+")
_DIFF_SIDE = re.compile(r"^[ab]/")
# Larger files are no source that a model has read, and more names than this no reply.
_LARGEST = 4 * 1024 * 1024
_MOST = 200


def mentioned(
    root: Path, reply: str, read: Callable[[str], str | None], beside: str
) -> dict[str, str]:
    """The texts of existing files below ``root`` that ``reply`` names, by path relative to it.

    ``read`` gives a file's text, or None where it can't be had. ``beside`` is the path of the
    file that the reply is about: a name without a folder may stand next to it. Protected paths
    and what leads outside the root are never read.
    """
    found: dict[str, str] = {}
    folder = beside.rpartition("/")[0]
    for word in dict.fromkeys(_WORD.findall(reply)):
        if len(found) >= _MOST:
            break
        name = _DIFF_SIDE.sub("", word.strip(".").removeprefix("./") or word)
        for path in dict.fromkeys((word, name, f"{folder}/{name}" if folder else name)):
            if path not in found and (text := _text(root, path, read)) is not None:
                found[path] = text
    return found


def text_of(path: Path) -> str | None:
    """The text of a file as it stands on disk, or None where it can't be had."""
    try:
        if not path.is_file():
            return None
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _text(root: Path, path: str, read: Callable[[str], str | None]) -> str | None:
    if "." not in path.rpartition("/")[2] or refuse_path(path) is not None:
        return None
    place = root / path
    try:
        inside = Path(os.path.realpath(place)).is_relative_to(os.path.realpath(root))
        if not inside or not place.is_file() or place.stat().st_size > _LARGEST:
            return None
    except (OSError, ValueError):
        return None
    return read(path)
