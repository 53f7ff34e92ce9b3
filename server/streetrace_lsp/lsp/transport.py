"""Bytes from and to the editor, each on a thread of its own; the loop never waits for a pipe.

A client that stops reading holds up neither the model's stream nor a cancellation, and one
chunk from the client costs one hop to the loop, however many messages are in it.
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from contextlib import suppress

_PIECE = 1 << 16
# How long the last answers may take to leave when the server ends, in seconds.
_LAST_WORDS = 1.0


def read_from(descriptor: int) -> asyncio.StreamReader:
    """A reader of a file descriptor, for the running loop. Ends when the other side closes."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()

    def pump() -> None:
        # A closed loop raises RuntimeError: nobody is left to tell.
        with suppress(RuntimeError):
            with suppress(OSError):
                while data := os.read(descriptor, _PIECE):
                    loop.call_soon_threadsafe(reader.feed_data, data)
            loop.call_soon_threadsafe(reader.feed_eof)

    threading.Thread(target=pump, name="lsp-reader", daemon=True).start()
    return reader


class Writer:
    """Writes to a file descriptor in order. What pygls calls a writer."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._broken = False
        self._thread = threading.Thread(target=self._pump, name="lsp-writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Queue bytes. Once the client is gone they are dropped."""
        if not self._broken:
            self._waiting.put(data)

    def close(self) -> None:
        """Write what is queued, as far as the client takes it within a second."""
        self._waiting.put(None)
        self._thread.join(_LAST_WORDS)

    def _pump(self) -> None:
        while (data := self._waiting.get()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[os.write(self._descriptor, view) :]
            except OSError:
                self._broken = True
                return
