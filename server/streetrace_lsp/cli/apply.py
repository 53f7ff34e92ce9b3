"""``streetrace-lsp apply``: apply a model's reply, pasted from anywhere, to files on disk."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from streetrace_lsp.cli.files import FileError, read_text
from streetrace_lsp.cli.give import give
from streetrace_lsp.cli.say import say
from streetrace_lsp.edits import plan
from streetrace_lsp.edits.confirm import reasons

_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv"})
# Larger files are no source that a model has read.
_LARGEST = 4 * 1024 * 1024


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "apply a model's reply, from a file or standard input, to the files it names"
    parser = subparsers.add_parser(
        "apply",
        help=words,
        description=words,
        epilog="exit status: 0 applied, or with --diff shown; 2 refused: nothing is written then",
    )
    parser.add_argument("reply", nargs="?", default="-", metavar="REPLY", help="a file, or -")
    parser.add_argument("--root", type=Path, default=Path(), help="the folder of the files")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print a unified diff (the default)")
    how.add_argument("--write", action="store_true", help="write the files")
    parser.add_argument("--partial", action="store_true", help="apply what can be applied")


def run(arguments: argparse.Namespace) -> int:
    """Apply a reply. Exit status: 0 applied, 2 refused (nothing is written then)."""
    root = arguments.root.resolve()
    if not root.is_dir():
        raise FileError(f"{root} is no folder.", "Name one with --root.")
    reply = _reply(arguments.reply)
    files = _files(root, reply)
    found = plan(reply, files, partial=arguments.partial)
    for refusal in found.refusals:
        place = f"{refusal.path}: " if refusal.path else ""
        say(f"{place}{refusal.message}")
    if not found.files:
        if not found.refusals:
            say("The reply holds no edit of a file below this folder.")
        return 2
    if arguments.write:
        for path, new in found.files.items():
            if flagged := reasons(path, files.get(path), new):
                say(f"{path}: {' '.join(flagged)} Nothing was written; look at the diff.")
                return 2
    return give(root, files, found, write=arguments.write)


def _reply(name: str) -> str:
    if name != "-":
        return read_text(Path(name))
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"The reply is not UTF-8 (byte {error.start}).") from None


def _files(root: Path, reply: str) -> dict[str, str]:
    """The text files below the root whose name the reply mentions."""
    found: dict[str, str] = {}
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in _SKIPPED)
        for name in sorted(files):
            path = Path(folder) / name
            if name not in reply or path.is_symlink() or path.stat().st_size > _LARGEST:
                continue
            try:
                found[path.relative_to(root).as_posix()] = read_text(path)
            except FileError:
                continue
    return found
