"""Give a plan to the shell: as a unified diff, or into the files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from streetrace_lsp.cli.files import FileError, delete_file, read_text, write_text
from streetrace_lsp.cli.say import say
from streetrace_lsp.edits import Plan
from streetrace_lsp.requests.display import escape_controls
from streetrace_lsp.review.unified import unified


def give(root: Path, bases: Mapping[str, str], plan: Plan, *, write: bool) -> int:
    """Print the plan as a diff, or write its files. Exit status 0, or 2 when refused.

    ``bases`` are the texts that the plan was made for. When a later file can't be written the
    earlier ones are put back.
    """
    for path in plan.files:
        if path not in bases and os.path.lexists(root / path):
            say(f"{path} is there already, and is no text that can be edited. Nothing was done.")
            return 2
    if not write:
        for path, new in plan.files.items():
            shown = unified(path, bases.get(path), new)
            print(escape_controls(shown) if sys.stdout.isatty() else shown, end="")
        return 0
    done: list[str] = []
    try:
        for path, new in plan.files.items():
            _put(root, path, new, expected=bases.get(path))
            done.append(path)
    except FileError as error:
        for path in reversed(done):
            _put(root, path, bases.get(path), expected=plan.files[path])
        say(f"{error.sentence} Nothing was written.")
        return 2
    for path in done:
        say(f"Wrote {path}." if plan.files[path] is not None else f"Deleted {path}.")
    return 0


def _put(root: Path, path: str, new: str | None, *, expected: str | None) -> None:
    if new is not None:
        write_text(root, path, new, expected=expected)
        return
    if read_text(root / path) != expected:
        raise FileError(f"{path} has changed meanwhile.", "Run it again.")
    delete_file(root, path)
