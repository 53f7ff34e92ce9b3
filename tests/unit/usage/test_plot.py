"""The plot, as text and as a picture, of whatever a history may hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from streetrace_lsp.ledger import Tally, Use
from streetrace_lsp.requests.usage.chart import Style, charts
from streetrace_lsp.requests.usage.markdown import markdown
from streetrace_lsp.requests.usage.page import page
from streetrace_lsp.requests.usage.report import Report
from streetrace_lsp.requests.usage.series import plot
from streetrace_lsp.requests.usage.svg import svg
from streetrace_lsp.requests.usage.svg_axes import ticks
from streetrace_lsp.requests.usage.widths import fitted, width

LAST = date(2026, 3, 31)
CENT = 10**7
ODD = (
    "\x1b[31mred\x07", "a\u202eb", "模型" * 90, "x" * 5000, "e\u0301" * 80, "`|*_#<b>&\"'", "~~~~",
    "]]><script>alert(1)</script>", "\ufffe", "👩‍🔬", "line\nbreak", "",
)  # fmt: skip


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - what we wrote ourselves


def report(uses: Iterable[Use], days: int = 30) -> Report:
    first = LAST - timedelta(days=days - 1)
    return Report(first, LAST, None, tuple(uses), {}, None, (), "")


def use(model: str, ago: int = 0, cents: int = 1, **more: int) -> Use:
    tally = Tally(requests=1, prompt_tokens=10, cost=cents * CENT, **more)
    return Use((LAST - timedelta(days=ago)).isoformat(), "/shop", model, tally)


@pytest.mark.parametrize(
    ("days", "most", "steps", "words"),
    [
        (1, 50, 1, "day"),
        (30, 30, 30, "day"),
        (31, 30, 5, "week"),
        (400, 60, 58, "week"),
        (4000, 60, 44, "91 days"),
        (300_000, 60, 60, "5000 days"),
    ],
)
def test_each_request_is_in_exactly_one_step(days: int, most: int, steps: int, words: str) -> None:
    uses = [use("a", ago) for ago in (0, days // 2, days - 1)]
    found = plot(report(uses, days), most_series=3, most_steps=most)
    assert (len(found.steps), found.step_words) == (steps, words)
    assert found.all.total.requests == 3
    assert found.all.tallies[0].requests > 0
    assert found.all.tallies[-1].requests > 0


def test_of_a_long_time_only_what_has_anything_in_it_is_shown() -> None:
    found = plot(report([use("a", 9)], 3000), most_series=3, most_steps=50)
    assert len(found.steps) == 10


def test_a_clock_that_was_set_back_loses_nothing() -> None:
    found = plot(report([use("a", -3), use("a")]), most_series=3, most_steps=50)
    assert found.all.tallies[-1].requests == 2


def test_small_models_are_put_together_and_a_free_one_that_is_much_used_is_none() -> None:
    free = use("free", cents=0)
    free = Use(free.day, free.project, free.model, free.tally._replace(prompt_tokens=10**6))
    uses = [free, *(use(f"m{n}", cents=n) for n in range(1, 3001))]
    found = plot(report(uses), most_series=4, most_steps=50)
    assert [(one.name, one.models) for one in found.series] == [
        ("free", 1),
        ("m3000", 1),
        ("m2999", 1),
        ("", 2998),
    ]
    assert found.all.total.requests == 3001


@pytest.mark.parametrize("most", [1, 2, 3, 7, 99, 101, 217_000, 10**9 - 1, 5 * 10**15])
@pytest.mark.parametrize("lines", [3, 4])
def test_lines_stand_at_round_values_and_none_is_missing(most: int, lines: int) -> None:
    found = ticks(most, lines)
    assert found[0] == 0
    assert found[-1] >= most
    assert len(found) - 1 <= lines
    assert found[-1] <= max(2 * most, 3)


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("blocks", [True, False])
def test_no_line_of_the_plot_is_wider_than_the_terminal(columns: int, blocks: bool) -> None:
    uses = [
        use(name, ago, cents=n, uncounted=n % 2) for n, name in enumerate(ODD) for ago in (0, 9)
    ]
    for lines in charts(report(uses), Style(columns, blocks=blocks)):
        assert max(map(width, lines)) <= columns
        assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("columns", [1, 2, 9, 40])
def test_a_name_fits_on_one_line(name: str, columns: int) -> None:
    shown = fitted(name, columns)
    assert width(shown) <= columns
    assert len(shown.splitlines()) <= 1


def test_what_is_free_has_no_plot_of_its_cost() -> None:
    free = report([use("ollama/free", cents=0)])
    assert [lines[0] for lines in charts(free, Style(80))] == ["Tokens per day"]
    assert "Cost per day" not in svg(free)
    mixed = report([use("ollama/free", cents=0), use("dear", cents=5)])
    cost, tokens = ("\n".join(lines) for lines in charts(mixed, Style(80)))
    assert "ollama/free" not in cost
    assert "ollama/free" in tokens


def test_a_day_of_unknown_cost_is_marked_and_not_empty() -> None:
    uses = [use("a", 1, cents=5), use("a", 0, cents=0, unknown=1)]
    cost, _ = charts(report(uses, 2), Style(80))
    assert "?" in cost[5]
    assert cost[-1].endswith("$0.05 +?")
    root = parsed(svg(report(uses, 2)))
    caps = [one for one in root.iter() if one.get("class") == "cap"]
    # One in the legend, one on top of the day.
    assert len(caps) == 2


@pytest.mark.parametrize("days", [1, 30, 90, 400, 5000])
@pytest.mark.parametrize("names", [(), ODD, tuple(f"p/m{n}" for n in range(3000))])
def test_the_picture_is_whole_and_nothing_in_it_is_markup(
    days: int, names: tuple[str, ...]
) -> None:
    uses = [use(name, n % days, cents=n) for n, name in enumerate(names)]
    text = svg(report(uses, days))
    root = parsed(text)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "path", "text", "g",
    }  # fmt: skip
    wide, high = float(root.get("width") or 0), float(root.get("height") or 0)
    for one in root.iter():
        assert not any(name.startswith("on") or name.endswith("href") for name in one.attrib)
        assert 0 <= float(one.get("x") or 0) <= wide
        assert 0 <= float(one.get("y") or 0) <= high
    assert "prefers-color-scheme:dark" in text


def test_the_values_are_in_the_titles() -> None:
    text = svg(report([use("a/b", 1, cents=120), use("c/d", 1, cents=3)]))
    titles = [one.text for one in parsed(text).iter() if one.tag.endswith("title")]
    assert "30 Mar 2026: $1.23\na/b: $1.20\nc/d: $0.03" in titles
    assert "30 Mar 2026: 20\na/b: 10\nc/d: 10" in titles
    (described,) = (one.text for one in parsed(text) if one.tag.endswith("desc"))
    assert "a/b: $1.20, 10 tokens." in str(described)


def test_many_models_are_a_page_and_not_a_book() -> None:
    found = report([use(f"p/m{n}", n % 30, cents=n) for n in range(5000)])
    lines = page(found, Style(100))
    assert len(lines) < 120
    assert any(line.startswith("and 4,970 more models") for line in lines)
    assert any(line.startswith("all ") and "5,000" in line for line in lines)


@pytest.mark.parametrize("name", ODD)
def test_a_name_stays_in_its_cell_of_the_page(name: str) -> None:
    text = markdown(report([use(name), use("plain")]), "since")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [line.replace("\\|", "").count("|") for line in rows]
    # Two models and their sum, and one day.
    assert cells == [8, 8, 8, 7]
    # Nothing ends a block of the plot early.
    fences = [line for line in text.splitlines() if set(line.removesuffix("text")) == {"~"}]
    assert len(fences) == 4
    assert fences[0] == f"{fences[1]}text"
    assert fences[1] not in name
