"""``streetrace-lsp serve``: speak LSP over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from streetrace_lsp.lsp import logging_setup
from streetrace_lsp.lsp.server import create


def serve(user_dir: Path, state_dir: Path) -> int:
    """Serve one editor until it says ``exit`` or closes the pipe."""
    # Nothing but LSP may reach the client's pipe, whoever prints: keep it for us alone.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server = create(user_dir, state_dir)
    logging_setup.set_up(server)
    try:
        server.start_io(stdout=channel)
    except (asyncio.CancelledError, BrokenPipeError):
        # The editor is gone. The model host ends with our end of its pipe.
        return 1
    return 0 if server.was_shut_down else 1
