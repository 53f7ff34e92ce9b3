"""One thread that does blocking work in the order in which it was given."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")
_Queue = queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]


class Worker:
    """Starts its thread with the first job. The thread never keeps the process alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._guard = threading.Lock()
        self._jobs: _Queue | None = None
        self._thread: threading.Thread | None = None

    def submit(self, job: Callable[[], Result]) -> Future[Result]:
        """Queues ``job`` and gives its future."""
        future: Future[Result] = Future()
        with self._guard:
            if self._jobs is None:
                self._jobs = queue.SimpleQueue()
                arguments = (self._jobs, self._thread)
                self._thread = threading.Thread(
                    target=_run, args=arguments, name=self._name, daemon=True
                )
                self._thread.start()
            self._jobs.put((future, job))
        return future

    def stop(self, last: Callable[[], Result]) -> Future[Result] | None:
        """Ends the thread after what is queued, and after ``last``. None: nothing ever ran.

        A later job starts a new thread, which begins when the old one has ended.
        """
        with self._guard:
            if self._jobs is None:
                return None
            future: Future[Result] = Future()
            self._jobs.put((future, last))
            self._jobs.put(None)
            self._jobs = None
            return future


def _run(jobs: _Queue, previous: threading.Thread | None) -> None:
    if previous is not None:
        previous.join()
    while (item := jobs.get()) is not None:
        future, job = item
        if not future.set_running_or_notify_cancel():
            continue
        try:
            result = job()
        except BaseException as error:
            # It belongs to whoever waits.
            future.set_exception(error)
        else:
            future.set_result(result)
