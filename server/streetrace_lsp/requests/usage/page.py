"""The usage as a page for a terminal. What matters most is at the end, where a shell stops."""

from __future__ import annotations

from typing import Final

from . import amounts
from .chart import Style, charts, in_words
from .report import Report
from .tables import Table, notes, tables
from .widths import fitted, padded, width

_GAP: Final = 2
_NARROWEST_NAME: Final = 16
_MOST_ROWS: Final = 31


def page(report: Report, style: Style) -> list[str]:
    """The lines: the plots, the tables, what they leave out, and the limits."""
    lines = [heading(report), ""]
    if not report.uses:
        return [*lines, nothing(report), *_limits(report)]
    for chart in charts(report, style):
        lines += [*chart, ""]
    for table in tables(report, most=_MOST_ROWS):
        lines += [*_table(table, style.columns), ""]
    said = notes(report)
    return [*lines[:-1], *(["", *said] if said else []), *_limits(report)]


def heading(report: Report) -> str:
    """What this is about, in a line."""
    days = in_words(report.first)
    if report.first != report.last:
        days = f"{days} to {in_words(report.last)}"
    where = "all projects" if report.project is None else fitted(report.project, 400)
    return f"Usage, {days}, {where}"


def summary(report: Report) -> str:
    """All of it in a sentence."""
    total = report.total
    asked = amounts.counted(total.requests, "request")
    return f"{amounts.money(total)} for {asked} since {in_words(report.first)}."


def nothing(report: Report, since: str = "--since") -> str:
    """Why there is nothing to show, and what to do; ``since`` asks for more time."""
    whose = "" if report.project is None else " in this project"
    if report.latest is None and report.project is not None:
        return f"Nothing was asked{whose} yet. Without --project, all of them are shown."
    if report.latest is None:
        return (
            "Nothing was asked yet. Choose one of Streetrace's code actions in your "
            "editor, or run: streetrace-lsp run explain FILE"
        )
    return (
        f"Nothing was asked{whose} in this time. The last request was on {report.latest}: "
        f"{since} {report.latest} shows it."
    )


def limit_lines(report: Report) -> list[str]:
    """The limits in force and what is used of each, one a line."""
    lines = [f"Budget: {amounts.limit_words(state)}" for state in report.limits]
    return [*lines, f"Budget: not known. {report.fault}"] if report.fault else lines


def _limits(report: Report) -> list[str]:
    lines = limit_lines(report)
    return ["", *lines] if lines else []


def _table(table: Table, columns: int) -> list[str]:
    cells = [table.head, *table.rows]
    numbers = [max(width(row[n]) for row in cells) for n in range(1, len(table.head))]
    taken = sum(numbers) + _GAP * len(numbers)
    longest = max(width(row[0]) for row in cells)
    room = columns - taken
    lines = [table.title]
    if room < min(longest, _NARROWEST_NAME):
        # No room beside the numbers: the name gets a line of its own.
        for row in cells:
            lines += [fitted(row[0], columns), "  " + _numbers(row[1:], numbers).strip()]
        return lines
    name = min(longest, room)
    for row in cells:
        lines.append(padded(fitted(row[0], name), name) + _numbers(row[1:], numbers))
    return lines


def _numbers(cells: tuple[str, ...], widths: list[int]) -> str:
    gap = " " * _GAP
    shown = zip(cells, widths, strict=True)
    return "".join(gap + padded(cell, columns, right=True) for cell, columns in shown).rstrip()
