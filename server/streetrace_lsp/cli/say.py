"""What the program itself says in a shell: on standard error, and never a terminal escape."""

from __future__ import annotations

import sys

from streetrace_lsp.requests.display import escape_controls


def say(message: str) -> None:
    """Say a sentence. What a file, a model or a server put into it can't steer the terminal."""
    print(f"streetrace-lsp: {escape_controls(message)}", file=sys.stderr)
