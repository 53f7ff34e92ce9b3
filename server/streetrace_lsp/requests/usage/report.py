"""What was used since a day, and what of each limit: the one source of every way to show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from streetrace_lsp.ledger.entries import Limit, Spent, Tally, Use
from streetrace_lsp.ledger.errors import BudgetUnknownError
from streetrace_lsp.routing.spending import limits_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.ledger.ledger import Ledger

Total = tuple[str, Tally]


@dataclass(frozen=True, slots=True)
class LimitState:
    """A limit in force and what counts against it; ``spent`` None: see ``fault``."""

    limit: Limit
    spent: Spent | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The use from ``first`` to ``last``, both included.

    ``project``: the only one that counts, None for all of them. ``seconds``: the median of a
    whole answer, by model. ``latest``: the day of the last request before, where this time has
    none. ``limits`` holds what is in force for the place where it was asked; ``fault`` says why
    that is not known.
    """

    first: date
    last: date
    project: str | None
    uses: tuple[Use, ...]
    seconds: Mapping[str, float]
    latest: str | None
    limits: tuple[LimitState, ...]
    fault: str

    @property
    def total(self) -> Tally:
        """Everything."""
        return Tally.of(use.tally for use in self.uses)

    def by_model(self) -> list[Total]:
        """The models, those that cost most first; what nobody has a price for by its tokens."""
        return sorted(self._by(lambda use: use.model), key=_weight)

    def by_project(self) -> list[Total]:
        """The projects, in the same order."""
        return sorted(self._by(lambda use: use.project), key=_weight)

    def by_day(self) -> list[Total]:
        """The days on which something was asked, the latest first."""
        return sorted(self._by(lambda use: use.day), reverse=True)

    def _by(self, key: Callable[[Use], str]) -> list[Total]:
        found: dict[str, list[Tally]] = defaultdict(list)
        for use in self.uses:
            found[key(use)].append(use.tally)
        return [(name, Tally.of(tallies)) for name, tallies in found.items()]


async def gather(
    ledger: Ledger, first: date, last: date, *, project: str | None, here: Configuration
) -> Report:
    """The report of ``project``, None for all, with the limits that hold ``here``.

    Raises ``LedgerError``.
    """
    found = await ledger.history(first.isoformat(), project)
    root = str(here.project.root) if here.project is not None else ""
    limits = [await _state(ledger, limit, root) for limit in limits_of(here)]
    fault = here.fault.sentence if here.fault is not None else ""
    return Report(
        first, last, project, found.uses, found.seconds, found.latest, tuple(limits), fault
    )


async def _state(ledger: Ledger, limit: Limit, project: str) -> LimitState:
    try:
        return LimitState(limit, await ledger.spent(limit.scope, limit.period, project))
    except BudgetUnknownError as error:
        return LimitState(limit, None, error.sentence)


def _weight(total: Total) -> tuple[int, int, int, str]:
    name, tally = total
    return -tally.cost, -tally.prompt_tokens - tally.completion_tokens, -tally.requests, name
