"""Where chats are kept: Markdown files in ``.streetrace/chats/`` of a workspace folder.

The folder ignores itself by a ``.gitignore`` of its own. A repository may have made any of these
names a link that leads elsewhere, so nothing is written where the real path is another one.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from streetrace_lsp.errors import StreetraceError

FOLDER = (".streetrace", "chats")
# A chat that is being written, until it takes the place of the former one; seconds after which
# nobody writes it any more.
_BEGUN, _STALE = ".chat-", 3600
_LARGEST = 16 * 1024 * 1024


class ChatFolderError(StreetraceError):
    """A chat can't be kept there."""

    is_failure = False


def is_chat(path: Path) -> bool:
    """Whether a path is that of a chat, by its name."""
    return path.suffix == ".md" and path.parts[-3:-1] == FOLDER


def refuse_chat(path: Path) -> str | None:
    """Why a chat may not be written at this path, as a clause; None when it may be."""
    if not is_chat(path):
        return "it is no chat"
    root = Path(os.path.realpath(path.parents[2]))
    if Path(os.path.realpath(path)) != root.joinpath(*FOLDER, path.name):
        return "it is a link that leads elsewhere"
    return None


def create(root: Path, text: str, name: str = "chat") -> Path:
    """Write a new chat below ``root`` and return its path: ``NAME-1.md``, or the next number.

    Raises `ChatFolderError`.
    """
    folder = root.joinpath(*FOLDER)
    if refuse_chat(folder / f"{name}-1.md"):
        raise ChatFolderError(
            f"{folder} leads elsewhere, so no chat is written there.",
            "Make .streetrace/chats a plain folder.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            # A link to nothing counts as there: what it leads to is not ours to make.
            _write_new(folder / ".gitignore", "*\n")
        _tidy(folder)
        number = 1
        while True:
            path = folder / f"{name}-{number}.md"
            try:
                _write_new(path, text)
            except FileExistsError:
                number += 1
                continue
            return path
    except OSError as error:
        raise ChatFolderError(
            f"The chat can't be written to {folder}: {error.strerror}.",
            "Make the folder writable, or free some space.",
        ) from None


def chats(root: Path) -> list[Path]:
    """The chats of a workspace folder, the one that was changed last first."""
    folder = root.joinpath(*FOLDER)
    found: list[tuple[int, Path]] = []
    for path in folder.glob("*.md") if folder.is_dir() else ():
        try:
            if refuse_chat(path) is None:
                found.append((path.stat().st_mtime_ns, path))
        except OSError:
            continue
    return [path for _, path in sorted(found, key=lambda one: (-one[0], one[1].name))]


def read(path: Path) -> str | None:
    """The text of a chat file; None where it can't be had."""
    try:
        if refuse_chat(path) or not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def replace(path: Path, text: str) -> None:
    """Write a chat file whole, atomically. Raises `ChatFolderError`."""
    if reason := refuse_chat(path):
        raise ChatFolderError(f"{path} is not written: {reason}.")
    try:
        handle, temporary = tempfile.mkstemp(prefix=_BEGUN, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "surrogatepass"))
            Path(temporary).chmod(path.stat().st_mode & 0o777)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ChatFolderError(
            f"The answer can't be written to {path}: {error.strerror}.", "Free some space."
        ) from None


def _tidy(folder: Path) -> None:
    """Remove what a program that was killed in the midst of writing left behind."""
    for left in folder.glob(f"{_BEGUN}*"):
        # Another program may do the same.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()


def _write_new(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
