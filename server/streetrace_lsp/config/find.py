"""Which `.streetrace.toml` holds for a document, and reading a file without being led astray."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONFIG_NAME: Final = ".streetrace.toml"
LARGEST: Final = 1024 * 1024

# (modification time in ns, size, inode, change time in ns)
Fingerprint = tuple[int, int, int, int]


class UnreadableError(Exception):
    """The file can't be used; the reason is a short phrase for the user."""


@dataclass(frozen=True, slots=True)
class FileBytes:
    """What was read by one handle: the bytes, and what the system said of that very file.

    ``owner`` is the numeric user, None on systems without one; ``mode`` the permission bits.
    """

    data: bytes
    fingerprint: Fingerprint
    owner: int | None
    mode: int


def find_config(document: Path | None, root: Path | None) -> Path | None:
    """The nearest `.streetrace.toml` from ``document`` up to ``root``, never above it.

    Both paths are absolute. Without a root there is no project file. A document outside the
    root, or none, gets the root's own file.
    """
    if root is None:
        return None
    top = os.path.normpath(root)
    folder = os.path.normpath(document.parent) if document is not None else top
    if folder != top and not folder.startswith(top.rstrip(os.sep) + os.sep):
        folder = top
    while True:
        candidate = os.path.join(folder, CONFIG_NAME)  # noqa: PTH118 # twice as fast
        try:
            mode = os.lstat(candidate).st_mode
        except (OSError, ValueError):
            mode = 0
        if mode:
            return Path(candidate)
        if folder == top:
            return None
        folder = os.path.dirname(folder)  # noqa: PTH120


def inside(path: Path, root: Path) -> bool:
    """Whether the real ``path`` lies in the real ``root``, component by component."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def fingerprint(path: Path) -> Fingerprint | None:
    """What changes when the file at ``path`` does; None when there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return _fingerprint(found)


def read_file(path: Path, *, follow: bool = True, largest: int = LARGEST) -> FileBytes:
    """The bytes of the regular file at ``path``.

    Raises ``FileNotFoundError``, or `UnreadableError` for anything but a readable regular file
    of at most ``largest`` bytes. ``follow=False`` refuses a symbolic link.
    """
    # O_NONBLOCK: opening a FIFO must not wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow:
        if path.is_symlink():
            raise UnreadableError("it is a symbolic link")
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        if path.is_symlink():
            raise UnreadableError("it is a link to nothing") from None
        raise
    except OSError as error:
        raise UnreadableError(error.strerror or "it can't be opened") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        # `os.fdopen` would refuse a folder with an error of its own.
        os.close(handle)
        raise UnreadableError("it is not a regular file")
    with os.fdopen(handle, "rb") as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise UnreadableError(f"it is larger than {_size(largest)}")
    owner = found.st_uid if hasattr(os, "getuid") else None
    return FileBytes(data, _fingerprint(found), owner, stat.S_IMODE(found.st_mode))


def _size(largest: int) -> str:
    return f"{largest >> 20} MiB" if largest >> 20 else f"{largest >> 10} KiB"


def owner_name(owner: int) -> str:
    """The name of a numeric user, or its number where it has none."""
    try:
        import pwd

        return pwd.getpwuid(owner).pw_name
    except (ImportError, KeyError):
        return f"user {owner}"


def is_foreign(owner: int | None) -> bool:
    """Whether a file's owner is somebody other than the user of this process."""
    return owner is not None and owner != os.getuid()


def _fingerprint(found: os.stat_result) -> Fingerprint:
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns
