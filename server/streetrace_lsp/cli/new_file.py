"""Write a file that is not there yet: whole or not at all, and never over another one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from streetrace_lsp.cli.files import FileError


def write_new(path: Path, data: bytes, *, mode: int) -> None:
    """Make the file at ``path``. Raises `FileError`, also when something is there by now."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _put(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, FileExistsError) and os.path.lexists(path):
            raise FileError(
                f"{path} is there already; it stays as it is.", "Nothing was written."
            ) from None
        raise FileError(
            f"{path} can't be written: {error.strerror}.", "Nothing was written."
        ) from None


def keep_aside(path: Path) -> Path:
    """Move the file at ``path`` to a free name beside it, and give that. Raises `FileError`."""
    if path.is_symlink() or not path.is_file():
        raise FileError(f"{path} is no regular file.", "Move it away yourself.")
    for number in range(1, 1000):
        aside = path.with_name(f"{path.name}.old" + (f"-{number}" if number > 1 else ""))
        try:
            _put(path, aside)
        except FileExistsError:
            continue
        except OSError as error:
            raise FileError(
                f"{path} can't be kept aside: {error.strerror}.", "Nothing was written."
            ) from None
        with suppress(FileNotFoundError):
            path.unlink()
        return aside
    raise FileError(f"There are too many old files beside {path}.", "Remove some of them.")


def _put(source: Path, path: Path) -> None:
    """Give the file another name, unless that is taken. Raises ``OSError``."""
    try:
        # A link, unlike a rename, replaces nothing.
        os.link(source, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Some file systems have no links. What is made here is this process's alone.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(source.read_bytes())
        path.chmod(source.stat().st_mode & 0o777)
