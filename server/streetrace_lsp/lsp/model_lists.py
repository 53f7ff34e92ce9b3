"""The models that the servers of backends list, asked for when somebody writes a model's name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer

# Seconds that a list is good for, and that a completion waits for it.
_FRESH: Final = 30.0
_WAIT: Final = 0.5


@dataclass
class _List:
    asked: float
    task: asyncio.Task[None]
    models: tuple[str, ...] = ()


class ModelLists:
    """The lists of one session, by backend."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        self._lists: dict[str, _List] = {}

    def of(self, backend: str) -> tuple[str, ...]:
        """What the backend's server listed last; nothing where it was not asked or did not say."""
        found = self._lists.get(backend)
        return found.models if found is not None else ()

    async def look(self, saved: Configuration, backend: str) -> None:
        """Ask the server, unless that was done a moment ago; wait for it, but not for long.

        ``saved`` is configuration that a person agreed to: nobody else's servers are asked.
        """
        now = asyncio.get_running_loop().time()
        found = self._lists.get(backend)
        if found is None or (now - found.asked >= _FRESH and found.task.done()):
            before = found.models if found is not None else ()
            task = asyncio.ensure_future(self._ask(saved, backend))
            found = self._lists[backend] = _List(now, task, before)
            self._server.keep(task)
        await asyncio.wait({found.task}, timeout=_WAIT)

    def forget(self) -> None:
        """Ask anew next time."""
        self._lists.clear()

    async def _ask(self, saved: Configuration, backend: str) -> None:
        from streetrace_lsp.routing.inventory import inventory

        try:
            async for found in inventory(saved, self._server.session.host, backend):
                models = tuple(row.model.name for row in found.rows if row.listed)
                self._lists[backend].models = models
        except StreetraceError:
            return
