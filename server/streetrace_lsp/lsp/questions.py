"""Questions to the person that several requests may have at the same moment: each is put once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from streetrace_lsp.lsp.held_command import release

T = TypeVar("T")


@dataclass
class _Open:
    task: asyncio.Task[Any]
    waiting: int = 0


class Questions:
    """Those that nobody has answered yet."""

    def __init__(self) -> None:
        self._open: dict[Hashable, _Open] = {}

    async def once(self, what: Hashable, put: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer to ``what``, which ``put`` asks for unless somebody else does so already.

        The question is withdrawn when nobody waits for its answer any more.
        """
        release()
        found = self._open.get(what)
        if found is None:
            found = self._open[what] = _Open(asyncio.ensure_future(put()))
            found.task.add_done_callback(lambda task: self._answered(what, task))
        found.waiting += 1
        try:
            return cast(T, await asyncio.shield(found.task))
        finally:
            found.waiting -= 1
            if not found.waiting and not found.task.done():
                # Whoever comes next asks anew.
                self._open.pop(what, None)
                found.task.cancel()

    def _answered(self, what: Hashable, task: asyncio.Task[Any]) -> None:
        found = self._open.get(what)
        if found is not None and found.task is task:
            del self._open[what]
