"""``streetrace-lsp serve``: speak LSP over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from pygls.io_ import run_async

from streetrace_lsp.lsp import logging_setup
from streetrace_lsp.lsp.server import StreetraceServer, create
from streetrace_lsp.lsp.transport import Writer, read_from

# How long the records of cancelled requests may take, in seconds: another program may hold the
# ledger, and whoever ends the server waits.
_SETTLED_WITHIN: Final = 0.2


def serve(
    user_dir: Callable[[], Path], state_dir: Callable[[], Path], model: str | None = None
) -> int:
    """Serve one editor until it says ``exit`` or closes the pipe, or Ctrl-C.

    However it ends, running requests are cancelled and booked, and what was started is ended.

    ``model``: the target that the command line names; it goes before every configuration.

    Returns 0 when the client said ``shutdown`` first, else 1 (LSP 3.17, "Exit Notification").
    """
    # Nothing but LSP may reach the client's pipe, whoever prints: keep it for us alone.
    incoming, outgoing = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server = create(user_dir, state_dir)
    server.model_flag = model
    logging_setup.set_up(server)
    writer = Writer(outgoing)
    server.protocol.set_writer(writer)
    try:
        asyncio.run(_listen(server, incoming))
    except (SystemExit, KeyboardInterrupt, asyncio.IncompleteReadError):
        # `exit`, an editor that is gone, or somebody ends us.
        pass
    finally:
        writer.close()
    return 0 if server.was_shut_down else 1


async def _listen(server: StreetraceServer, incoming: int) -> None:
    try:
        await run_async(
            stop_event=threading.Event(),
            reader=read_from(incoming),
            protocol=server.protocol,
            error_handler=server.report_server_error,
        )
    finally:
        # After ``shutdown`` nothing is left to do.
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLED_WITHIN):
                await server.jobs.close()
        await server.close()
