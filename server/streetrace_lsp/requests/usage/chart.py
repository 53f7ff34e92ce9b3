"""The plot as text: a bar for each step of days, and below it a small one for each model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from streetrace_lsp.ledger.entries import Tally

from . import amounts
from .report import Report
from .series import Plot, Series, Value, cost_of, plot, tokens_of, uncounted, unknown_cost
from .widths import fitted, padded, width

_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_ASCII: Final = " .:-=+*%#"
MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_HEIGHT: Final = 5
_MOST_SERIES: Final = 7
_WIDEST_STEP: Final = 6
_WIDEST_NAME: Final = 36
_LABEL: Final = 9

Paint = Callable[[str, int], str]
ALL: Final = -1


@dataclass(frozen=True, slots=True)
class Style:
    """``columns`` to fill; ``blocks`` False: only ASCII; ``paint`` colours the text of a series.

    A series is meant by its place in the list, `ALL` is all of them together.
    """

    columns: int
    blocks: bool = True
    paint: Paint = lambda text, _: text

    def bar(self, eighths: int) -> str:
        """A character that is so many eighths full."""
        return (_BLOCKS if self.blocks else _ASCII)[eighths]


@dataclass(frozen=True, slots=True)
class _Measure:
    title: str
    value: Value
    unknown: Value
    words: Callable[[Tally], str]
    top: Callable[[int], str]


def _tokens(tally: Tally) -> str:
    return amounts.tokens(tokens_of(tally), tally)


_COST: Final = _Measure("Cost", cost_of, unknown_cost, amounts.money, amounts.dollars)
_MEASURES: Final = (
    _COST,
    _Measure("Tokens", tokens_of, uncounted, _tokens, amounts.short),
)


def charts(report: Report, style: Style) -> list[list[str]]:
    """The lines of the plot of cost, unless all of it is free, and of the plot of tokens."""
    wide = max(_LABEL, min(_WIDEST_NAME, style.columns // 3))
    # On both sides of the bars: a name, and the sum of the row.
    room = max(8, style.columns - wide - _LABEL - 4)
    plotted = plot(report, most_series=_MOST_SERIES, most_steps=room)
    names = [fitted(_name(one), wide) for one in plotted.series]
    beside = max(_LABEL, *map(width, names))
    return [
        _chart(measure, plotted, names, beside, room, style)
        for measure in _MEASURES
        if measure is not _COST or _shows(measure, plotted.all)
    ]


def _chart(
    measure: _Measure, plotted: Plot, names: list[str], beside: int, room: int, style: Style
) -> list[str]:
    every = plotted.all
    step = min(_WIDEST_STEP, max(1, room // len(plotted.steps)))
    most = max(map(measure.value, every.tallies))
    lines = [f"{measure.title} per {plotted.step_words}"]
    levels = [_level(measure, tally, most, _HEIGHT) for tally in every.tallies]
    for row in range(_HEIGHT - 1, -1, -1):
        bars = "".join(_cell(style, level, row, step) for level in levels)
        label = measure.top(most) if row == _HEIGHT - 1 else ""
        edge = "│" if style.blocks else "|"
        lines.append(f"{padded(label, beside, right=True)} {edge}{style.paint(bars, ALL)}")
    foot, flat = ("└", "─") if style.blocks else ("+", "-")
    lines.append(f"{padded('0', beside, right=True)} {foot}{flat * (step * len(levels))}")
    lines.append(f"{' ' * beside}  {_dates(plotted, step * len(levels))}")
    # One scale for all of them, so that they can be compared.
    peak = max((measure.value(tally) for one in plotted.series for tally in one.tallies), default=0)
    for place, (one, name) in enumerate(zip(plotted.series, names, strict=True)):
        if not _shows(measure, one):
            continue
        bars = "".join(
            _cell(style, _level(measure, tally, peak, 1), 0, step) for tally in one.tallies
        )
        words = measure.words(one.total)
        lines.append(f"{padded(name, beside)}  {style.paint(bars, place)}  {words}".rstrip())
    return [line.rstrip() for line in lines]


def _shows(measure: _Measure, one: Series) -> bool:
    """Whether there is anything of it to see, or it is not known."""
    return bool(measure.value(one.total) or measure.unknown(one.total))


def _level(measure: _Measure, tally: Tally, most: int, height: int) -> int | None:
    """Eighths of a row; None where only unknown amounts are."""
    value = measure.value(tally)
    if value:
        return max(1, round(value / most * height * 8))
    return None if measure.unknown(tally) else 0


def _cell(style: Style, level: int | None, row: int, step: int) -> str:
    # Bars stand apart where there is room for it.
    wide = step if step == 1 else step - 1
    if level is None:
        return ("?" if row == 0 else " ").ljust(step)
    return (style.bar(min(8, max(0, level - row * 8))) * wide).ljust(step)


def _name(one: Series) -> str:
    return one.name or (amounts.LOST if one.models == 1 else f"{one.models:,} others")


def _dates(plotted: Plot, columns: int) -> str:
    first, last = plotted.steps[0].first, plotted.steps[-1].last
    years = first.year != last.year
    begin, end = in_words(first, year=years), in_words(last, year=years)
    if first == last or len(begin) + 1 + len(end) > columns:
        return begin if first == last else f"{begin} – {end}"
    return begin + end.rjust(columns - len(begin))


def in_words(day: date, *, year: bool = True) -> str:
    """``3 April 2026`` in short: ``3 Apr 2026``, in every locale."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words
