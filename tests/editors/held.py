"""Models that stop in the middle of their first answer, until a test lets them go on.

Both are the real thing behind a slow way: replay reads a recording from a disk that hangs, and
llama-server's stream comes through a relay that holds it back.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from editors.tmux import PATIENCE

_NOTHING = {"request": {"model": "none", "messages": []}, "reply": {"chunks": []}}


class Held(Protocol):
    """A model whose first answer waits."""

    @property
    def asked(self) -> bool:
        """Whether anything was asked."""

    def begun(self) -> None:
        """Wait until the first answer has begun, and hangs."""

    def release(self) -> None:
        """Let it go on, and every later one come at once."""

    def left(self) -> None:
        """Wait until nobody listens to the first answer any more."""


class HeldRecordings:
    """A folder of recordings with one more in it, a pipe, that nobody has written to yet."""

    def __init__(self, folder: Path) -> None:
        self._pipe = folder / "0.json"
        os.mkfifo(self._pipe)
        self._end: int | None = None

    @property
    def asked(self) -> bool:
        """Whether somebody reads the recordings."""
        if self._end is None:
            # Without a reader it can't be opened (fifo(7), ENXIO).
            with suppress(OSError):
                self._end = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
        return self._end is not None

    def begun(self) -> None:
        """Wait until somebody reads them."""
        _wait(lambda: self.asked, "nobody read the recordings")

    def release(self) -> None:
        """Finish the file, and take it away."""
        if not self._pipe.exists():
            return
        self._pipe.unlink()
        if self._end is not None:
            with suppress(BrokenPipeError):
                os.write(self._end, json.dumps(_NOTHING).encode())
            os.close(self._end)

    def left(self) -> None:
        """There is no connection that could be closed."""


class HeldStream:
    """A relay before llama-server; ``url`` is what stands for its OpenAI-compatible base."""

    def __init__(self, origin: tuple[str, int]) -> None:
        self._origin = origin
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self._begun = threading.Event()
        self._open = threading.Event()
        self._left = threading.Event()
        self.asked = False
        threading.Thread(target=self._accept, daemon=True).start()

    def begun(self) -> None:
        """Wait until the first piece has come through."""
        assert self._begun.wait(PATIENCE), "llama-server has not begun to answer"

    def release(self) -> None:
        """Hold nothing back any more."""
        self._open.set()

    def left(self) -> None:
        """Wait until the asking side has closed the connection that is held."""
        assert self._left.wait(PATIENCE), "the connection was never closed"

    def close(self) -> None:
        """Take no more connections."""
        self.release()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.asked = True
                server = socket.create_connection(self._origin)
                for run in (self._forth, self._back):
                    threading.Thread(target=run, args=(client, server), daemon=True).start()

    def _forth(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), server:
            while data := client.recv(65536):
                server.sendall(data)
        if self._begun.is_set() and not self._open.is_set():
            self._left.set()

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), client:
            while data := server.recv(65536):
                if b"data:" in data and not self._open.is_set():
                    # One event of the stream, so that the answer has begun.
                    cut = data.find(b"\n\n", data.index(b"data:")) + 2
                    client.sendall(data[:cut])
                    data = data[cut:]
                    self._begun.set()
                    self._open.wait()
                client.sendall(data)


def _wait(holds: object, complaint: str) -> None:
    assert callable(holds)
    last = time.monotonic() + PATIENCE
    turn = threading.Event()
    while not holds():
        assert time.monotonic() < last, complaint
        turn.wait(0.02)
