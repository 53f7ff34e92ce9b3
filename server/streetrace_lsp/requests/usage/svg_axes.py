"""Where the lines and dates of a plot go: few, and at round values."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Final

from .chart import MONTHS, in_words
from .series import Step

_FACTORS: Final = (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10)
_MOST_DATES: Final = 10
_STRIDES: Final = (1, 2, 7, 14, 28)
# Beyond so many days months are easier to read than days.
_MONTHS_FROM: Final = 75
_MOST_MONTHS: Final = 14


def ticks(most: int, lines: int) -> list[int]:
    """Round values from 0 to one that is not below ``most``: 2 to ``lines`` above 0.

    Those are taken that leave the least empty.
    """
    if most <= 0:
        return [0]
    size = 10 ** floor(log10(most))
    steps = {max(1, round(size * factor)) for factor in _FACTORS}
    fitting = [step for step in steps if 2 <= ceil(most / step) <= lines] or [most]
    step = min(fitting, key=lambda step: (ceil(most / step) * step, step))
    return [step * number for number in range(ceil(most / step) + 1)]


def dates(steps: Sequence[Step]) -> list[tuple[int, str]]:
    """The places of the steps that get a label, and the labels."""
    first, last = steps[0].first, steps[-1].last
    if (last - first).days > _MONTHS_FROM:
        return _months(steps)
    stride = next((n for n in _STRIDES if len(steps) / n <= _MOST_DATES), _STRIDES[-1])
    places = range(len(steps) - 1, -1, -stride)
    return [(place, in_words(steps[place].last, year=False)) for place in places][::-1]


def _months(steps: Sequence[Step]) -> list[tuple[int, str]]:
    begun = [
        (place, step.last)
        for place, step in enumerate(steps)
        if place == 0 or step.last.replace(day=1) > steps[place - 1].last
    ]
    # The month at the edge has hardly begun to show.
    begun = begun[1:] if len(begun) > 2 else begun
    stride = ceil(len(begun) / _MOST_MONTHS)
    # The heading tells the years; a new one is told where it begins.
    return [
        (place, MONTHS[day.month - 1] + (f" {day.year}" if day.month == 1 else ""))
        for place, day in begun[::stride]
    ]
