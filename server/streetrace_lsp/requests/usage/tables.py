"""The tables of the usage as rows of text: what a terminal and a page both show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from streetrace_lsp.ledger.entries import Tally

from . import amounts
from .report import Report, Total

_NUMBERS: Final = ("requests", "failed", "tokens in", "tokens out", "cost")


@dataclass(frozen=True, slots=True)
class Table:
    """``title`` and rows; the first column is a name, the others are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report, *, most: int) -> list[Table]:
    """By day, by project where there are several, and by model, with at most so many rows each.

    What is left out is in a last row.
    """
    found = [_table("By day", "day", report.by_day(), most, "earlier day")]
    projects = report.by_project()
    if report.project is None and len(projects) > 1:
        named = [(name or amounts.NO_PROJECT, tally) for name, tally in projects]
        found.append(_table("By project", "project", named, most, "more project"))
    return [*found, _models(report, most)]


def notes(report: Report) -> list[str]:
    """What the numbers leave out, in sentences."""
    total = report.total
    said = []
    if total.unknown:
        what = amounts.counted(total.unknown, "request")
        said.append(f"The cost of {what} is not known and not in the sums ({amounts.MORE}).")
    if total.uncounted:
        what = amounts.counted(total.uncounted, "answer")
        said.append(f"The tokens of {what} were not counted ({amounts.MORE}).")
    if total.cancelled or total.cached:
        parts = [
            f"{number:,} {words}"
            for number, words in ((total.cancelled, "stopped"), (total.cached, "from the cache"))
            if number
        ]
        said.append(f"Of the requests, {' and '.join(parts)}.")
    return said


def _models(report: Report, most: int) -> Table:
    models = report.by_model()
    table = _table("By model", "model", models, most, "more model")
    times = [amounts.time(report.seconds.get(name)) for name, _ in models]
    times = times if len(models) <= most else [*times[: most - 1], ""]
    rows = [
        (name or amounts.LOST, *numbers, time)
        for (name, *numbers), time in zip(table.rows, times, strict=True)
    ]
    if len(rows) > 1:
        rows.append(("all", *_numbers(report.total), ""))
    return Table(table.title, (*table.head, "median"), tuple(rows))


def _table(title: str, first: str, totals: Sequence[Total], most: int, more: str) -> Table:
    shown = totals if len(totals) <= most else totals[: most - 1]
    rows = [(name, *_numbers(tally)) for name, tally in shown]
    rest = totals[len(shown) :]
    if rest:
        words = f"and {amounts.counted(len(rest), more)}"
        rows.append((words, *_numbers(Tally.of(tally for _, tally in rest))))
    return Table(title, (first, *_NUMBERS), tuple(rows))


def _numbers(tally: Tally) -> tuple[str, ...]:
    return (
        f"{tally.requests:,}",
        f"{tally.failed:,}",
        amounts.tokens(tally.prompt_tokens, tally),
        amounts.tokens(tally.completion_tokens, tally),
        amounts.money(tally),
    )
