"""Logs: structured lines on stderr, and to the client at the trace level it asks for."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
_FORMAT = "%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"


class _Escaping(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return escape_controls(super().format(record))


class _ToClient(logging.Handler):
    """``window/logMessage`` for the trace levels ``messages`` and ``verbose``."""

    def __init__(self, server: StreetraceServer) -> None:
        super().__init__()
        self._server = server

    def emit(self, record: logging.LogRecord) -> None:
        trace = self._server.protocol.trace
        verbose = trace == types.TraceValue.Verbose
        if trace == types.TraceValue.Off or (record.levelno < logging.INFO and not verbose):
            return
        kind = types.MessageType.Log
        if record.levelno >= logging.ERROR:
            kind = types.MessageType.Error
        elif record.levelno >= logging.WARNING:
            kind = types.MessageType.Warning
        self._server.window_log_message(
            types.LogMessageParams(type=kind, message=self.format(record))
        )


def set_up(server: StreetraceServer) -> None:
    """Send our logs to stderr and to the client. ``STREETRACE_LOG`` sets the level.

    pygls logs whole payloads, prompts and source among them, below WARNING: it is kept at
    ERROR whatever the level.
    """
    level = _LEVELS.get(os.environ.get("STREETRACE_LOG", "").lower(), logging.INFO)
    ours = logging.getLogger("streetrace_lsp")
    ours.setLevel(level)
    ours.propagate = False
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(_Escaping(_FORMAT))
    to_client = _ToClient(server)
    to_client.setFormatter(_Escaping("%(name)s: %(message)s"))
    ours.handlers = [to_stderr, to_client]
    # Warnings and errors of pygls itself may quote a message's parameters.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
