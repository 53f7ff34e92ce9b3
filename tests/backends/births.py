"""The processes that `launched_server` announces, and their ends."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

# A machine under load may take long; a test that waits for nothing ends here, in seconds.
_PATIENCE = 60.0


@dataclass
class Process:
    """A process that announced itself. `port` is the one that it was told to listen on."""

    pid: int
    parent: int
    port: int
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter

    def let_go(self) -> None:
        """Opens its `--gate`."""
        self._writer.write(b"!")

    async def death(self) -> None:
        """Waits until it has ended."""
        async with asyncio.timeout(_PATIENCE):
            with suppress(ConnectionResetError):
                while await self._reader.read(1024):
                    pass
        self._writer.close()


class Births:
    """Where processes announce themselves: an asynchronous context manager."""

    def __init__(self) -> None:
        self._born: asyncio.Queue[Process] = asyncio.Queue()
        self._writers: list[asyncio.StreamWriter] = []
        self.count = 0

    async def __aenter__(self) -> Births:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def next(self) -> Process:
        """The next process that announced itself."""
        async with asyncio.timeout(_PATIENCE):
            return await self._born.get()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        news = json.loads(await reader.readline())
        self.count += 1
        self._born.put_nowait(Process(**news, _reader=reader, _writer=writer))


class Log(list[str]):
    """A log that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.append(line)
        self._changed.set()

    async def until(self, text: str, times: int = 1) -> None:
        """Waits until so many lines contain `text`."""
        async with asyncio.timeout(_PATIENCE):
            while sum(text in line for line in self) < times:
                self._changed.clear()
                await self._changed.wait()
