"""Real Kate on an X server of its own, configured as the documentation says, driven by keys."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from editors.screens import picture
from editors.tmux import PATIENCE
from editors.xscreen import XScreen

_END = 10.0
# The height of a menu's entry in pixels.
_ROW = 25


class Kate:
    """Kate with a file open; ``wire`` has all that it and its server say, written by a wrapper."""

    def __init__(
        self, screen: XScreen, folder: Path, environment: Mapping[str, str], file: str, wire: Path
    ) -> None:
        self.screen = screen
        self._wire = wire
        self._environment = {**environment, "DISPLAY": screen.name}
        # A bus of its own, or it would ask another Kate to open the file.
        self._process = subprocess.Popen(
            ["dbus-run-session", "--", "kate", "--block", file],
            cwd=folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for a condition."""
        last = time.monotonic() + PATIENCE
        turn = threading.Event()
        while not condition():
            assert self._process.poll() is None, "Kate ended"
            if time.monotonic() > last:
                picture("kate-failed", self.screen.png())
            assert time.monotonic() < last, f"never: {what}; see the screen kate-failed"
            turn.wait(0.05)

    def said(self, text: str) -> None:
        """Wait until Kate or its server has said something."""
        self.until(lambda: self._wire.exists() and text in self._wire.read_text("utf-8"), text)

    def allow_the_server(self) -> None:
        """Say yes to Kate's own question, whether it may start the program."""
        self.until(lambda: len(self._windows()) == 2, "the question of Kate")
        dialog = next(
            window for window in self._windows() if "prices.py" not in self._title(window)
        )
        self._do("windowfocus", "--sync", dialog, "key", "Return")
        self.until(lambda: len(self._windows()) == 1, "the answer to Kate's question")
        self._do("windowfocus", "--sync", self._windows()[0])
        self.said("textDocument/didOpen")

    def press(self, *keys: str) -> None:
        """Press keys by xdotool's names."""
        self._do("key", *keys)

    def menu(self) -> None:
        """Open the menu of code actions, whose one entry says *Loading…* at first."""
        self.press("alt+Return")
        self.until(
            lambda: (
                len(windows := self._windows()) == 2
                and self._geometry(windows[-1]).get("HEIGHT", 0) > 2 * _ROW
            ),
            "the menu",
        )

    def choose_first(self) -> None:
        """Click on the first entry of the menu."""
        menu = self._geometry(self._windows()[-1])
        left, top = menu["X"], menu["Y"]
        steps = itertools.cycle((60, 61))

        def pointed_at() -> bool:
            # A menu that has just opened heeds nothing yet: move until it shows that it does.
            self._do("mousemove", str(left + next(steps)), str(top + _ROW // 2))
            first, second = (self.screen.pixel(left + 4, top + row) for row in (12, 12 + _ROW))
            return first != second

        self.until(pointed_at, "the first entry under the mouse")
        self._do("click", "1")
        self.until(lambda: len(self._windows()) == 1, "the end of the menu")

    def lines(self, first: int, last: int) -> None:
        """Select whole lines, numbered from 1."""
        self.press("ctrl+Home", *["Down"] * (first - 1))
        self.press(*["shift+Down"] * (last - first + 1))

    def on_disk(self, path: Path, text: str) -> None:
        """Save, and wait until the file has exactly this text."""
        self.press("ctrl+s")
        self.until(lambda: path.exists() and path.read_text("utf-8") == text, f"{path} as {text!r}")

    def close(self) -> None:
        """End Kate, its bus and its server."""
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(_END)

    def _windows(self) -> list[str]:
        found = self._do("search", "--onlyvisible", "--class", "kate").split()
        # Kate keeps tiny windows of its own.
        return [window for window in found if self._geometry(window).get("WIDTH", 0) > 100]

    def _geometry(self, window: str) -> dict[str, int]:
        shown = self._do("getwindowgeometry", "--shell", window).split()
        values = dict(line.split("=") for line in shown)
        return {name: int(value) for name, value in values.items()}

    def _title(self, window: str) -> str:
        return self._do("getwindowname", window)

    def _do(self, *command: str) -> str:
        done = subprocess.run(
            ["xdotool", *command],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout
