"""Read and write source files: exact, inside the root, and whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from streetrace_lsp.config.find import CONFIG_NAME, is_foreign
from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.errors import StreetraceError

_HAS_HANDLES = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd


class FileError(StreetraceError):
    """A file could not be read or written; it is as it was."""


def located(given: str | Path) -> Path:
    """A path that a person gave, absolute and without ``..`` or links on the way.

    What it belongs to is decided by where it really is.
    """
    return Path(os.path.realpath(given))


def workspace_root(path: Path) -> Path:
    """The root of what belongs together with ``path``.

    That is `repository_or_here`, or, without a repository and a configuration in there, the nearest
    folder above with a configuration of ours.
    """
    root = repository_or_here(path)
    if (root / ".git").exists():
        return root
    nearest = next((folder for folder in path.parents if _is_own(folder / CONFIG_NAME)), root)
    return root if nearest.is_relative_to(root) else nearest


def repository_or_here(path: Path) -> Path:
    """The repository of ``path``, or the current folder if it is in there, or else its own.

    A repository counts by its ``.git`` entry alone; git itself is never run.
    """
    here = located(Path.cwd())
    for folder in path.parents:
        if (folder / ".git").exists():
            return folder
    return here if path.is_relative_to(here) else path.parent


def _is_own(path: Path) -> bool:
    """Whether a file is there and ours: above a project, such as in /tmp, anybody may put one."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return not is_foreign(found.st_uid if hasattr(os, "getuid") else None)
    return False


def read_text(path: Path) -> str:
    """The text of a UTF-8 file with its line ends and byte order mark as they are."""
    try:
        if path.exists() and not path.is_file():
            raise FileError(f"{path} is not a regular file.")
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror}.") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path} is not UTF-8 (byte {error.start}).", "Convert it, then try again."
        ) from None


def write_text(root: Path, relative: str, text: str, *, expected: str | None) -> None:
    """Replace or create a file below ``root`` atomically.

    ``relative`` uses '/'. ``expected`` is the text the edit was made for (None: the file must
    not exist); when the file holds something else by now nothing is written. No component of
    the path may be a symbolic link: it is walked by directory handles where the system has
    them, so that a link swapped in meanwhile does not help.
    """
    if reason := refuse_path(relative):
        raise FileError(f"{relative} is not written: {reason}.", "Edit it yourself.")
    path = root / relative
    _check_inside(root, path)
    if (read_text(path) if path.exists() else None) != expected:
        raise FileError(f"{relative} has changed meanwhile.", "Run it again.")
    data = text.encode("utf-8")
    try:
        if _HAS_HANDLES:
            _write_by_handle(root, relative.split("/"), data)
        else:
            _write_by_path(path, data)
    except OSError as error:
        raise FileError(
            f"{relative} can't be written: {error.strerror}.", "The file is as it was."
        ) from None


def delete_file(root: Path, relative: str) -> None:
    """Delete a file below ``root``; the same places are refused as for writing."""
    if reason := refuse_path(relative):
        raise FileError(f"{relative} is not deleted: {reason}.", "Delete it yourself.")
    path = root / relative
    _check_inside(root, path)
    try:
        path.unlink()
    except OSError as error:
        raise FileError(f"{relative} can't be deleted: {error.strerror}.") from None


def _check_inside(root: Path, path: Path) -> None:
    real = Path(os.path.realpath(path.parent)) / path.name
    if path.is_symlink():
        raise FileError(f"{path} is a link.", "Name the file that it leads to.")
    if not real.is_relative_to(os.path.realpath(root)):
        raise FileError(f"{path} leads outside {root}.", "Name a file of the project.")


def _write_by_handle(root: Path, parts: list[str], data: bytes) -> None:
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in parts[:-1]:
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, dir_fd=folder)
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        name, mode = parts[-1], 0o644
        with contextlib.suppress(FileNotFoundError):
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(0, "it is not a regular file")
            mode = stat.S_IMODE(found.st_mode)
        temporary = f".{name}.{secrets.token_hex(6)}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        handle = os.open(temporary, flags, mode, dir_fd=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
    finally:
        os.close(folder)


def _write_by_path(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
