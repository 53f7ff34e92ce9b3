"""Local model servers that are started when they are first needed: `launch` of the user's file.

The command stands in the user's own file and nowhere else: a project's is refused when the
configuration is read. No shell is involved, and nothing that a model says gets here.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .launch_command import StartError, command, environment_for, fixed_port
from .launched import Launched
from .readiness import HOST, is_ready, is_taken
from .start_errors import explain_start

if TYPE_CHECKING:
    from streetrace_lsp.config.backend import Backend

__all__ = ["LocalServers", "StartError"]

Report = Callable[[str], None]

READY_WITHIN: Final = 300.0
CRASHES_IN_A_ROW: Final = 3
# A server that lived this long has not crashed "in a row", in seconds.
_SETTLED: Final = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_IN_DETAIL: Final = 4000


class LocalServers:
    """The servers of one session. ``clock`` tells seconds, ``log`` takes lines for the log."""

    def __init__(
        self, *, log: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._clock = clock
        self._servers: dict[str, _Server] = {}
        self._closed = False

    async def ensure(self, name: str, backend: Backend, report: Report) -> str:
        """The base URL (``http://127.0.0.1:PORT/v1``) of the backend's server, which is ready.

        Starts it when it does not run; several requests at once wait for the same start.
        ``report`` is told, in a line for the user, how the start goes. ``backend.launch`` is
        set, and comes from the user's own file. Raises ``StartError``. A start that nobody
        waits for any more, because all who did were cancelled, is given up.
        """
        if self._closed:
            raise StartError(f'Backend "{name}": the session is ending.', "Start it again.")
        server = self._servers.get(name)
        if server is None or server.settings != _settings(backend):
            server = _Server(name, backend, self._log, self._clock, replaces=server)
            self._servers[name] = server
        return await server.url(report)

    @property
    def running(self) -> dict[str, int]:
        """The process id of each server that runs, by backend."""
        found = {name: server.pid for name, server in self._servers.items()}
        return {name: pid for name, pid in found.items() if pid is not None}

    async def close(self) -> None:
        """Ends every server and everything that they started; takes about half a second."""
        self._closed = True
        await asyncio.gather(*(server.stop() for server in self._servers.values()))


class _Server:
    """One backend's server, through its starts and crashes."""

    def __init__(
        self,
        name: str,
        backend: Backend,
        log: Callable[[str], None],
        clock: Callable[[], float],
        *,
        replaces: _Server | None,
    ) -> None:
        self.settings = _settings(backend)
        self._name = name
        self._backend = backend
        self._log = log
        self._clock = clock
        self._replaces = replaces
        self._ready_within = backend.launch_timeout or READY_WITHIN
        self._process: Launched | None = None
        # Set while, and after, the process was ready.
        self._url: str | None = None
        self._starting: asyncio.Task[str] | None = None
        self._reports: list[Report] = []
        self._crashes = 0
        self._crash: tuple[str, str] = ("", "")
        self._ready_at = 0.0
        self._stopped = False

    @property
    def pid(self) -> int | None:
        """The process id while the program runs."""
        return self._process.pid if self._process and self._process.running else None

    async def url(self, report: Report) -> str:
        """See `LocalServers.ensure`."""
        while self._starting is not None and self._starting.cancelling():
            # Given up a moment ago: the old process has to be gone first.
            await asyncio.wait({self._starting})
        if self._stopped:
            raise self._error("was stopped", "Try again.")
        if self._url is not None and self._process is not None and self._process.running:
            return self._url
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._started)
        starting = self._starting
        self._reports.append(report)
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if starting.cancelled() and not (current and current.cancelling()):
                raise self._error("was stopped", "Try again.") from None
            raise
        finally:
            self._reports.remove(report)
            if not self._reports:
                starting.cancel()

    async def stop(self) -> None:
        """Ends the server, or its start."""
        self._stopped = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait({self._starting})
        if self._process is not None:
            await self._process.stop()
        if self._replaces is not None:
            await self._replaces.stop()

    def _started(self, task: asyncio.Task[str]) -> None:
        self._starting = None
        if not task.cancelled():
            # Told to everyone who waits; to ask for it keeps asyncio from complaining.
            task.exception()

    async def _start(self) -> str:
        if self._replaces is not None:
            # The graphics card may not have room for both.
            await self._replaces.stop()
            self._replaces = None
        self._look_at_a_crash()
        self._tell(f"Starting {self._name} …")
        given = fixed_port(self._name, self._backend)
        if given is not None and await is_taken(given):
            raise self._error(
                f"can't be started: port {given} is already taken by another program",
                "Stop that program, or write {port} in launch and leave out api_base.",
            )
        end = self._clock() + self._ready_within
        while True:
            port = _free_port() if given is None else given
            try:
                return await self._start_at(port, end)
            except StartError:
                # Somebody else may have taken the port between our choice and its start.
                if given is not None or self._clock() >= end or not await is_taken(port):
                    raise
                self._log(f"{self._name}: port {port} was taken meanwhile; trying another")

    async def _start_at(self, port: int, end: float) -> str:
        environment = environment_for(os.environ)
        words = command(self._name, self._backend, port, environment)
        try:
            process = await Launched.start(words, environment)
        except OSError as error:
            step = "Close other programs, and try again."
            raise self._error(f"can't be started: {error.strerror}", step) from error
        self._process = process
        try:
            await self._until_ready(process, port, end)
        except BaseException:
            await process.stop()
            raise
        # From now on it may print what is in requests.
        process.forget_output()
        process.ended.add_done_callback(lambda ended: self._log(f"{self._name} {ended.result()}"))
        self._log(f"{self._name}: {words[0]} is ready on port {port} (process {process.pid})")
        self._ready_at = self._clock()
        self._url = f"http://{HOST}:{port}/v1"
        return self._url

    async def _until_ready(self, process: Launched, port: int, end: float) -> None:
        polling = asyncio.create_task(self._poll(port, end))
        either: set[asyncio.Future[Any]] = {polling, process.ended}
        left = max(0.0, end - self._clock())
        try:
            await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        finally:
            polling.cancel()
        if process.ended.done():
            await process.wait_for_output()
            raise self._failed(process, f"{process.ended.result()} before it was ready")
        if not polling.done():
            what = f"was not ready within {self._ready_within:g} seconds"
            raise self._failed(process, what, "Raise launch_timeout, or choose a smaller model.")

    async def _poll(self, port: int, end: float) -> None:
        pause, told = _FIRST_PAUSE, 0
        while not await is_ready(port):
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 1.5)
            seconds = int(self._clock() - end + self._ready_within)
            if seconds > told:
                told = seconds
                self._tell(f"Starting {self._name} … {seconds} s")

    def _look_at_a_crash(self) -> None:
        """Counts the crash that makes this start necessary. Raises ``StartError`` at the limit."""
        if self._clock() - self._ready_at >= _SETTLED:
            self._crashes = 0
        if self._process is not None and self._url is not None:
            self._url = None
            self._crashes += 1
            how = self._process.ended.result()
            self._crash = how, _known_step(self._process.output)
            self._log(f"{self._name}: {how}; crash {self._crashes} in a row")
            if self._crashes <= CRASHES_IN_A_ROW:
                self._tell(f"{self._name} {how} and is started again.")
        if self._crashes > CRASHES_IN_A_ROW:
            how, step = self._crash
            raise self._error(f"{how}, {self._crashes} times in a row", step)

    def _tell(self, line: str) -> None:
        for report in self._reports:
            report(line)

    def _failed(self, process: Launched, what: str, otherwise: str = "") -> StartError:
        """``otherwise``: what to do when the output tells of nothing that is known."""
        found, step = explain_start(process.output)
        if _unknown(found):
            step = otherwise or step
        return self._error(what, step, found, process.output[-_IN_DETAIL:])

    def _error(self, what: str, step: str, found: str = "", detail: str = "") -> StartError:
        program = Path((self._backend.launch or ["the server"])[0]).name
        message = f'Backend "{self._name}": {program} {what}. {found}'.rstrip()
        return StartError(message, step, detail=detail)


def _known_step(output: str) -> str:
    """What to do about the output of a program that served requests, which it may quote."""
    found, step = explain_start(output)
    if _unknown(found):
        return "Run the command of launch in a terminal to see what it says."
    return f"{found} {step}"


def _unknown(found: str) -> bool:
    return found.startswith(("It said", "It ended"))


def _settings(backend: Backend) -> tuple[object, ...]:
    return (
        tuple(backend.launch or ()),
        backend.api_base,
        backend.model_path,
        backend.tokenizer_path,
        backend.gpu_memory_utilization,
        backend.launch_timeout,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
