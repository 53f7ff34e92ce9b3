"""The client of the model host: starts the child when first needed, and again after a crash."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final

from .chat_call import ChatCall, Deadlines, chat_call
from .child import Child, CrashedError
from .events import (
    BackendError,
    Event,
    Finished,
    Reasoning,
    Text,
    ToolCall,
    ToolCallPiece,
    Usage,
)
from .explain import explain, explain_crash

__all__ = ["ChatCall", "ModelHost", "chat_call"]

# A server on this machine lists its models at once, or is not there.
_LISTING: Final = Deadlines(connect=2.0, total=5.0)

MEMORY: Final = 1024
_MIB: Final = 1024 * 1024


class ModelHost:
    """One child process that talks to models, for one event loop.

    ``log`` takes a line for the log; keys are already out of it. ``on_restart`` is called after
    a new child has replaced one that crashed. ``memory``: the MiB beyond which a child that has
    given a reply is replaced.
    """

    def __init__(
        self,
        *,
        log: Callable[[str], None],
        on_restart: Callable[[], None] | None = None,
        memory: int = MEMORY,
    ) -> None:
        self.memory = memory
        self._log = log
        self._on_restart = on_restart
        self._child: Child | None = None
        self._crashed = False
        self._closed = False
        self._starting = asyncio.Lock()
        self._ids = itertools.count(1)
        self._old: set[Child] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def limit(self, memory: int | None) -> None:
        """Replaces the child from now on beyond so many MiB; None: beyond `MEMORY`."""
        self.memory = memory or MEMORY

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

    async def frames(self, op: str, call: ChatCall) -> AsyncGenerator[dict[str, Any]]:
        """The frames that answer ``op`` (list, ready, pull or embed), the last one included.

        Raises ``BackendError``. Ending it early closes the upstream connection, as in `stream`.
        """
        try:
            child = await self._running()
        except (CrashedError, OSError) as error:
            raise explain_crash(call, f"could not be started: {error}") from error
        with child.exchange(next(self._ids), secrets=call.secrets) as exchange:
            try:
                exchange.send({"op": op, **call.frame()})
                while not exchange.finished:
                    frame = await exchange.receive()
                    exchange.finished = frame["ev"] != "pulling"
                    if frame["ev"] == "error":
                        raise explain(frame, call)
                    yield frame
            except CrashedError as error:
                exchange.finished = True
                raise explain_crash(call, str(error)) from None

    async def stream(self, call: ChatCall) -> AsyncGenerator[Event]:
        """The events of one reply; the last one is ``Finished``. Raises ``BackendError``.

        When the consuming task is cancelled, or the generator closed, the child is told in the
        same moment and closes the upstream connection.
        """
        try:
            child = await self._running()
        except (CrashedError, OSError) as error:
            raise explain_crash(call, f"could not be started: {error}") from error
        with (
            self._measured(child, call.adapter),
            child.exchange(next(self._ids), secrets=call.secrets) as exchange,
        ):
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
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in (*self._old, *([child] if child is not None else ())):
            await one.close()
        self._old.clear()

    @contextmanager
    def _measured(self, child: Child, adapter: str) -> Iterator[None]:
        """Replaces ``child`` after the block if it has grown too large: it still ends what it
        has begun, and a new one, which is made ready for ``adapter``, serves what comes."""
        try:
            yield
        finally:
            grown = child.memory is not None and child.memory > self.memory * _MIB
            if grown and child is self._child and not self._closed:
                self._log(
                    f"model host: replaced, as it holds {(child.memory or 0) // _MIB} MiB of "
                    f"memory, and {self.memory} are allowed"
                )
                self._child = None
                self._old.add(child)
                self._start(self._end(child))
                self._start(self.prewarm(adapter))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self, child: Child) -> None:
        await child.idle()
        await child.close()
        self._old.discard(child)

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
        case "tool_call":
            return ToolCallPiece(frame["index"], frame["call"], frame["name"], frame["arguments"])
        case "finished":
            usage = frame.get("usage")
            return Finished(
                reason=frame["reason"],
                usage=Usage(usage["prompt_tokens"], usage["completion_tokens"]) if usage else None,
                marker=frame["marker"],
                tool_calls=tuple(ToolCall(**call) for call in frame.get("tool_calls", ())),
                first_token=frame.get("first_token"),
                duration=frame.get("duration"),
            )
        case _:
            raise explain(frame, call)
