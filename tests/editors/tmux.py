"""A program on a terminal screen of its own, with a person's keys: tmux in control mode.

The tmux server is a private one (its own socket, no configuration) and this process is its
control client (tmux(1), CONTROL MODE): each command's answer comes between ``%begin`` and
``%end``, and whatever the program writes is announced by ``%output``. So a test that waits for
something on the screen looks again exactly when something was written.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from editors.provisioned import Program
from lsp.processes import children, command_line

COLUMNS, ROWS = 84, 40
# A busy machine gets this long for anything to happen, in seconds.
PATIENCE = 60.0
_END = 10.0


class Terminal:
    """A screen of ``columns`` by `ROWS` on which ``program`` runs; close it with `close`."""

    def __init__(
        self,
        program: Program,
        arguments: list[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        columns: int = COLUMNS,
    ) -> None:
        # A socket's path has to be short; the folder of a test is not.
        self._socket = f"streetrace-test-{id(self):x}-{time.monotonic_ns():x}"
        command = shlex.join([*program.command, *arguments])
        start = ("tmux", "-L", self._socket, "-f", "/dev/null", "-C", "new-session")
        self._process = subprocess.Popen(
            [*start, "-x", str(columns), "-y", str(ROWS), "-c", str(folder), command],
            env={**environment, **program.environment, "TERM": "screen-256color"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._news = threading.Condition()
        self._answers: list[tuple[bool, list[str]]] = []
        self._changes = 0
        self._ended = False
        threading.Thread(target=self._read, name="tmux", daemon=True).start()
        self._answer()  # to new-session
        self._run("set-option", "-g", "status", "off")
        # Should this process be killed, its terminal goes as well.
        self._run("set-option", "-g", "destroy-unattached", "on")
        self._run("set-option", "-s", "escape-time", "0")

    @property
    def screen(self) -> str:
        """The screen as it is now, without blanks at the ends of lines and of the screen."""
        lines = [line.rstrip() for line in self._run("capture-pane", "-p")]
        return "\n".join(lines).rstrip("\n") + "\n"

    def type(self, text: str) -> None:
        """Type text as it is; a line end is Enter."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Enter")
            if line:
                # As bytes in hexadecimal: nothing then needs quoting.
                self._run("send-keys", "-H", *(f"{byte:02x}" for byte in line.encode()))

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``Escape``, ``Space``, ``C-c``, ``Down``."""
        self._run("send-keys", *keys)

    def wait(self, wanted: str | Callable[[str], object], *, gone: bool = False) -> str:
        """Wait until the screen shows ``wanted`` and return the screen.

        ``wanted`` is text, wrapped by the terminal or not, or a condition on the screen. With
        ``gone`` the text has to vanish.
        """
        holds = (lambda screen: _shows(screen, wanted)) if isinstance(wanted, str) else wanted
        last = time.monotonic() + PATIENCE
        while True:
            seen = self._changes
            screen = self.screen
            if bool(holds(screen)) is not gone:
                return screen
            with self._news:
                if self._changes == seen and not self._ended:
                    self._news.wait(last - time.monotonic())
            # What moves all the time, such as a spinner, is no reason to wait for ever.
            assert time.monotonic() < last, f"the screen never showed {wanted!r}:\n{screen}"
            assert not self._ended, f"the program ended without {wanted!r}:\n{screen}"

    def kill_server(self) -> None:
        """End the language server that the program started, as a crash does."""
        os.kill(self._child("bin/streetrace-lsp"), signal.SIGKILL)

    @contextlib.contextmanager
    def model_waits(self) -> Iterator[None]:
        """Whatever a model sends waits during the block: the process that talks to it stands."""
        host = self._child("streetrace_lsp.modelhost")
        os.kill(host, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(host, signal.SIGCONT)

    def _child(self, words: str) -> int:
        """The one process below the program whose command line has these words."""
        waiting = [int(self._run("display-message", "-p", "#{pane_pid}")[0])]
        found = []
        for pid in waiting:
            waiting += children(pid)
            if words in command_line(pid):
                found.append(pid)
        assert len(found) == 1, found
        return found[0]

    def close(self) -> None:
        """Hang up: the program is ended as when a terminal window is closed."""
        if self._process.poll() is not None:
            return
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError, AssertionError):
            self._run("kill-server")
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_END)

    def _run(self, *command: str) -> list[str]:
        assert self._process.stdin is not None
        self._process.stdin.write(shlex.join(command).encode() + b"\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> list[str]:
        with self._news:
            come = self._news.wait_for(lambda: self._answers or self._ended, PATIENCE)
            assert come and self._answers, "tmux did not answer"
            right, lines = self._answers.pop(0)
        assert right, f"tmux: {lines}"
        return lines

    def _read(self) -> None:
        assert self._process.stdout is not None
        block: list[str] | None = None
        with self._process.stdout as output:
            for raw in output:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                with self._news:
                    if block is None and line.startswith("%begin "):
                        block = []
                    elif block is not None and re.match(r"%(end|error) \d+ \d+ \d+$", line):
                        self._answers.append((line.startswith("%end"), block))
                        block = None
                    elif block is not None:
                        block.append(line)
                    elif line.startswith("%output "):
                        self._changes += 1
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


def _shows(screen: str, text: str) -> bool:
    # Emacs ends a line that goes on below with a backslash.
    return any(
        text in one for one in (screen, screen.replace("\\\n", ""), screen.replace("\n", ""))
    )
