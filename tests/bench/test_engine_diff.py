"""The diff: as small as git's, and fast where exact comparisons are slow."""

from __future__ import annotations

import difflib
import subprocess
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import pytest

from bench.rounds import interleaved, paired
from bench.table import Row, Table
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.lines import split_lines
from unit.edits.corpus import modules

pytestmark = pytest.mark.bench

_AS_SMALL_AS_GIT = 1.05
_FIFTY_TIMES_FASTER = 1 / 50
# 2,000 changes are 6.7 times 300: more than that would be a cliff.
_NO_CLIFF = 6.7
_PAIRS = 120


def rewritten(random: Random, text: str) -> str:
    """A real file after a change such as people and models make."""
    lines = split_lines(text)
    for _ in range(random.randint(1, 12)):
        at = random.randrange(len(lines))
        end = min(at + random.randint(1, 20), len(lines))
        match random.randrange(6):
            case 0:
                del lines[at:end]
            case 1:
                lines[at:at] = [f"    fresh_{random.randrange(99)}()\n" for _ in range(end - at)]
            case 2:
                lines[at:end] = ["    " + line for line in lines[at:end]]
            case 3:
                moved = lines[at:end]
                del lines[at:end]
                to = random.randrange(len(lines) + 1)
                lines[to:to] = moved
            case 4:
                lines[at:end] = [line.replace("self", "this") for line in lines[at:end]]
            case _:
                lines[end:end] = lines[at:end]
        if not lines:
            break
    return "".join(lines)


def changed_lines(old: str, new: str) -> int:
    return sum(
        len(split_lines(old[one.start : one.end])) + len(split_lines(one.text))
        for one in diff(old, new)
    )


def git_changed_lines(folder: Path, pairs: list[tuple[str, str]]) -> int:
    """What ``git diff --histogram`` counts, over two folders at once and with no one's settings."""
    for name, side in (("old", 0), ("new", 1)):
        (folder / name).mkdir()
        for number, pair in enumerate(pairs):
            (folder / name / f"{number}.py").write_bytes(pair[side].encode())
    command = [
        "git",
        "diff",
        "--no-index",
        "--histogram",
        "--numstat",
        "--no-renames",
        "old",
        "new",
    ]
    empty = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    done = subprocess.run(
        command, cwd=folder, env=empty, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    counts = [line.split("\t")[:2] for line in done.stdout.splitlines()]
    assert all(count.isdigit() for pair in counts for count in pair)
    return sum(int(count) for pair in counts for count in pair)


def test_changed_lines_are_as_few_as_gits(tmp_path: Path, table: Table) -> None:
    random = Random(1)
    pairs = [(old, rewritten(random, old)) for old in random.sample(modules(), _PAIRS)]
    ours = sum(changed_lines(old, new) for old, new in pairs)
    gits = git_changed_lines(tmp_path, pairs)
    table.judge(
        Row("changed lines", ours, gits, "lines", _AS_SMALL_AS_GIT, "to git diff --histogram")
    )


def hunks(count: int) -> tuple[str, str]:
    """10,000 lines, many of them equal, and the same with ``count`` places changed."""
    random = Random(count)
    lines = [
        random.choice(
            ["\n", "    return value\n", f"    call_{number}(x)\n", f"y{number % 99} = 1\n"]
        )
        for number in range(10_000)
    ]
    changed = list(lines)
    for at in random.sample(range(0, 10_000, 4), count):
        changed[at] = random.choice(["", f"    new_{at}()\n", "    return value\n    more()\n"])
    return "".join(lines), "".join(changed)


def milliseconds(old: str, new: str) -> float:
    started = perf_counter()
    diff(old, new)
    return (perf_counter() - started) * 1000


def difflib_milliseconds(old: str, new: str) -> float:
    left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    started = perf_counter()
    difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return (perf_counter() - started) * 1000


def test_it_is_fifty_times_faster_than_an_exact_comparison(table: Table) -> None:
    few = hunks(300)
    milliseconds(*few)  # rapidfuzz is imported at the first gap
    taken = interleaved(lambda: milliseconds(*few), lambda: difflib_milliseconds(*few), 5)
    ours, reference = (median(values) for values in taken)
    note = f"to difflib, 10k lines, 300 hunks: {1 / paired(taken):.0f} times faster"
    table.judge(Row("diff", ours, reference, "ms", _FIFTY_TIMES_FASTER, note, paired(taken)))


def test_two_thousand_changes_are_no_cliff(table: Table) -> None:
    few, many = hunks(300), hunks(2_000)
    taken = interleaved(lambda: milliseconds(*many), lambda: milliseconds(*few), 15)
    ours, reference = (median(values) for values in taken)
    row = Row("diff, 2,000 changes", ours, reference, "ms", _NO_CLIFF, "to 300", paired(taken))
    table.judge(row)
