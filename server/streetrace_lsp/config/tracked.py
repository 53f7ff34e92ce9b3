"""Whether git tracks a file, read from git's index without running git.

A repository's own configuration can make git start programs (`core.fsmonitor`), so git is not
asked. Format: git's `index-format`, versions 2 and 3.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

_LARGEST: Final = 64 * 1024 * 1024
_LONGEST_NAME: Final = 0xFFF


def is_tracked(file: Path, root: Path) -> bool:
    """Whether the index of the repository around ``file``, at most at ``root``, names it.

    False where there is no readable index, or one of another version.
    """
    for folder in file.parents:
        index = folder / ".git" / "index"
        if index.is_file():
            return _names(index, file.relative_to(folder).as_posix())
        if folder == root:
            break
    return False


def _names(index: Path, name: str) -> bool:
    try:
        with index.open("rb") as stream:
            data = stream.read(_LARGEST)
    except OSError:
        return False
    if data[:4] != b"DIRC" or data[4:8] not in {b"\0\0\0\2", b"\0\0\0\3"}:
        return False
    raw = name.encode("utf-8")
    # An entry ends with 16 bits of flags, whose low 12 are the length of the name, and the name.
    length = struct.pack(">H", min(len(raw), _LONGEST_NAME))
    return length + raw + b"\0" in data
