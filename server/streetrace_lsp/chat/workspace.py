"""The files of a workspace folder that may be sent: for search, symbols and completion."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from streetrace_lsp.chat.attach import ALONE, Refusal, attach, refuse
from streetrace_lsp.prompts.withheld import Rules

# What is made from other files, or fetched.
_SKIPPED: Final = frozenset(
    {"node_modules", "__pycache__", "venv", "env", "dist", "build", "target", "vendor"}
)
_MOST: Final = 5_000
_BINARY: Final = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".pdf", ".zip", ".gz", ".xz", ".tar"),
        *(".so", ".dll", ".dylib", ".exe", ".o", ".a", ".pyc", ".class", ".jar", ".wasm", ".woff"),
        *(".woff2", ".ttf", ".mp3", ".mp4", ".db", ".sqlite", ".lock", ".min.js", ".map"),
    }
)


def paths(root: Path, rules: Rules = ALONE) -> Iterator[str]:
    """The files below ``root`` by relative path, hidden folders and products left out."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _SKIPPED
        )
        for name in sorted(names):
            path = (Path(folder) / name).relative_to(root).as_posix()
            if name.endswith(tuple(_BINARY)) or refuse(root, path, rules) is not None:
                continue
            yield path
            count += 1
            if count >= _MOST:
                return


def texts(
    root: Path, opened: Callable[[Path], str | None], rules: Rules = ALONE
) -> Iterator[tuple[str, str]]:
    """The files that may be sent, with their texts; open ones as they are in the editor."""
    for path in paths(root, rules):
        text = attach(root, path, opened, rules)
        if not isinstance(text, Refusal):
            yield path, text
