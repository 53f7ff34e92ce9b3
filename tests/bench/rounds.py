"""Measuring two things so that what disturbs one disturbs the other: A B, B A, A B …"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

Measure = Callable[[], float]
Pair = tuple[list[float], list[float]]


def interleaved(ours: Measure, reference: Measure, rounds: int) -> Pair:
    """Measure both in every round, each first in every other one."""
    measured: Pair = ([], [])
    for number in range(rounds):
        _once(ours, reference, number, measured)
    return measured


def steady(
    ours: Measure, reference: Measure, *, least: int, most: int, unchanged: int = 12
) -> Pair:
    """Measure in rounds until both minimums stand: none fell by 0.5 % for ``unchanged`` rounds.

    The minimum is what a thing takes when nobody disturbs it; it only ever falls towards that.
    """
    measured: Pair = ([], [])
    lows, since = (float("inf"), float("inf")), 0
    for number in range(most):
        _once(ours, reference, number, measured)
        found = (min(measured[0]), min(measured[1]))
        fell = any(new < old * 0.995 for new, old in zip(found, lows, strict=True))
        lows, since = (found, 0) if fell else (lows, since + 1)
        if number + 1 >= least and since >= unchanged:
            break
    return measured


def p99(values: Sequence[float]) -> float:
    """The value that 99 % do not exceed."""
    return sorted(values)[ceil(len(values) * 0.99) - 1]


def undisturbed(values: Sequence[float]) -> float:
    """What it takes while few others need the processors: the lower quartile."""
    return sorted(values)[(len(values) - 1) // 4]


def _once(ours: Measure, reference: Measure, number: int, measured: Pair) -> None:
    order = [(ours, measured[0]), (reference, measured[1])]
    for measure, into in order if number % 2 == 0 else order[::-1]:
        into.append(measure())
