"""Which of several servers is asked next."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from plain_targets import target
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.pool import FALLS_BACK, FIRST_PAUSE, LONGEST_PAUSE, Balancer
from streetrace_lsp.routing.targets import Target

A, B, C = (target("openai", "m", f"pool @ {name}") for name in "abc")


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def balancer(clock: Clock) -> Balancer:
    return Balancer(clock)


def fail(balancer: Balancer, asked: Target, kind: str = "connect", **more: float) -> None:
    with pytest.raises(BackendError), balancer.asking(asked):
        raise BackendError(kind, "It failed.", **more)  # type: ignore[arg-type]


def test_the_least_busy_is_asked_and_of_equals_the_longest_unasked(balancer: Balancer) -> None:
    with ExitStack() as running:
        for expected in (A, B, C, A, B, C):
            chosen = balancer.ready([A, B, C])[0]
            assert chosen is expected
            running.enter_context(balancer.asking(chosen))
    with balancer.asking(A):
        assert balancer.ready([A, B, C]) == [B, C, A]


@pytest.mark.parametrize("kind", sorted(FALLS_BACK))
def test_a_failed_server_is_left_alone_and_comes_back(
    balancer: Balancer, clock: Clock, kind: str
) -> None:
    fail(balancer, A, kind)
    assert balancer.ready([A, B]) == [B]
    clock.now += FIRST_PAUSE - 0.1
    assert balancer.ready([A, B]) == [B]
    clock.now += 0.2
    assert A in balancer.ready([A, B])


@pytest.mark.parametrize("kind", ["auth", "not_found", "context", "tls", "content_filter"])
def test_what_a_person_has_to_mend_closes_nothing(balancer: Balancer, kind: str) -> None:
    fail(balancer, A, kind)
    assert A in balancer.ready([A, B])


def test_after_the_pause_one_request_tries_and_the_others_wait_for_it(
    balancer: Balancer, clock: Clock
) -> None:
    fail(balancer, A)
    clock.now += FIRST_PAUSE
    with balancer.asking(A):
        assert balancer.ready([A, B]) == [B]
        balancer.answered(A)
        assert A in balancer.ready([A, B])
    assert A in balancer.ready([A, B])


def test_an_answer_that_came_from_elsewhere_opens_nothing(balancer: Balancer, clock: Clock) -> None:
    fail(balancer, A)
    with balancer.asking(A):
        pass
    assert balancer.ready([A]) == []


def test_each_failure_in_a_row_doubles_the_pause_up_to_five_minutes(
    balancer: Balancer, clock: Clock
) -> None:
    pause = FIRST_PAUSE
    for _ in range(8):
        fail(balancer, A)
        clock.now += pause - 0.1
        assert balancer.ready([A]) == []
        clock.now += 0.1
        assert balancer.ready([A]) == [A]
        pause = min(2 * pause, LONGEST_PAUSE)
    with balancer.asking(A):
        balancer.answered(A)
    fail(balancer, A)
    clock.now += FIRST_PAUSE
    assert balancer.ready([A]) == [A]


def test_requests_that_were_under_way_tell_of_one_failure(balancer: Balancer, clock: Clock) -> None:
    for _ in range(5):
        fail(balancer, A)
    clock.now += FIRST_PAUSE
    assert balancer.ready([A]) == [A]


def test_a_server_that_asks_for_more_time_gets_it(balancer: Balancer, clock: Clock) -> None:
    fail(balancer, A, "rate_limit", retry_after=100.0)
    clock.now += 99
    assert balancer.ready([A]) == []
    clock.now += 1
    assert balancer.ready([A]) == [A]


def test_where_none_is_ready_the_one_that_is_soonest_goes_first(
    balancer: Balancer, clock: Clock
) -> None:
    fail(balancer, A)
    clock.now += 5
    fail(balancer, B)
    assert balancer.ready([A, B]) == []
    assert balancer.soonest([B, A]) == [A, B]


def test_a_cancelled_request_says_nothing_about_its_server(balancer: Balancer) -> None:
    with pytest.raises(GeneratorExit), balancer.asking(A):
        raise GeneratorExit
    assert balancer.ready([A]) == [A]
