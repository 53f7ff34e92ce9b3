"""The model host's process as the server sees it: start, frames in and out, end."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from streetrace_lsp.modelhost.redact import redact_pieces
from streetrace_lsp.modelhost.wire import FrameReader, encode

from .secret import Secret, redact

# What a process needs to run at all, and to speak the user's language. No key, no HOME, no
# PYTHON*; the proxy and the certificates come with each request.
_ALLOWED: Final = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "WINDIR",
)
_OWN: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "PYTHON_DOTENV_DISABLED": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "NO_PROXY": "*",
}
_CLOSE_WITHIN: Final = 0.5
# Seconds. A cancel is heeded in milliseconds; a child that imports a library heeds it later, but
# answers at once that it is there.
_HEED_WITHIN: Final = 2.0
_ANSWER_WITHIN: Final = 2.0
_STUCK_AFTER: Final = 20.0
# Where this process stood still, its timers end before it has read what came meanwhile.
_MOMENT: Final = 0.2
_NOT_LAST: Final = frozenset({"text", "reasoning", "pulling", "pong"})
_PIECE: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 16


class CrashedError(Exception):
    """The child is gone. The text says how, to follow "the model host"."""


class Exchange:
    """One request in the child and the frames that answer it."""

    def __init__(self, child: Child, number: int) -> None:
        self._child = child
        self._number = number
        self._frames: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.finished = False

    def send(self, frame: Mapping[str, Any]) -> None:
        """Sends one frame of this exchange. Raises ``CrashedError``."""
        self._child.write({**frame, "id": self._number})

    async def receive(self) -> dict[str, Any]:
        """The next frame that answers. Raises ``CrashedError`` when none can come any more."""
        frame = await self._frames.get()
        if frame is None:
            raise CrashedError(self._child.end)
        return frame

    def put(self, frame: dict[str, Any] | None) -> None:
        """A frame arrived; ``None`` means that the child is gone."""
        self._frames.put_nowait(frame)


class Child:
    """A running model host."""

    def __init__(self, process: asyncio.subprocess.Process, log: Callable[[str], None]) -> None:
        self._process = process
        self._log = log
        self._exchanges: dict[int, Exchange] = {}
        self._secrets: deque[Secret] = deque(maxlen=64)
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._idle = asyncio.Event()
        self._idle.set()
        self._loop = asyncio.get_running_loop()
        # The numbers of cancelled requests whose end the child has not told yet.
        self._unheeded: set[int] = set()
        self._heeded = asyncio.Event()
        self._heeded.set()
        self._heard = 0
        self._stuck = False
        self.alive = True
        self.end = "stopped"
        # Resident bytes, as of the last reply; None: not told yet, or unknown there.
        self.memory: int | None = None

    @classmethod
    async def start(cls, log: Callable[[str], None]) -> Child:
        """Starts the process. Raises ``OSError``."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Isolated: the folder of a project, which may hold a litellm.py, is never searched.
            "-I",
            "-m",
            "streetrace_lsp.modelhost",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=tempfile.gettempdir(),
            env=environment(os.environ),
        )
        child = cls(process, log)
        child._tasks = (
            asyncio.create_task(child._read_frames()),
            asyncio.create_task(child._read_log()),
        )
        return child

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @contextmanager
    def exchange(self, number: int, *, secrets: Iterable[Secret] = ()) -> Iterator[Exchange]:
        """A request for as long as the block runs; cancelled at its end if not finished."""
        for secret in secrets:
            if secret not in self._secrets:
                self._secrets.append(secret)
        exchange = Exchange(self, number)
        self._exchanges[number] = exchange
        self._idle.clear()
        if not self.alive:
            exchange.put(None)
        try:
            yield exchange
        finally:
            del self._exchanges[number]
            if not exchange.finished and self.alive:
                with suppress(CrashedError):
                    exchange.send({"op": "cancel"})
                    self._watch(number)
            if not self._exchanges:
                self._idle.set()
                self._end_if_stuck()

    def write(self, frame: Mapping[str, Any]) -> None:
        """Puts one frame on the pipe without waiting. Raises ``CrashedError``."""
        stdin = self._process.stdin
        if stdin is None or not self.alive or stdin.is_closing():
            raise CrashedError(self.end)
        stdin.write(encode(frame))

    async def idle(self) -> None:
        """Waits until no exchange is left."""
        await self._idle.wait()

    async def heeded(self) -> None:
        """Waits until every cancelled request has ended in the child, or the child itself."""
        await self._heeded.wait()

    def _watch(self, number: int) -> None:
        """Sees to it that the cancel of ``number`` closes its upstream connection, which costs
        money: a child that is stopped or hangs would keep it open."""
        if self._loop.is_closed():
            return
        self._unheeded.add(number)
        self._heeded.clear()
        self._loop.call_later(_HEED_WITHIN, self._ask_whether_alive, number)
        self._loop.call_later(_STUCK_AFTER, self._give_up, number)

    def _ask_whether_alive(self, number: int) -> None:
        if number in self._unheeded:
            with suppress(CrashedError):
                self.write({"op": "ping", "id": number})
                self._loop.call_later(_ANSWER_WITHIN, self._end_if_silent, self._heard)

    def _end_if_silent(self, heard: int) -> None:
        self._loop.call_later(_MOMENT, self._end_as_silent, heard)

    def _end_as_silent(self, heard: int) -> None:
        if self.alive and self._heard == heard:
            self._kill("it did not answer")

    def _give_up(self, number: int) -> None:
        self._loop.call_later(_MOMENT, self._take_as_stuck, number)

    def _take_as_stuck(self, number: int) -> None:
        self._stuck = number in self._unheeded
        self._end_if_stuck()

    def _end_if_stuck(self) -> None:
        if self._stuck and self.alive and not self._exchanges:
            self._kill("it went on with a request that was cancelled")

    def _kill(self, why: str) -> None:
        self._log(f"model host: ended, as {why}")
        # The next request starts another one, and does not wait for the end of this one.
        self.alive = False
        with suppress(ProcessLookupError):
            self._process.kill()

    def _took(self, frame: dict[str, Any]) -> None:
        self.memory = frame.get("memory") or self.memory
        self._heard += 1
        if frame["ev"] not in _NOT_LAST:
            self._unheeded.discard(frame["id"])
            if not self._unheeded:
                self._stuck = False
                self._heeded.set()
        exchange = self._exchanges.get(frame["id"])
        if exchange is not None:
            exchange.put(frame)

    async def close(self) -> None:
        """Ends the process and waits until it is gone."""
        if self._process.stdin is not None:
            # The end of the pipe is the child's signal to exit.
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read_frames(self) -> None:
        reader = FrameReader()
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - asked for when the process was started
        try:
            while data := await stdout.read(_PIECE):
                for frame in reader.feed(data):
                    self._took(frame)
        except (ValueError, KeyError) as error:
            self._log(f"model host: unreadable frame: {error}")
            with suppress(ProcessLookupError):
                self._process.kill()
        finally:
            self.alive = False
            self._unheeded.clear()
            self._heeded.set()
            for exchange in self._exchanges.values():
                exchange.put(None)

    async def _read_log(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None  # noqa: S101 - asked for when the process was started
        rest = b""
        while data := await stderr.read(_PIECE):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._log_line(line)
            # A line that never ends must not fill the memory.
            rest = rest[: _LONGEST_LINE + 1]
        self._log_line(rest)

    def _log_line(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if len(line) > _LONGEST_LINE:
            # Where it was cut, part of a key might stand.
            self._log("model host: a line that is too long to be shown")
        elif text:
            # Libraries cut what they quote.
            keys = [secret.reveal() for secret in self._secrets]
            self._log(f"model host: {redact_pieces(redact(text, self._secrets), keys)}")


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The child's whole environment: what is allowed of the server's ``own``, and our switches."""
    return {name: own[name] for name in _ALLOWED if own.get(name)} | _OWN
