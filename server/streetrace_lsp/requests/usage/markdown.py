"""The usage as a Markdown page, without a title."""

from __future__ import annotations

import re
from typing import Final

from streetrace_lsp.config.readable import escaped

from .chart import Style, charts
from .page import heading, limit_lines, nothing
from .report import Report
from .tables import Table, notes, tables

_MOST_ROWS: Final = 31
_COLUMNS: Final = 100
_LONGEST_NAME: Final = 200
_NAMES: Final = (
    "Models are named by their provider: the backends of your projects may have other names."
)


def markdown(report: Report, since: str) -> str:
    """What is spent of the limits, then tables and plots, those of the models first."""
    budget = "\n".join(f"- {escaped(line)}" for line in limit_lines(report))
    # The page has "Usage" for its title.
    parts = [escaped(heading(report).removeprefix("Usage, ")), budget]
    if not report.uses:
        return _joined([*parts, nothing(report, since)])
    *others, models = tables(report, most=_MOST_ROWS)
    parts += [_table(models), _NAMES]
    parts += [_fenced(lines) for lines in charts(report, Style(_COLUMNS))]
    parts += [_table(table) for table in reversed(others)]
    return _joined([*parts, *notes(report)])


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _fenced(lines: list[str]) -> str:
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall("~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _table(table: Table) -> str:
    lines = [_row(table.head), _row(("---", *("---:" for _ in table.head[1:])))]
    lines += [_row((_code(name), *numbers)) for name, *numbers in table.rows]
    return f"## {table.title}\n\n" + "\n".join(lines)


def _code(name: str) -> str:
    shown = escaped(name, longest=_LONGEST_NAME).replace("`", "'").replace("|", "\\|")
    return f"`{shown}`"


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
