"""The client of the model host: starts the child when first needed, and again after a crash."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable
from typing import Any

from .chat_call import ChatCall, Deadlines, chat_call
from .child import Child, CrashedError
from .events import BackendError, Event, Finished, Reasoning, Text, Usage
from .explain import explain, explain_crash

__all__ = ["ChatCall", "ModelHost", "chat_call"]

# A server on this machine lists its models at once, or is not there.
_LISTING = Deadlines(connect=2.0, total=5.0)


class ModelHost:
    """One child process that talks to models, for one event loop.

    ``log`` takes a line for the log; keys are already out of it. ``on_restart`` is called after
    a new child has replaced one that crashed.
    """

    def __init__(
        self, *, log: Callable[[str], None], on_restart: Callable[[], None] | None = None
    ) -> None:
        self._log = log
        self._on_restart = on_restart
        self._child: Child | None = None
        self._crashed = False
        self._closed = False
        self._starting = asyncio.Lock()
        self._ids = itertools.count(1)

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.pid if self._child and self._child.alive else None

    async def prewarm(self, adapter: str) -> None:
        """Has the child import what ``adapter`` needs, and make one call that reaches nothing.

        A failure is logged, not raised: the first request reports it in its own words.
        """
        try:
            child = await self._running()
            with child.exchange(next(self._ids)) as exchange:
                exchange.send({"op": "prewarm", "adapter": adapter})
                frame = await exchange.receive()
                exchange.finished = True
        except (CrashedError, OSError) as error:
            self._log(f"model host: prewarming {adapter} failed: {error}")
            return
        if frame["ev"] == "error":
            self._log(f"model host: prewarming {adapter} failed: {frame.get('detail', '')}")

    async def installed(self, base: str, origin: tuple[str, int]) -> list[str] | None:
        """The models that Ollama at ``base`` has, newest first; None when it does not answer.

        Nothing but ``origin`` (host, port) is contacted.
        """
        call = ChatCall("ollama", "ollama", "", "ollama", (), base, (origin,), deadlines=_LISTING)
        try:
            child = await self._running()
            with child.exchange(next(self._ids)) as exchange:
                exchange.send({"op": "models", **call.frame()})
                async with asyncio.timeout(_LISTING.total):
                    frame = await exchange.receive()
                exchange.finished = True
        except (CrashedError, OSError, TimeoutError):
            return None
        return list(frame["names"]) if frame["ev"] == "models" else None

    async def stream(self, call: ChatCall) -> AsyncGenerator[Event]:
        """The events of one reply; the last one is ``Finished``. Raises ``BackendError``.

        When the consuming task is cancelled, or the generator closed, the child is told in the
        same moment and closes the upstream connection.
        """
        try:
            child = await self._running()
        except (CrashedError, OSError) as error:
            raise explain_crash(call, f"could not be started: {error}") from error
        with child.exchange(next(self._ids), secrets=call.secrets) as exchange:
            try:
                exchange.send({"op": "chat", **call.frame()})
                while True:
                    event = _event(await exchange.receive(), call)
                    if isinstance(event, Finished):
                        exchange.finished = True
                    yield event
                    if exchange.finished:
                        return
            except BackendError:
                exchange.finished = True
                raise
            except CrashedError as error:
                exchange.finished = True
                raise explain_crash(call, str(error)) from None

    async def close(self) -> None:
        """Ends the child. Requests in flight fail as crashed; no process stays behind."""
        self._closed = True
        async with self._starting:
            child, self._child = self._child, None
        if child is not None:
            await child.close()

    async def _running(self) -> Child:
        async with self._starting:
            if self._closed:
                raise CrashedError("is closed")
            if self._child is not None and not self._child.alive:
                await self._child.close()
                self._child, self._crashed = None, True
            if self._child is None:
                self._child = await Child.start(self._log)
                if self._crashed:
                    self._crashed = False
                    self._log("model host: started again")
                    if self._on_restart is not None:
                        self._on_restart()
            return self._child


def _event(frame: dict[str, Any], call: ChatCall) -> Event:
    match frame["ev"]:
        case "text":
            return Text(frame["text"])
        case "reasoning":
            return Reasoning(frame["text"])
        case "finished":
            usage = frame.get("usage")
            return Finished(
                reason=frame["reason"],
                usage=Usage(usage["prompt_tokens"], usage["completion_tokens"]) if usage else None,
                marker=frame["marker"],
            )
        case _:
            raise explain(frame, call)
