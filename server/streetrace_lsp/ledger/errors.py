"""Why a call may not be made, or the history not be shown."""

from __future__ import annotations

from streetrace_lsp.errors import StreetraceError

from .dollars import in_dollars
from .entries import Limit, Spent
from .periods import Span

_WHOSE = {
    ("person", "day"): "Your limit of {} a day",
    ("person", "month"): "Your limit of {} a month",
    ("project", "day"): "This project's limit of {} a day",
    ("project", "month"): "This project's limit of {} a month",
}


def lost_entries(number: int, reason: str) -> str:
    """What a person is told of ``number`` entries that are not written; ``reason`` is a clause."""
    what = "1 entry" if number == 1 else f"{number} entries"
    return f"{what} of the usage history {'is' if number == 1 else 'are'} lost, because {reason}."


class LedgerError(StreetraceError):
    """The usage history can't be read."""


class BudgetUnknownError(LedgerError):
    """A limit holds, and what is spent can't be read or written: the call is not made."""


class OverBudgetError(StreetraceError):
    """The call could spend more than a limit allows; no connection is made."""

    is_failure = False

    def __init__(self, limit: Limit, spent: Spent, amount: int, span: Span) -> None:
        self.limit = limit
        self.spent = spent
        self.amount = amount
        self.renews = span.renews
        whose = _WHOSE[limit.scope, limit.period].format(in_dollars(limit.amount))
        running = spent.reserved and spent.amount + amount <= limit.amount
        first = "Wait until a running request has ended, or use" if running else "Use"
        super().__init__(
            f"{whose} does not allow this call: {in_dollars(spent.amount)} spent, "
            f"{in_dollars(spent.reserved)} reserved for running requests, and the call could "
            f"cost {in_dollars(amount)}. The limit renews on {span.renewal}.",
            f"{first} a cheaper or a local model, set max_tokens lower (the longest answer that is "
            f"allowed is what a call could cost), or raise {limit.key} in [budget].",
        )
