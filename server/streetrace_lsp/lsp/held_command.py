"""A command whose answer the client waits for, and does nothing else meanwhile: Eglot's.

Eglot tells of what was typed in the buffer at hand and runs the command; until the answer comes
no key is read. So an edit that comes before the answer meets the very text that the server knows.
A question that comes before the answer, or together with it, is lost: what ends the waiting ends
the question as well (``jsonrpc-request`` leaves by a ``throw``, a moment after the answer).
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp")

# How long the answer is held back at most, and how long a client may take to any request, in
# seconds. Eglot gives a command up after 10.
_HOLDING = 2.0
_ROUND_TRIP = 30.0


class HeldCommand:
    """One command: ``uri`` is the document in which it was chosen."""

    def __init__(self, uri: str | None) -> None:
        self.uri = uri
        # What it started and what ends with an edit at once.
        self.edit: asyncio.Task[Any] | None = None
        self.answered = asyncio.Event()
        self._released = asyncio.Event()

    @property
    def is_held(self) -> bool:
        """Whether the client waits for its answer for sure."""
        return not self._released.is_set()

    def release(self) -> None:
        """There is nothing more to wait for."""
        self._released.set()

    async def wait_for(self, task: asyncio.Task[Any]) -> bool:
        """Whether the task was done before the command was released."""
        released = asyncio.ensure_future(self._released.wait())
        try:
            await asyncio.wait({task, released}, return_when="FIRST_COMPLETED")
        finally:
            released.cancel()
        return task.done()


# The jobs that a command starts inherit it.
_current: ContextVar[HeldCommand | None] = ContextVar("held_command", default=None)


def holding(
    server: StreetraceServer, handler: Callable[..., Any]
) -> tuple[HeldCommand, Callable[..., Any]]:
    """A command, and what runs ``handler`` in it until the client may go on."""
    command = HeldCommand(server.acted_in)

    async def run(*given: Any, **named: Any) -> Any:
        _current.set(command)
        result = handler(*given, **named)
        if inspect.isawaitable(result):
            task = asyncio.ensure_future(result)
            server.keep(task)
            if not await command.wait_for(task):
                return None
            result = task.result()
        if command.edit is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_HOLDING):
                    await command.wait_for(command.edit)
        command.release()
        return result

    return command, run


def edits_at_once(task: asyncio.Task[Any]) -> None:
    """The command that runs is for an edit, which this task brings in without asking a model."""
    command = _current.get()
    if command is not None:
        command.edit = task


def release() -> None:
    """What comes now takes longer than a client should wait."""
    command = _current.get()
    if command is not None:
        command.release()


def refuse_edit(server: StreetraceServer, uri: str) -> str | None:
    """Why this client can't be sent an edit of a document now, as a clause, or None.

    Where it may overwrite what it has not told of, it has to wait for a command in that document.
    """
    if not server.profile.overwrites:
        return None
    command = _current.get()
    if command is not None and command.uri != uri:
        path = server.settings.relative(uri)
        return f"Emacs takes edits of {path} only by a code action in it, or with streetrace.el"
    if command is None or not command.is_held:
        return "Emacs takes edits only in answer to a code action; choose it again"
    return None


async def before_question(server: StreetraceServer) -> None:
    """Return when the client is sure to read a question."""
    if not server.profile.waits_for_commands:
        return
    command = _current.get()
    if command is not None:
        command.release()
        await command.answered.wait()
    # A reply to what was sent after the answer comes when the waiting is over.
    request = server.protocol.send_request_async(types.WORKSPACE_WORKSPACE_FOLDERS, None)
    try:
        async with asyncio.timeout(_ROUND_TRIP):
            await request
    except Exception:
        log.info("the client did not answer before a question")
