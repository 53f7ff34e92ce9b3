"""Numbers of the usage for people. What is not known is never shown as nothing."""

from __future__ import annotations

from typing import Final

from streetrace_lsp.ledger.dollars import NANO, in_dollars
from streetrace_lsp.ledger.entries import Tally

from .report import LimitState

UNKNOWN: Final = "unknown"
# Behind a sum that lacks what is not known.
MORE: Final = "+?"
LOST: Final = "(lost when the program ended)"
NO_PROJECT: Final = "(outside of a project)"
_CENT: Final = NANO // 100
_STEPS: Final = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))
# Longer than any deadline allows: a clock was set.
_LONGEST: Final = 99 * 3600
_PERIODS: Final = {"day": "today", "month": "this month"}


def money(tally: Tally) -> str:
    """The cost: ``$1.20``, ``$1.20 +?`` where a part is not known, ``unknown`` where all is."""
    if not tally.unknown:
        return dollars(tally.cost)
    known = tally.cost or tally.unknown < tally.requests
    return f"{dollars(tally.cost)} {MORE}" if known else UNKNOWN


def dollars(amount: int) -> str:
    """An amount in whole cents; a smaller one never looks like nothing."""
    if 0 < amount < _CENT:
        return "<$0.01"
    return f"${(amount + _CENT // 2) // _CENT / 100:,.2f}"


def tokens(number: int, tally: Tally) -> str:
    """A number of tokens of ``tally``, of which some may not have been counted."""
    if not tally.uncounted:
        return short(number)
    return f"{short(number)} {MORE}" if number else UNKNOWN


def short(number: int) -> str:
    """``812``, ``1.2 k``, ``34 M``: two or three digits that count."""
    for size, unit in _STEPS:
        # What would be rounded to 1000 of the smaller unit is one of this.
        if number >= size * 0.9995:
            scaled = number / size
            return f"{scaled:.1f} {unit}" if scaled < 9.95 else f"{scaled:,.0f} {unit}"
    return str(number)


def time(seconds: float | None) -> str:
    """``0.42 s``, ``4.1 s``, ``32 s``, ``2 min 5 s``, ``1 h 5 min``; a dash without an answer."""
    if seconds is None:
        return "–"
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds >= _LONGEST:
        return f">{_LONGEST // 3600} h"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return (
        f"{minutes} min {whole % 60} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
    )


def limit_words(state: LimitState) -> str:
    """For example ``$1.20 of $2.50 today (day in [budget])``."""
    limit, spent = state.limit, state.spent
    where = "in this project, " if limit.scope == "project" else ""
    of = f"of {in_dollars(limit.amount)} {_PERIODS[limit.period]} ({where}{limit.key} in [budget])"
    if spent is None:
        return f"unknown {of}: {state.fault}"
    words = f"{dollars(spent.amount)} {of}"
    if spent.reserved:
        words += f", {dollars(spent.reserved)} more set aside for running requests"
    if spent.unknown:
        words += f", and {counted(spent.unknown, 'request')} of unknown cost"
    return words


def counted(number: int, what: str) -> str:
    """``1 request``, ``2,000 requests``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
