"""Uniform indent shifts between a block and the lines it means, tabs and spaces aware."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd


def indent_of(line: str) -> str:
    """The blanks a line starts with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def margin(lines: Iterable[str]) -> str:
    """The indent that all lines which hold anything start with."""
    common: str | None = None
    for line in lines:
        if line.strip(" \t"):
            indent = indent_of(line)
            if common is None:
                common = indent
            while not indent.startswith(common):
                common = common[:-1]
    return common or ""


@dataclass(frozen=True, slots=True)
class Shift:
    """How a block's indents become the file's.

    ``drop`` is taken off, then each ``unit`` of the block becomes one ``step``, then ``add`` is
    put before. Lines that hold nothing stay as they are.
    """

    add: str = ""
    drop: str = ""
    unit: str = ""
    step: str = ""

    def line(self, line: str) -> str | None:
        """The line with the file's indent; None where the mapping does not fit it."""
        content = line.lstrip(" \t")
        if not content:
            return line
        indent = indent_of(line)
        if not indent.startswith(self.drop):
            return None
        indent = indent[len(self.drop) :]
        if self.unit:
            levels, rest = divmod(len(indent), len(self.unit))
            if rest or indent != self.unit * levels:
                return None
            indent = self.step * levels
        return self.add + indent + content


def shift_between(
    old: Sequence[str], found: Sequence[str], new: Sequence[str], file_lines: Sequence[str]
) -> Shift | None:
    """The one mapping from the block's indents to the found lines' indents, or None.

    ``new`` helps to tell how wide the block's indent unit is, ``file_lines`` the file's.
    """
    pairs = [
        (indent_of(one), indent_of(other))
        for one, other in zip(old, found, strict=True)
        if one.strip(" \t")
    ]
    if not pairs:
        return Shift()
    for shift in (_added(pairs), _dropped(pairs), *_converted(pairs, new, file_lines)):
        if shift is not None and all(shift.line(one + "x") == other + "x" for one, other in pairs):
            return shift
    return None


def _added(pairs: list[tuple[str, str]]) -> Shift | None:
    one, other = pairs[0]
    return Shift(add=other[: len(other) - len(one)]) if other.endswith(one) else None


def _dropped(pairs: list[tuple[str, str]]) -> Shift | None:
    one, other = pairs[0]
    return Shift(drop=one[: len(one) - len(other)]) if one.endswith(other) else None


def _converted(
    pairs: list[tuple[str, str]], new: Sequence[str], file_lines: Sequence[str]
) -> list[Shift]:
    ours = {one for one, _ in pairs}
    theirs = {other for _, other in pairs}
    if _only(" ", ours) and _only("\t", theirs):
        unit = unit_of([*ours, *(indent_of(line) for line in new)])
        steps = [(" " * unit, "\t")] if unit > 1 else []
    elif _only("\t", ours) and _only(" ", theirs):
        unit = unit_of(indent_of(line) for line in file_lines if line.strip(" \t"))
        steps = [("\t", " " * size) for size in dict.fromkeys((unit, 4, 2, 8, 3)) if size > 1]
    else:
        return []
    shifts = []
    one, other = pairs[0]
    for unit_text, step in steps:
        levels = len(one) // len(unit_text)
        base = len(other) - levels * len(step)
        if base >= 0:
            shifts.append(Shift(add=other[:base], unit=unit_text, step=step))
    return shifts


def _only(char: str, indents: Iterable[str]) -> bool:
    return all(set(indent) <= {char} for indent in indents)


def unit_of(indents: Iterable[str]) -> int:
    """The width of one indent level made of spaces; 0 where nothing is indented."""
    return reduce(gcd, {len(indent) for indent in indents if set(indent) == {" "}}, 0)
