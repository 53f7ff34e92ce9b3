"""Markdown fences (CommonMark 0.31, 4.5), with same-length fences inside them counted.

Models put a fenced example inside a fenced document with equally many backticks. CommonMark ends
the outer fence at the inner one's end; here an opening line inside opens, and its end closes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from streetrace_lsp.edits.intents import Broken, Fence, Label

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})([^\r\n]*)")

_MOST_HEADS = 6


@dataclass(frozen=True, slots=True)
class FenceLine:
    """A line that starts with a fence."""

    indent: str
    mark: str
    info: str


def fence_line(line: str) -> FenceLine | None:
    """The fence that a line starts with, or None."""
    start = line.lstrip(" \t")[:3]
    if start not in ("```", "~~~"):
        return None
    match = _FENCE.fullmatch(line)
    if match is None or (match[2][0] == "`" and "`" in match[3]):
        return None
    return FenceLine(match[1], match[2], match[3].strip())


@dataclass(slots=True)
class FenceBlock:
    """Reads one fence line by line."""

    block: int
    label: Label | None
    opener: FenceLine
    first: int
    lines: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    holds_edits: bool = False

    def closed_by(self, line: str) -> bool:
        """Take a line; True where it closes the fence, else it is content."""
        fence = fence_line(line)
        if fence is not None and self._counts(fence):
            if fence.info:
                self.inner.append(fence.mark)
            elif not self.inner:
                return True
            elif len(fence.mark) >= len(self.inner[-1]):
                self.inner.pop()
        self.lines.append(line)
        return False

    def only_heads(self) -> bool:
        """Whether nothing stands in the fence so far but a path or tags around edits."""
        filled = [line.strip() for line in self.lines if line.strip()]
        return all(line.startswith("<") for line in filled[:-1]) and len(filled) < _MOST_HEADS

    def _counts(self, fence: FenceLine) -> bool:
        """Whether a fence inside could end this one, as to its character, length and indent."""
        return (
            fence.mark[0] == self.opener.mark[0]
            and len(fence.mark) >= len(self.opener.mark)
            and len(fence.indent.expandtabs(4)) <= len(self.opener.indent.expandtabs(4)) + 3
        )

    def finish(self, end: int) -> Fence:
        """The closed fence. Its own indent is taken off its lines (CommonMark 4.5)."""
        indent = self.opener.indent
        lines = self.lines
        if indent:
            width = len(indent)
            lines = [
                line.removeprefix(indent)
                if line.startswith(indent)
                else line[min(width, len(line) - len(line.lstrip(" \t"))) :]
                for line in lines
            ]
        return Fence(self.block, self.label, self.opener.info, tuple(lines), (self.first, end))

    def unclosed(self, end: int) -> Broken:
        """The reply ended inside the fence."""
        message = f"Code block {self.block} has no closing fence."
        return Broken(self.block, self.label, "unclosed", message, (self.first, end))
