"""What ends a program from outside, SIGTERM and SIGHUP, ends it as Ctrl-C does: in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_ENDINGS: Final = ("SIGTERM", "SIGHUP")
# As a shell says it of a program that a signal ended.
_STATUS_OF_A_SIGNAL: Final = 128


class Stopping:
    """``status``: the exit status once such a signal has come, else None."""

    status: int | None = None

    def __call__(self, number: int, frame: Any) -> None:
        """Does what Ctrl-C would do now; a signal handler."""
        if self.status is not None:
            # A terminal that closes says it twice, and the first is being obeyed.
            return
        self.status = _STATUS_OF_A_SIGNAL + number
        interrupt = signal.getsignal(signal.SIGINT)
        if callable(interrupt):
            # `asyncio.run` has put its own there, which cancels the main task.
            interrupt(signal.SIGINT, frame)
        else:
            raise KeyboardInterrupt


@contextmanager
def stopping_in_order() -> Iterator[Stopping]:
    """While the block runs, the first SIGTERM or SIGHUP acts as Ctrl-C.

    What the starter has told us to ignore, such as SIGHUP with ``nohup``, stays ignored. Does
    nothing outside of the main thread, which alone gets signals.
    """
    stopping = Stopping()
    if threading.current_thread() is not threading.main_thread():
        yield stopping
        return
    numbers = [getattr(signal, name) for name in _ENDINGS if hasattr(signal, name)]
    taken = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    with _reachable_ctrl_c():
        for number in taken:
            signal.signal(number, stopping)
        try:
            yield stopping
        finally:
            for number in taken:
                signal.signal(number, signal.SIG_DFL)


@contextmanager
def _reachable_ctrl_c() -> Iterator[None]:
    """Has a handler for SIGINT where a shell's ``&`` made us ignore it, which we go on doing.

    `asyncio.run` puts its own handler in the place of Python's only, and nowhere else.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN or not hasattr(
        signal, "pthread_sigmask"
    ):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        # In this order, so that one that waits is dropped.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
