"""The child's loop: reads requests, runs them at the same time, sends what they say."""

from __future__ import annotations

import asyncio
import importlib
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

from . import guard, memory, network, replay
from .faults import HostFaultError
from .shown import shown_fault, shown_names
from .sink import Sink
from .wire import ChatFrame, FrameReader, encode

_PIECE: Final = 1 << 16
_ADAPTERS: Final = {
    "litellm": "litellm_adapter",
    "ollama": "ollama_adapter",
}


class Host:
    """Everything that one child process does."""

    def __init__(self, outgoing: int) -> None:
        self._outgoing = outgoing
        self._tasks: dict[int, asyncio.Task[None]] = {}
        # The thread that reads answers a ping while the loop is busy.
        self._sending = threading.Lock()
        self._guard = guard.Guard(_log)
        guard.install(self._guard)

    def accept(self, frame: dict[str, Any]) -> None:
        """Takes one frame from the server."""
        number = frame["id"]
        match frame["op"]:
            case "cancel":
                task = self._tasks.get(number)
                if task is None or not task.cancel():
                    # Its last frame and the cancel crossed.
                    self.send({"ev": "cancelled", "id": number})
            case "chat":
                self._start(number, self._chat(number, cast(ChatFrame, frame)))
            case "models":
                self._start(number, self._models(number, cast(ChatFrame, frame)))
            case "list" | "ready" | "pull" | "embed" as op:
                self._start(number, self._about(number, cast(ChatFrame, frame), op))
            case "prewarm":
                self._start(number, self._prewarm(number, frame["adapter"]))

    def _start(self, number: int, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks[number] = task
        task.add_done_callback(lambda task: self._ended(number, task))

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        del self._tasks[number]
        if task.cancelled():
            self.send({"ev": "cancelled", "id": number})

    async def _chat(self, number: int, request: ChatFrame) -> None:
        def send(frame: dict[str, Any]) -> None:
            self.send({**frame, "id": number})

        sink = Sink(send)
        try:
            with self._allowed(request):
                ending = await self._adapted(request, sink)
                taken = _taken(ending.pop("sent", None), sink.first)
                last = {"ev": "finished", **shown_names(ending, request), **taken}
                if request["tools"] is not None:
                    last["reason"], last["tool_calls"] = sink.calls.ended(last["reason"])
        except HostFaultError as fault:
            last = {"ev": "error", **shown_fault(dict(fault.facts), request)}
        except Exception as error:
            # A request always gets its last frame: nobody must wait for one that never comes.
            facts = {"kind": "unknown", "said": repr(error), "detail": traceback.format_exc()}
            last = {"ev": "error", **shown_fault(facts, request)}
        except BaseException:
            sink.drop()
            raise
        sink.flush()
        send({**last, "memory": memory.resident()})

    @contextmanager
    def _allowed(self, request: ChatFrame) -> Iterator[None]:
        """What ``request`` may reach, and the way there, for as long as the block runs."""
        way = network.network(request.get("network"))
        origins = [(str(host), int(port)) for host, port in request["origins"]]
        with self._guard.grant(origins, way.sockets(origins)), network.used(way):
            yield

    async def _adapted(self, request: ChatFrame, sink: Sink) -> dict[str, Any]:
        if request["adapter"] == "replay":
            return await replay.chat(request, sink)
        # Imports httpx, which replay does without.
        from . import classify, transport

        transport.install(self._guard.check_target)
        limits = (request["total_timeout"], request["connect_timeout"])
        with transport.watched(*limits) as exchange:
            try:
                adapter = _adapter(request["adapter"])
                finish: dict[str, Any] = await adapter.chat(request, sink, exchange)
            except Exception as error:
                raise classify.classify(error, exchange) from error
            finally:
                await exchange.close()
            return {**finish, "sent": exchange.sent}

    async def _models(self, number: int, request: ChatFrame) -> None:
        from . import transport

        transport.install(self._guard.check_target)
        with self._allowed(request):
            try:
                names = await _adapter(request["adapter"]).models(request)
            except Exception as error:
                facts = shown_fault({"kind": "unknown", "detail": repr(error)}, request)
                self.send({"ev": "error", "id": number, **facts})
            else:
                self.send({"ev": "models", "id": number, "names": shown_names(names, request)})

    async def _about(self, number: int, request: ChatFrame, op: str) -> None:
        from . import classify, embedding, listing, transport

        def send(frame: dict[str, Any]) -> None:
            self.send({**shown_names(frame, request), "id": number})

        transport.install(self._guard.check_target)
        with (
            self._allowed(request),
            transport.watched() as exchange,
        ):
            try:
                match op:
                    case "list":
                        found = await listing.listed(request, exchange)
                        last: dict[str, Any] = {"ev": "listed", **found}
                    case "ready":
                        await listing.ready(request)
                        last = {"ev": "ready"}
                    case "embed":
                        vectors, tokens = await embedding.embed(request)
                        about = {"vectors": vectors, "tokens": tokens}
                        self.send({"ev": "embedded", "id": number, **about})
                        return
                    case _:
                        await listing.pull(request, exchange, send)
                        last = {"ev": "pulled"}
            except Exception as error:
                facts = dict(classify.classify(error, exchange).facts)
                self.send({"ev": "error", "id": number, **shown_fault(facts, request)})
                return
        send(last)

    async def _prewarm(self, number: int, name: str) -> None:
        try:
            if name in _ADAPTERS:
                from . import certificates, transport

                transport.install(self._guard.check_target)
                # Reading the authorities takes 20 ms.
                certificates.context(network.Network())
                with _closed_port() as port, self._guard.grant([("127.0.0.1", port)]):
                    await _adapter(name).prewarm(f"http://127.0.0.1:{port}")
        except Exception:
            self.send(
                {"ev": "error", "id": number, "kind": "unknown", "detail": traceback.format_exc()}
            )
        else:
            self.send({"ev": "warm", "id": number})

    def send(self, frame: dict[str, Any]) -> None:
        """Sends one frame to the server, from any thread."""
        data = memoryview(encode(frame))
        try:
            with self._sending:
                while data:
                    data = data[os.write(self._outgoing, data) :]
        except OSError:
            # The server is gone; nobody is left to clean up for.
            os._exit(0)


def run(incoming: int, outgoing: int) -> None:
    """Serves until ``incoming`` ends. Never returns."""
    loop = asyncio.new_event_loop()
    reader = FrameReader()
    # Held back until the host exists; the reader starts first, so that the end of the pipe ends
    # this process even while a slow import keeps the loop busy.
    host = Host(outgoing)

    def read() -> None:
        try:
            while data := os.read(incoming, _PIECE):
                for frame in reader.feed(data):
                    if frame["op"] == "ping":
                        host.send({"ev": "pong", "id": frame["id"]})
                    else:
                        loop.call_soon_threadsafe(host.accept, frame)
        finally:
            # The end of the pipe, or bytes that are no frames: either way there is no server.
            os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    asyncio.set_event_loop(loop)
    loop.run_forever()


@contextmanager
def _closed_port() -> Iterator[int]:
    """A loopback port that is taken, so that nobody else listens on it, and refuses everyone."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def _taken(sent: float | None, first: float | None) -> dict[str, float | None]:
    """Seconds from when the request left: what this process did before is not the server's."""
    if sent is None:
        return {"first_token": None, "duration": None}
    return {
        "first_token": first - sent if first is not None else None,
        "duration": time.monotonic() - sent,
    }


def _log(line: str) -> None:
    # Standard error is the log; the server puts it where it belongs.
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _adapter(name: str) -> Any:
    return importlib.import_module(f".{_ADAPTERS[name]}", __package__)
