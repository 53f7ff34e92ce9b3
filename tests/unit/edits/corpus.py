"""Blocks over real files: the modules of Python's own library, edited as a person might."""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

_NEW = ["value = fresh(1)", "    deeper(2)", "", "return 'é 😀'", "# a note", "if changed:"]


@cache
def modules() -> tuple[str, ...]:
    """Texts of the library's modules, in an order of their names."""
    folder = Path(sysconfig.get_path("stdlib", vars={"base": sys.base_prefix}))
    texts = []
    for path in sorted([*folder.glob("*.py"), *folder.glob("*/*.py")]):
        if "site-packages" not in path.parts and 1500 < path.stat().st_size < 120_000:
            text = path.read_bytes().decode("utf-8", "replace")
            if "\r" not in text and "�" not in text and text.endswith("\n"):
                texts.append(text)
    return tuple(texts)


@dataclass(frozen=True)
class Sample:
    """Lines ``[first, first + len(old))`` of ``lines`` become ``new``."""

    lines: list[str]
    first: int
    old: list[str]
    new: list[str]

    @property
    def text(self) -> str:
        return text_of(self.lines)

    @property
    def wanted(self) -> str:
        return text_of(self.with_region(self.new))

    def with_region(self, lines: list[str]) -> list[str]:
        """The file's lines with others in the region's place."""
        return [*self.lines[: self.first], *lines, *self.lines[self.first + len(self.old) :]]


def text_of(lines: list[str], eol: str = "\n") -> str:
    return "".join(line + eol for line in lines)


def margin_of(lines: list[str]) -> str:
    """The blanks that all lines which hold anything start with."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        return ""
    shortest = min(filled, key=lambda line: len(line) - len(line.lstrip()))
    margin = shortest[: len(shortest) - len(shortest.lstrip())]
    while not all(line.startswith(margin) for line in filled):
        margin = margin[:-1]
    return margin


def sample(random: Random) -> Sample:
    """A region of a real file and what a model might make of it."""
    while True:
        lines = random.choice(modules()).split("\n")[:-1]
        size = min(random.choice((1, 2, 2, 3, 4, 6, 9, 15)), len(lines))
        first = random.randrange(len(lines) - size + 1)
        old = lines[first : first + size]
        if not old[0].strip():
            continue
        new = list(old)
        margin = margin_of(old)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(new) + 1)
            added = random.choice(_NEW)
            added = margin + added if added else ""
            match random.randrange(4):
                case 0:
                    new.insert(at, added)
                case 1 if new:
                    del new[at - 1]
                case 2 if new:
                    new[at - 1] = added
                case _ if new and new[at - 1].strip():
                    new[at - 1] += "  # changed"
        if new != old:
            return Sample(lines, first, old, new)
