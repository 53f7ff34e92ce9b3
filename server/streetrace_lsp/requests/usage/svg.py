"""The plot as a picture: one file that any browser shows, in light and dark, and reads aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

from streetrace_lsp.ledger.dollars import NANO, in_dollars
from streetrace_lsp.ledger.entries import Tally

from . import amounts
from .chart import in_words
from .page import heading, limit_lines
from .report import Report
from .series import Plot, Series, Step, Value, cost_of, plot, tokens_of, uncounted, unknown_cost
from .svg_axes import dates, ticks
from .svg_style import STYLE
from .svg_text import escaped, text_width
from .tables import notes
from .widths import fitted

_WIDE: Final = 960
_LEFT, _RIGHT = 76, 28
_ROOM: Final = _WIDE - _LEFT - _RIGHT
_MOST_SERIES: Final = 7
_MOST_STEPS: Final = 190
_LONGEST_NAME: Final = 44
_LONGEST_NOTE: Final = 140
_WIDEST_BAR: Final = 44.0
_CAP: Final = 6.0
_LEGEND_LINE: Final = 40


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    height: int
    value: Value
    unknown: Value
    words: Callable[[Tally], str]
    tick: Callable[[int], str]
    empty: str


def _tokens(tally: Tally) -> str:
    return amounts.tokens(tokens_of(tally), tally)


def _dollars(amount: int) -> str:
    return f"${amount // NANO:,}" if amount % NANO == 0 else in_dollars(amount)


def _short(number: int) -> str:
    return amounts.short(number).replace(".0 ", " ")


_COST: Final = _Panel("Cost", 200, cost_of, unknown_cost, amounts.money, _dollars, "No cost")
_PANELS: Final = (
    _COST,
    _Panel("Tokens", 140, tokens_of, uncounted, _tokens, _short, "No tokens"),
)


def svg(report: Report) -> str:
    """The picture as SVG 1.1, with nothing outside of it and no script in it."""
    plotted = plot(report, most_series=_MOST_SERIES, most_steps=_MOST_STEPS)
    parts = [_text(_LEFT, 46, heading(report), "title"), _text(_LEFT, 69, _subtitle(report), "sub")]
    legend, below = _legend(plotted, 98)
    parts += legend
    top = below
    for panel in _PANELS:
        total = plotted.all.total
        if panel is _COST and report.uses and not (panel.value(total) or panel.unknown(total)):
            continue  # all of it is free
        parts += _panel(panel, plotted, top)
        top += panel.height + 58
    top -= 6
    parts += _axis(plotted, top)
    for line in [*limit_lines(report), *notes(report)]:
        top += 20
        parts.append(_text(_LEFT, top + 6, fitted(line, _LONGEST_NOTE), "note"))
    height = top + 34
    said = f"{heading(report)}. {_subtitle(report)}. {_described(plotted)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" '
            f'width="{_WIDE}" height="{height}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escaped(heading(report))}</title>',
            f'<desc id="desc">{escaped(said)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="surface" width="{_WIDE}" height="{height}" rx="12"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _subtitle(report: Report) -> str:
    total = report.total
    if not report.uses:
        return "Nothing was asked in this time"
    return (
        f"{amounts.money(total)} · {_tokens(total)} tokens · "
        f"{amounts.counted(total.requests, 'request')}, {total.failed:,} failed"
    )


def _described(plotted: Plot) -> str:
    return " ".join(
        f"{_name(one)}: {amounts.money(one.total)}, {_tokens(one.total)} tokens."
        for one in plotted.series
    )


def _name(one: Series) -> str:
    if one.models > 1 or not one.name:
        return f"{one.models:,} others" if one.models > 1 else amounts.LOST
    return fitted(one.name, _LONGEST_NAME)


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "") -> str:
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}"{where}>{escaped(text)}</text>'


def _kind(one: Series, place: int) -> str:
    return "rest" if one.models > 1 else f"s{place + 1}"


def _legend(plotted: Plot, top: int) -> tuple[list[str], int]:
    entries = [
        (_kind(one, place), _name(one), f"{amounts.money(one.total)} · {_tokens(one.total)} tokens")
        for place, one in enumerate(plotted.series)
    ]
    if any(one.total.unknown or one.total.uncounted for one in plotted.series):
        entries.append(("cap", "not known", "on top of what is known"))
    if not entries:
        return [], top + 22
    widest = max(max(text_width(name, 13), text_width(words, 12)) for _, name, words in entries)
    columns = max(1, min(len(entries), 4, int(_ROOM // (widest + 44))))
    # As even as can be: 2 and 2 rather than 3 and 1.
    columns = ceil(len(entries) / ceil(len(entries) / columns))
    parts = []
    for place, (kind, name, words) in enumerate(entries):
        x = _LEFT + place % columns * _ROOM / columns
        y = top + place // columns * _LEGEND_LINE
        parts += [
            f'<rect x="{x:g}" y="{y}" width="11" height="11" rx="3" class="{kind}"/>',
            _text(x + 19, y + 10, name, "name"),
            _text(x + 19, y + 26, words, "sub small"),
        ]
    return parts, top + ceil(len(entries) / columns) * _LEGEND_LINE + 22


def _panel(panel: _Panel, plotted: Plot, top: int) -> list[str]:
    values = [
        sum(panel.value(one.tallies[n]) for one in plotted.series)
        for n in range(len(plotted.steps))
    ]
    marks = ticks(max(values), panel.height // 42)
    base, scale = top + 18 + panel.height, panel.height / (marks[-1] or 1)
    parts = [_text(_LEFT, top, f"{panel.title} per {plotted.step_words}", "head")]
    for mark in marks:
        y = round(base - mark * scale, 1)
        kind = "line" if mark else "base"
        parts.append(f'<path d="M{_LEFT} {y:g}H{_WIDE - _RIGHT}" class="{kind}"/>')
        parts.append(_text(_LEFT - 10, y + 4, panel.tick(mark), "tick", anchor="end"))
    if not max(values):
        words = f"{panel.empty} is known" if _any_unknown(panel, plotted) else panel.empty
        parts.append(_text(_LEFT + _ROOM / 2, base - 24, words, "sub", anchor="middle"))
    for place, step in enumerate(plotted.steps):
        parts += _column(panel, plotted, place, step, (base, scale))
    return parts


def _any_unknown(panel: _Panel, plotted: Plot) -> bool:
    return any(panel.unknown(one.total) for one in plotted.series)


def _column(
    panel: _Panel, plotted: Plot, place: int, step: Step, ground: tuple[float, float]
) -> list[str]:
    tallies = [one.tallies[place] for one in plotted.series]
    if not any(tally.requests for tally in tallies):
        return []
    base, scale = ground
    slot = _ROOM / len(plotted.steps)
    bar = min(_WIDEST_BAR, slot * (0.74 if slot > 5 else 0.92))
    left, x = _LEFT + place * slot, _LEFT + place * slot + (slot - bar) / 2
    parts = [
        f"<g><title>{escaped(_told(panel, plotted, tallies, step))}</title>",
        f'<rect x="{left:.1f}" y="{base - panel.height:g}" width="{slot:.1f}" '
        f'height="{panel.height}" class="hit"/>',
    ]
    y = base
    shown = [(n, panel.value(tally)) for n, tally in enumerate(tallies) if panel.value(tally)]
    for order, (n, value) in enumerate(shown):
        high = max(1.0, value * scale)
        y -= high
        # A thin gap tells the parts apart, also without their colours.
        gap = 1.0 if order < len(shown) - 1 and high > 3 and bar > 4 else 0.0
        kind = _kind(plotted.series[n], n)
        parts.append(_bar(x, y + gap, bar, high - gap, kind, top=order == len(shown) - 1))
    if any(panel.unknown(tally) for tally in tallies):
        parts.append(
            f'<rect x="{x + 0.5:.1f}" y="{y - _CAP - 1.5:.1f}" width="{max(1.0, bar - 1):.1f}" '
            f'height="{_CAP:g}" rx="{min(2.0, bar / 4):.1f}" class="cap"/>'
        )
    return [*parts, "</g>"]


def _bar(x: float, y: float, wide: float, high: float, kind: str, *, top: bool) -> str:
    r = min(3.0, wide / 3, high) if top else 0.0
    return (
        f'<path d="M{x:.1f} {y + high:.1f}v{r - high:.1f}q0 {-r:.1f} {r:.1f} {-r:.1f}'
        f'h{wide - 2 * r:.1f}q{r:.1f} 0 {r:.1f} {r:.1f}v{high - r:.1f}z" class="{kind}"/>'
    )


def _told(panel: _Panel, plotted: Plot, tallies: list[Tally], step: Step) -> str:
    days = in_words(step.last)
    if step.first != step.last:
        days = f"{in_words(step.first)} to {days}"
    lines = [f"{days}: {panel.words(Tally.of(tallies))}"]
    if len(plotted.series) > 1:
        lines += [
            f"{_name(one)}: {panel.words(tally)}"
            for one, tally in zip(plotted.series, tallies, strict=True)
            if tally.requests
        ]
    return "\n".join(lines)


def _axis(plotted: Plot, y: int) -> Iterator[str]:
    slot = _ROOM / len(plotted.steps)
    for place, words in dates(plotted.steps):
        x = _LEFT + (place + 0.5) * slot
        yield _text(x, y - 14, words, "tick", anchor="middle")
