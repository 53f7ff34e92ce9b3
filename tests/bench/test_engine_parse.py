"""Parsing takes time linear in a reply's length, in chunks of any size, in every grammar."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest

from bench.rounds import interleaved, paired
from bench.table import Row, Table
from streetrace_lsp.edits import plan
from streetrace_lsp.edits.parse.reply import ReplyParser
from unit.edits.corpus import modules
from unit.edits.replies import VARIANTS, search_block, text_of

pytestmark = pytest.mark.bench

_LINEAR = 2.3
_MIB = 1 << 20
_SAID = "Some words about `a.py` that come before it:\n\n```python\nan_example()\n```\n\n"
_ONE_VALUE = ("a tool call", "a list of edits in a fence", "a call with its arguments as text")


def reply_of(size: int) -> str:
    """Blocks in every grammar with prose and examples between them."""
    old, new = ["first = 1", "    second(2)", "", "third = 'é 😀'"], ["first = 2", "    other()"]
    blocks = [
        _SAID + render(old, new) for name, render in VARIANTS.items() if name not in _ONE_VALUE
    ]
    text = "".join(blocks)
    return (text * (size // len(text) + 1))[:size]


def seconds(reply: str, chunk: int) -> float:
    parser = ReplyParser()
    started = perf_counter()
    for at in range(0, len(reply), chunk):
        parser.feed(reply[at : at + chunk])
    parser.close()
    return perf_counter() - started


@pytest.mark.parametrize(("chunk", "name"), [(4 * _MIB, "whole"), (4, "in chunks of 4")])
def test_twice_the_reply_takes_about_twice_the_time(chunk: int, name: str, table: Table) -> None:
    long, short = reply_of(4 * _MIB), reply_of(2 * _MIB)
    taken = interleaved(lambda: seconds(long, chunk), lambda: seconds(short, chunk), 7)
    ours, reference = (median(values) * 1000 for values in taken)
    table.judge(
        Row(f"parsing 4 MiB, {name}", ours, reference, "ms", _LINEAR, "to 2 MiB", paired(taken))
    )


@pytest.mark.parametrize(
    "line",
    ["x = 1", "", "<", "```", "~~~ a", "{", '{"old_str": "', "<old_text>", "--- a", "@@", "=====",
     "<<<<<<< SEARCH", "*** Begin Patch", "diff --git a/a b/a", "<think>", "<search> x", "-", " "],
)  # fmt: skip
def test_no_line_that_is_repeated_makes_parsing_quadratic(line: str, table: Table) -> None:
    long, short = f"{line}\n" * 40_000, f"{line}\n" * 20_000
    taken = interleaved(lambda: seconds(long, len(long)), lambda: seconds(short, len(short)), 5)
    ours, reference = (median(values) * 1000 for values in taken)
    # Short times vary more than long ones; quadratic would be 4.
    row = Row(f"40k lines {line!r}", ours, reference, "ms", 3.0, "to 20k", paired(taken))
    table.judge(row)


def test_locating_and_planning_in_a_long_file(table: Table) -> None:
    """For people: there is nothing to compare it with."""
    lines = [line for text in modules()[:60] for line in text.split("\n")][:10_000]
    region = lines[7_000:7_012]
    reply = search_block(region, [*region, "added = 1"])
    taken = []
    for _ in range(9):
        started = perf_counter()
        plan(reply, {"a.py": text_of(lines)})
        taken.append((perf_counter() - started) * 1000)
    table.remarks.append(f"planning a block of 12 lines in 10k lines: {median(taken):.1f} ms")
