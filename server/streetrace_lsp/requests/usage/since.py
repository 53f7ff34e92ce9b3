"""From when on: ``--since`` as people write it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from streetrace_lsp.errors import StreetraceError

DEFAULT: Final = "30d"
_SPAN: Final = re.compile(r"([0-9]{1,5})\s*([dwm])", re.IGNORECASE)
_DAYS: Final = {"d": 1, "w": 7}


class SinceError(StreetraceError):
    """What was given is no time in the past."""

    is_failure = False


def first_day(given: str, today: date) -> date:
    """The first day that ``given`` means: a date, or ``7d``, ``4w``, ``3m`` with today included.

    Raises `SinceError`.
    """
    text = given.strip()
    if span := _SPAN.fullmatch(text):
        number, unit = int(span[1]), span[2].lower()
        if number == 0:
            raise SinceError(f"“{given}” is no time at all.", "Today alone is 1d.")
        return _back(today, number, unit)
    try:
        first = date.fromisoformat(text)
    except ValueError:
        raise SinceError(
            f"“{given}” is no date.", "Write YYYY-MM-DD, or 7d, 4w or 3m for days, weeks, months."
        ) from None
    if first > today:
        raise SinceError(f"{first} has not begun yet.", f"Today is {today}.")
    return first


def _back(today: date, number: int, unit: str) -> date:
    try:
        if unit in _DAYS:
            return today - timedelta(days=number * _DAYS[unit] - 1)
        year, month = divmod(today.year * 12 + today.month - 1 - number, 12)
        # The last day of a month that is shorter.
        last = (date(year, month + 1, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return date(year, month + 1, min(today.day, last.day)) + timedelta(days=1)
    except (OverflowError, ValueError):
        return date.min
