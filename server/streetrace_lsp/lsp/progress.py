"""One line of progress in the editor: work-done progress where the client has it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

# Clients redraw at every report, so no more than this many seconds' worth of them.
_PAUSE = 0.1


class ProgressLine:
    """A cancellable work-done progress (LSP 3.17, "Work Done Progress").

    Reports before the client has agreed to the token are kept; only the newest is sent.
    """

    def __init__(self, server: StreetraceServer, title: str) -> None:
        self.token = uuid.uuid4().hex
        self._server = server
        self._title = title
        self._message = "Starting"
        self._news = asyncio.Event()
        self._ended: str | None = None
        self._task = asyncio.create_task(self._run()) if server.profile.progress else None

    def report(self, message: str) -> None:
        """Show this message from now on."""
        self._message = message
        self._news.set()

    async def end(self, message: str, patience: float | None = None) -> None:
        """Close the progress with a last message, and wait until that is sent.

        No longer than ``patience`` seconds: it is sent when the client has agreed to the token.
        """
        self._ended = message
        self._news.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=patience)

    async def _run(self) -> None:
        create = self._server.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE,
            types.WorkDoneProgressCreateParams(token=self.token),
        )
        try:
            async with asyncio.timeout(10):
                await create
        except Exception:
            return
        self._send(
            types.WorkDoneProgressBegin(title=self._title, cancellable=True, message=self._message)
        )
        while self._ended is None:
            self._news.clear()
            self._send(types.WorkDoneProgressReport(cancellable=True, message=self._message))
            await self._news.wait()
            if self._ended is None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_PAUSE):
                        await self._until_ended()
        self._send(types.WorkDoneProgressEnd(message=self._ended))

    async def _until_ended(self) -> None:
        while self._ended is None:
            self._news.clear()
            await self._news.wait()

    def _send(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        self._server.protocol.notify(
            types.PROGRESS, types.ProgressParams(token=self.token, value=value)
        )
