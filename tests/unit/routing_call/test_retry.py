"""Which fault is tried again, how often, and after how long."""

from __future__ import annotations

import random

import pytest

from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.retry import LONGEST_WAIT, delay

JITTER = random.Random(1)
NEVER = (
    *("auth", "connect", "tls", "not_found", "request", "cut", "malformed", "context", "crashed"),
    *("timeout_first", "timeout_idle", "timeout_total", "refused_origin", "replay_miss"),
    *("too_large", "content_filter", "unknown"),
)


def tries(kind: str, retry_after: float | None = None) -> list[float]:
    """The waits before each further attempt, until there is none."""
    error = BackendError(kind, "It failed.", retry_after=retry_after)
    waits = []
    for attempt in range(1, 10):
        wait = delay(error, attempt, jitter=JITTER)
        if wait is None:
            break
        waits.append(wait)
    return waits


@pytest.mark.parametrize("kind", NEVER)
def test_most_faults_are_final(kind: str) -> None:
    assert tries(kind) == []


@pytest.mark.parametrize(("kind", "times"), [("rate_limit", 2), ("server", 2), ("dns", 1)])
def test_some_are_tried_again(kind: str, times: int) -> None:
    assert len(tries(kind)) == times


def test_waits_grow_and_differ() -> None:
    pairs = [tries("server") for _ in range(20)]
    assert all(0.5 <= first <= 1 <= second <= 2 for first, second in pairs)
    assert len({first for first, _ in pairs}) > 10


@pytest.mark.parametrize("asked", [0.5, 7, LONGEST_WAIT])
def test_retry_after_is_kept(asked: float) -> None:
    assert all(asked <= wait <= LONGEST_WAIT for wait in tries("rate_limit", asked))
    assert len(tries("rate_limit", asked)) == 2


def test_a_longer_wait_is_not_waited_for() -> None:
    assert tries("rate_limit", LONGEST_WAIT + 1) == []
