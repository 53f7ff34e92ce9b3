"""Calendar days and months of local time, as the ledger stores and compares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from .entries import Period


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar period: days from ``first`` up to, not including, ``renews`` (ISO dates)."""

    first: str
    renews: str

    @property
    def renewal(self) -> str:
        """When it ends, for people."""
        return f"{self.renews} at 00:00 local time"


def local_day(at: float, zone: tzinfo | None) -> str:
    """The date of ``at`` (seconds since 1970) in ``zone``; None: the machine's own zone."""
    return datetime.fromtimestamp(at, zone).date().isoformat()


def span_of(period: Period, at: float, zone: tzinfo | None) -> Span:
    """The calendar day or month in which ``at`` lies."""
    today = datetime.fromtimestamp(at, zone).date()
    if period == "day":
        return Span(today.isoformat(), (today + timedelta(days=1)).isoformat())
    first = today.replace(day=1)
    # Day 28 exists in every month, and 4 days later is always the next one.
    following = (date(first.year, first.month, 28) + timedelta(days=4)).replace(day=1)
    return Span(first.isoformat(), following.isoformat())
