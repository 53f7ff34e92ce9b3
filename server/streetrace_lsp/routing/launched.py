"""One started program: its supervisor, the end of its output, and its own end."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from .launch_command import neutral_folder
from .supervise import end_group

# As much of the output as an error is looked for in, in bytes.
_KEPT: Final = 64 * 1024
_PIECE: Final = 1 << 16
# Our own session ends within a second, so a program that does not end by itself is ended.
_STOP_WITHIN: Final = 0.5
_READ_OUT_WITHIN: Final = 0.5
# A supervisor that has still not ended; it is younger than its own start takes.
_GIVE_UP_AFTER: Final = 2.0


class Launched:
    """A program that runs under `supervise`. ``ended`` is done when it, or its supervisor, is gone.

    The result of ``ended`` is a sentence's end: "ended with exit code 1".
    """

    def __init__(self, supervisor: asyncio.subprocess.Process) -> None:
        self._supervisor = supervisor
        self._output = b""
        self._stopping: asyncio.Task[None] | None = None
        self.pid: int | None = None
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._tasks = (
            asyncio.create_task(self._read_news()),
            asyncio.create_task(self._read_output()),
        )

    @classmethod
    async def start(cls, command: Sequence[str], environment: Mapping[str, str]) -> Launched:
        """Starts ``command``, without a shell. Raises ``OSError``.

        What the program itself does then, also that it can't be run, is told by ``ended``.
        """
        supervisor = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "streetrace_lsp.routing.supervise",
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=neutral_folder(),
            env=dict(environment),
            # A signal to the editor's group is not one to this; the pipe ends it.
            start_new_session=True,
        )
        return cls(supervisor)

    @property
    def running(self) -> bool:
        """Whether the program runs, as far as we know."""
        return not self.ended.done()

    @property
    def output(self) -> str:
        """The end of what the program printed."""
        return self._output.decode("utf-8", "replace")

    def forget_output(self) -> None:
        """Drops what was printed so far."""
        self._output = b""

    async def stop(self) -> None:
        """Ends the program and what it started, by force when it takes more than half a second.

        Finishes its work also when the caller is cancelled. May be called again.
        """
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._stop())
        await asyncio.shield(self._stopping)

    async def wait_for_output(self) -> None:
        """Waits until all is read that the program printed; a moment, once it has ended."""
        await asyncio.wait({self._tasks[1]}, timeout=_READ_OUT_WITHIN)

    async def _stop(self) -> None:
        if self._supervisor.stdin is not None:
            self._supervisor.stdin.close()
        await asyncio.wait({self._tasks[0]}, timeout=_STOP_WITHIN)
        if self.running and self.pid is not None:
            await asyncio.to_thread(end_group, self.pid, force=True)
        await asyncio.wait({self._tasks[0]}, timeout=_GIVE_UP_AFTER)
        if not self._tasks[0].done():
            with suppress(ProcessLookupError):
                self._supervisor.kill()
        await self._supervisor.wait()
        await self.wait_for_output()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._end("was stopped")

    async def _read_news(self) -> None:
        stdout = self._supervisor.stdout
        assert stdout is not None  # noqa: S101 - asked for when the process was started
        while line := await stdout.readline():
            news = json.loads(line)
            if "started" in news:
                self.pid = news["started"]
            elif "failed" in news:
                self._end(f"can't be run: {news['failed']}")
            else:
                self._end(_how(news["ended"]))
        if self.running and self.pid is not None:
            # Somebody killed the supervisor: its work is ours.
            await asyncio.to_thread(end_group, self.pid, force=True)
        self._end("was ended from outside")

    async def _read_output(self) -> None:
        stderr = self._supervisor.stderr
        assert stderr is not None  # noqa: S101 - asked for when the process was started
        while data := await stderr.read(_PIECE):
            self._output = (self._output + data)[-_KEPT:]

    def _end(self, how: str) -> None:
        if not self.ended.done():
            self.ended.set_result(how)


def _how(code: int) -> str:
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
