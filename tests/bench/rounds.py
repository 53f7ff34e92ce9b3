"""Measuring two things so that what disturbs one disturbs the other: A B, B A, A B …"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from statistics import median

Measure = Callable[[], float]
Pair = tuple[list[float], list[float]]


def interleaved(ours: Measure, reference: Measure, rounds: int) -> Pair:
    """Measure both in every round, each first in every other one."""
    measured: Pair = ([], [])
    for number in range(rounds):
        _once(ours, reference, number, measured)
    return measured


def paired(measured: Pair) -> float:
    """The middle one of the ratios of each round.

    What disturbs a whole round cancels out. Of all that was tried this varied least on a busy
    machine: by 3 % in 30 starts, where the ratio of the minimums varied by 5 %.
    """
    return median(ours / reference for ours, reference in zip(*measured, strict=True))


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
