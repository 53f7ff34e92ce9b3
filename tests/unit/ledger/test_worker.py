"""One job after the other, on one thread at a time."""

from __future__ import annotations

import threading
from concurrent.futures import wait

import pytest

from streetrace_lsp.ledger.worker import Worker


def test_jobs_given_after_the_end_wait_for_those_before_it() -> None:
    worker, go, order = Worker("test"), threading.Event(), list[str]()
    threads = set[str | int]()

    def job(name: str) -> None:
        if name == "first":
            go.wait()
        threads.add(threading.get_ident())
        order.append(name)

    worker.submit(lambda: job("first"))
    last = worker.stop(lambda: job("last"))
    after = worker.submit(lambda: job("after"))
    # Nothing announces that it does not run: give it the time to.
    assert wait([after], timeout=0.05).not_done
    go.set()
    after.result()
    assert last is not None
    assert last.done()
    assert order == ["first", "last", "after"]
    assert threading.get_ident() not in threads
    worker.stop(lambda: None)


def test_an_error_belongs_to_whoever_waits() -> None:
    worker = Worker("test")
    failed = worker.submit(lambda: 1 // 0)
    assert worker.submit(lambda: "goes on").result() == "goes on"
    with pytest.raises(ZeroDivisionError):
        failed.result()
    worker.stop(lambda: None)


def test_what_never_began_needs_no_end() -> None:
    assert Worker("test").stop(lambda: None) is None
