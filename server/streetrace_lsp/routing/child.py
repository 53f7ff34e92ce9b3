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
_PIECE: Final = 1 << 16


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
            if not self._exchanges:
                self._idle.set()

    def write(self, frame: Mapping[str, Any]) -> None:
        """Puts one frame on the pipe without waiting. Raises ``CrashedError``."""
        stdin = self._process.stdin
        if stdin is None or not self.alive or stdin.is_closing():
            raise CrashedError(self.end)
        stdin.write(encode(frame))

    async def idle(self) -> None:
        """Waits until no exchange is left."""
        await self._idle.wait()

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
                    self.memory = frame.get("memory") or self.memory
                    exchange = self._exchanges.get(frame["id"])
                    if exchange is not None:
                        exchange.put(frame)
        except (ValueError, KeyError) as error:
            self._log(f"model host: unreadable frame: {error}")
            with suppress(ProcessLookupError):
                self._process.kill()
        finally:
            self.alive = False
            for exchange in self._exchanges.values():
                exchange.put(None)

    async def _read_log(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None  # noqa: S101 - asked for when the process was started
        rest = b""
        while data := await stderr.read(_PIECE):
            *lines, rest = (rest + data).split(b"\n")
            # A line that never ends must not fill the memory.
            rest = rest[-_PIECE:]
            for line in lines:
                self._log_line(line)
        self._log_line(rest)

    def _log_line(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            self._log(f"model host: {redact(text, self._secrets)}")


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The child's whole environment: what is allowed of the server's ``own``, and our switches."""
    return {name: own[name] for name in _ALLOWED if own.get(name)} | _OWN
