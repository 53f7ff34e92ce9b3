"""Code blocks in an answer (CommonMark 4.5, "Fenced code blocks")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from streetrace_lsp.edits.lines import content_of, split_lines

_OPEN = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})[ \t]*(?P<info>.*)\Z")


@dataclass(frozen=True)
class Block:
    """One fenced block: its text, what stands behind the opening fence, and where it is.

    ``start`` and ``end`` are offsets of its lines, fences included. ``label`` is the line above.
    ``closed`` is False where the closing fence is missing.
    """

    text: str
    info: str
    label: str
    start: int
    end: int
    fence: str
    closed: bool

    @property
    def language(self) -> str:
        """The first word behind the fence."""
        return self.info.split(maxsplit=1)[0] if self.info.split() else ""


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a text, in their order."""
    lines = split_lines(text)
    at = number = 0
    above = ""
    while number < len(lines):
        line = content_of(lines[number])
        opened = _OPEN.match(line)
        if opened is None:
            above = line.strip() or above
            at += len(lines[number])
            number += 1
            continue
        start, inside, fence = at, [], opened["fence"]
        at += len(lines[number])
        number += 1
        closed = False
        while number < len(lines) and not closed:
            closed = _closes(content_of(lines[number]), fence)
            if not closed:
                inside.append(lines[number])
            at += len(lines[number])
            number += 1
        yield Block("".join(inside), opened["info"].strip(), above, start, at, fence, closed)
        above = ""


def open_fence(text: str) -> str:
    """The fence that a text leaves open, or nothing."""
    last = None
    for last in blocks(text):  # noqa: B007 - the last one is wanted
        pass
    return last.fence if last is not None and not last.closed else ""


def fence_for(text: str) -> str:
    """A fence longer than any run of backticks in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(3, longest + 1)


def _closes(line: str, fence: str) -> bool:
    plain = line.strip(" \t")
    indent = len(line) - len(line.lstrip(" "))
    return indent < 4 and len(plain) >= len(fence) and set(plain) == {fence[0]}
