"""What a plot shows: cost and tokens by model, in equal steps of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from streetrace_lsp.ledger.entries import Tally

from .report import Report

# Days that one step may cover: what people think in, then whatever is needed.
_STEPS: Final = (1, 7, 28, 91, 364)
_LONG: Final = 92


@dataclass(frozen=True, slots=True)
class Step:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Series:
    """One model (or the rest of them, ``models`` then says how many): a tally for each step."""

    name: str
    models: int
    tallies: tuple[Tally, ...]

    @property
    def total(self) -> Tally:
        """All steps."""
        return Tally.of(self.tallies)


@dataclass(frozen=True, slots=True)
class Plot:
    """The steps, the latest last, and the series, the largest first."""

    steps: tuple[Step, ...]
    series: tuple[Series, ...]

    @property
    def all(self) -> Series:
        """Everything as one series."""
        columns = zip(*(one.tallies for one in self.series), strict=True)
        tallies = tuple(Tally.of(column) for column in columns)
        models = sum(one.models for one in self.series)
        return Series("", models, tallies or (Tally(),) * len(self.steps))

    @property
    def step_words(self) -> str:
        """What one step is: ``day``, ``week``, ``28 days``."""
        days = max((step.last - step.first).days + 1 for step in self.steps)
        return {1: "day", 7: "week"}.get(days, f"{days} days")


def plot(report: Report, *, most_series: int, most_steps: int) -> Plot:
    """The plot with at most so many series and steps; smaller models are put together."""
    first = _beginning(report)
    long = (report.last - first).days + 1
    days = next((days for days in _STEPS if -(-long // days) <= most_steps), None)
    days = days or -(-long // most_steps)
    steps = _steps(first, report.last, days)
    ordered = _largest(report)
    shown = ordered if len(ordered) <= most_series else ordered[: most_series - 1]
    rest = len(ordered) - len(shown)
    named = set(shown)
    found: dict[tuple[str, int], list[Tally]] = defaultdict(list)
    others: dict[int, list[Tally]] = defaultdict(list)
    last = len(steps) - 1
    for use in report.uses:
        # A clock that was set back leaves days to come; they count as the last one.
        ago = max(0, (report.last - date.fromisoformat(use.day)).days)
        place = last - ago // days
        (found[use.model, place] if use.model in named else others[place]).append(use.tally)
    series = [
        Series(name, 1, tuple(Tally.of(found.get((name, n), ())) for n in range(len(steps))))
        for name in shown
    ]
    if rest:
        tallies = tuple(Tally.of(others.get(n, ())) for n in range(len(steps)))
        series.append(Series("", rest, tallies))
    return Plot(tuple(steps), tuple(series))


def _largest(report: Report) -> list[str]:
    """The models by their share of the cost and of the tokens: one may be free and much used."""
    total = report.total
    cost, tokens = max(1, cost_of(total)), max(1, tokens_of(total))

    def share(model: tuple[str, Tally]) -> float:
        return cost_of(model[1]) / cost + tokens_of(model[1]) / tokens

    return [name for name, _ in sorted(report.by_model(), key=share, reverse=True)]


def _beginning(report: Report) -> date:
    """The first day to show: of a long time only what has anything in it."""
    if (report.last - report.first).days < _LONG or not report.uses:
        return report.first
    used = date.fromisoformat(min(use.day for use in report.uses))
    return min(report.last, max(report.first, used))


def _steps(first: date, last: date, days: int) -> list[Step]:
    # Whole ones back from the last day, so that only the first may be shorter.
    steps = []
    while True:
        begin = max(first, last - timedelta(days=days - 1))
        steps.append(Step(begin, last))
        if begin == first:
            return steps[::-1]
        last = begin - timedelta(days=1)


Value = Callable[[Tally], int]


def cost_of(tally: Tally) -> int:
    """The known cost."""
    return tally.cost


def tokens_of(tally: Tally) -> int:
    """All tokens that were counted."""
    return tally.prompt_tokens + tally.completion_tokens


def unknown_cost(tally: Tally) -> int:
    """Requests whose cost is not known."""
    return tally.unknown


def uncounted(tally: Tally) -> int:
    """Answers whose tokens are not known."""
    return tally.uncounted
