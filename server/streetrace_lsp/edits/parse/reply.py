"""The reply as a whole: finds blocks in prose and hands their lines to their grammar.

Incremental: feed it chunks of any size; the result depends on the text alone.
"""

from __future__ import annotations

from streetrace_lsp.edits.intents import Block, Broken, Label, Reply
from streetrace_lsp.edits.parse import reasoning, search
from streetrace_lsp.edits.parse.fence import FenceBlock, fence_line
from streetrace_lsp.edits.parse.labels import label_of, label_of_info
from streetrace_lsp.edits.parse.lines import LineFeed
from streetrace_lsp.edits.parse.search import SearchBlock

# A path stands on the line above its block; one blank line between them is usual.
_LABEL_REACH = 2


class ReplyParser:
    """Reads one reply. Never raises on what a model wrote."""

    def __init__(self) -> None:
        self._feed = LineFeed()
        self._lines: list[str] = []
        self._blocks: list[Block] = []
        self._count = 0
        self._fence: FenceBlock | None = None
        self._edit: SearchBlock | None = None
        self._reasoning: str | None = None
        self._above: tuple[int, str] | None = None

    def feed(self, chunk: str) -> None:
        """Take the next part of the reply."""
        for line in self._feed.feed(chunk):
            self._line(line)

    def close(self) -> Reply:
        """The parsed reply. What is still open is given as broken."""
        last = self._feed.close()
        if last is not None:
            self._line(last)
        end = len(self._lines)
        if self._edit is not None:
            self._blocks.append(self._edit.unclosed(end))
        elif self._fence is not None and not self._fence.holds_edits:
            self._blocks.append(self._fence.unclosed(end))
        elif self._reasoning is not None:
            message = "The reply ended inside the model's reasoning."
            self._blocks.append(Broken(self._next(), None, "unclosed", message, (end, end)))
        self._edit = self._fence = self._reasoning = None
        return Reply(tuple(self._blocks), tuple(self._lines))

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _line(self, line: str) -> None:
        if self._reasoning is not None:
            rest = reasoning.closed(line, self._reasoning)
            if rest is not None:
                self._reasoning = None
                if rest.strip():
                    self._line(rest)
            return
        if self._edit is None and self._fence is None:
            started = reasoning.opened(line)
            if started is not None:
                self._reasoning = started[0]
                self._line(started[1])
                return
            rest = reasoning.lost_close(line)
            if rest is not None:
                # Everything so far was reasoning.
                self._lines, self._blocks, self._above, self._count = [], [], None, 0
                if rest.strip():
                    self._line(rest)
                return
        number = len(self._lines)
        self._lines.append(line)
        if self._edit is not None:
            self._in_edit(self._edit, line, number)
        elif self._fence is not None:
            self._in_fence(self._fence, line, number)
        else:
            self._in_prose(line, number)

    def _in_edit(self, edit: SearchBlock, line: str, number: int) -> None:
        if edit.reopened_by(line):
            self._blocks.append(edit.again(number))
            self._open_edit(line, number, edit.label)
            return
        result = edit.line(line, number)
        if result is not None:
            self._blocks.append(result)
            self._edit = None

    def _open_edit(self, line: str, number: int, label: Label | None) -> None:
        self._edit = SearchBlock(self._next(), label, line, number)

    def _in_fence(self, fence: FenceBlock, line: str, number: int) -> None:
        if search.opens(line):
            label = next(
                (label_of(above) for above in reversed(fence.lines) if above.strip()), None
            )
            if not fence.holds_edits:
                fence.holds_edits = True
                self._count -= 1
            self._open_edit(line, number, label or fence.label)
            fence.label = label or fence.label
            fence.lines.clear()
        elif fence.closed_by(line):
            self._fence = None
            if not fence.holds_edits:
                self._blocks.append(fence.finish(number + 1))
        elif fence.holds_edits and search.closes_nothing(line):
            self._stray(number)

    def _in_prose(self, line: str, number: int) -> None:
        if search.opens(line):
            self._open_edit(line, number, self._label(number))
            return
        if search.closes_nothing(line):
            self._stray(number)
            return
        fence = fence_line(line)
        if fence is not None:
            label = label_of_info(fence.info) or self._label(number)
            self._fence = FenceBlock(self._next(), label, fence, number)
        elif line.strip():
            self._above = (number, line)

    def _label(self, number: int) -> Label | None:
        if self._above is None or number - self._above[0] > _LABEL_REACH:
            return None
        return label_of(self._above[1])

    def _stray(self, number: int) -> None:
        message = "The reply has an end marker that belongs to no edit."
        self._blocks.append(Broken(self._next(), None, "malformed", message, (number, number + 1)))


def parse(reply: str) -> Reply:
    """Parse a complete reply."""
    parser = ReplyParser()
    parser.feed(reply)
    return parser.close()
