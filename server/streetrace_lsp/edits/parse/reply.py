"""The reply as a whole: finds blocks in prose and hands their lines to their grammar.

Incremental: feed it chunks of any size; the result depends on the text alone.
"""

from __future__ import annotations

from streetrace_lsp.edits.intents import Block, Broken, Label, Reply
from streetrace_lsp.edits.parse import objects, patch, reasoning, search, tags, unified
from streetrace_lsp.edits.parse.contents import contents_of
from streetrace_lsp.edits.parse.fence import FenceBlock, fence_line
from streetrace_lsp.edits.parse.labels import label_of, label_of_info
from streetrace_lsp.edits.parse.lines import LineFeed

# A path stands on the line above its block; one blank line between them is usual.
_LABEL_REACH = 2

_Edit = search.SearchBlock | patch.PatchBlock | tags.TagBlock


class ReplyParser:
    """Reads one reply. Never raises on what a model wrote."""

    def __init__(self) -> None:
        self._feed = LineFeed()
        self._lines: list[str] = []
        self._blocks: list[Block] = []
        self._count = 0
        self._fence: FenceBlock | None = None
        self._edit: _Edit | None = None
        self._diff: tuple[int, list[str], Label | None] | None = None
        self._silent: set[int] = set()
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
        cut = self._diff is not None and last is not None and last.startswith("+")
        known = len(self._blocks)
        self._end_diff()
        if cut and len(self._blocks) > known:
            self._blocks.append(self._may_be_cut(self._blocks.pop()))
        if self._edit is not None:
            self._blocks.append(self._edit.unclosed(end))
        elif self._fence is not None and not self._fence.holds_edits:
            self._blocks.append(self._fence.unclosed(end))
        elif self._reasoning is not None:
            message = "The reply ended inside the model's reasoning."
            self._blocks.append(Broken(self._next(), None, "unclosed", message, (end, end)))
        if not self._blocks:
            self._bare_json()
        return Reply(tuple(self._blocks), tuple(self._lines), frozenset(self._silent))

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
        if self._edit is None and self._fence is None and self._reasons(line):
            return
        number = len(self._lines)
        self._lines.append(line)
        if self._edit is not None:
            self._in_edit(self._edit, line, number)
        elif self._fence is not None:
            self._in_fence(self._fence, line, number)
        else:
            self._in_prose(line, number)

    def _reasons(self, line: str) -> bool:
        """Take a line that opens or closes reasoning."""
        started = reasoning.opened(line)
        if started is not None:
            self._reasoning = started[0]
            self._line(started[1])
            return True
        rest = reasoning.lost_close(line)
        if rest is None:
            return False
        # Everything so far was reasoning.
        self._lines, self._blocks, self._above, self._count = [], [], None, 0
        self._diff = None
        self._silent.clear()
        if rest.strip():
            self._line(rest)
        return True

    def _in_edit(self, edit: _Edit, line: str, number: int) -> None:
        if isinstance(edit, search.SearchBlock) and edit.reopened_by(line):
            self._blocks.append(edit.again(number))
            self._edit = search.SearchBlock(self._next(), edit.label, line, number)
            return
        result = edit.line(line, number)
        if result is not None:
            self._blocks += result if isinstance(result, list) else [result]
            self._edit = None

    def _opens(self, line: str, number: int, label: Label | None) -> bool:
        """Start the edit that a line opens, if it does."""
        if search.opens(line):
            self._edit = search.SearchBlock(self._next(), label, line, number)
        elif patch.opens(line):
            self._edit = patch.PatchBlock(number, self._next)
        elif tags.opens(line):
            self._edit = tags.TagBlock(self._next(), label, line, number)
            self._in_edit(self._edit, line, number)
        else:
            return False
        return True

    def _in_fence(self, fence: FenceBlock, line: str, number: int) -> None:
        if self._fence_opens(fence, line, number):
            return
        if fence.closed_by(line):
            self._fence = None
            if fence.holds_edits:
                self._silent |= {fence.first, number}
            else:
                self._blocks += contents_of(fence.finish(number + 1), self._next)
        elif fence.holds_edits and search.closes_nothing(line):
            self._stray(number)
        elif fence.holds_edits and tags.path_in(line):
            fence.label = tags.path_in(line)

    def _fence_opens(self, fence: FenceBlock, line: str, number: int) -> bool:
        """Start an edit inside a fence. Tags count only where nothing but a path is before."""
        if tags.opens(line) and not (fence.holds_edits or fence.only_heads()):
            return False
        if not (search.opens(line) or patch.opens(line) or tags.opens(line)):
            return False
        above = next((line for line in reversed(fence.lines) if line.strip()), "")
        label = tags.path_in(above) or label_of(above) or fence.label
        if not fence.holds_edits:
            fence.holds_edits = True
            self._count = fence.block - 1
        fence.label = label
        fence.lines.clear()
        return self._opens(line, number, label)

    def _in_prose(self, line: str, number: int) -> None:
        if self._diff is not None:
            if unified.belongs(line):
                self._diff[1].append(line)
                return
            self._end_diff()
        if self._opens(line, number, self._label(number)):
            return
        if search.closes_nothing(line):
            self._stray(number)
            return
        fence = fence_line(line)
        if fence is not None:
            label = label_of_info(fence.info) or self._label(number)
            self._fence = FenceBlock(self._next(), label, fence, number)
        elif unified.is_git_head(line):
            self._diff = (number, [line], self._label(number))
        elif number and unified.starts(self._lines[number - 1], line):
            self._diff = (number - 1, [self._lines[number - 1], line], None)
        elif line.strip():
            self._above = (number, line)

    def _end_diff(self) -> None:
        if self._diff is None:
            return
        first, lines, label = self._diff
        self._diff = None
        while lines and not lines[-1].strip():
            lines.pop()
        self._blocks += unified.UnifiedDiff(lines, first, False, label, self._next).parsed()

    def _may_be_cut(self, block: Block) -> Broken:
        """A bare diff's last added line, without a line end: counts don't tell if it goes on."""
        message = "The diff ends inside an added line, which may be cut off."
        return Broken(block.block, block.label, "unclosed", message, block.source_span)

    def _label(self, number: int) -> Label | None:
        if self._above is None or number - self._above[0] > _LABEL_REACH:
            return None
        return tags.path_in(self._above[1]) or label_of(self._above[1])

    def _stray(self, number: int) -> None:
        message = "The reply has an end marker that belongs to no edit."
        self._blocks.append(Broken(self._next(), None, "malformed", message, (number, number + 1)))

    def _bare_json(self) -> None:
        """A reply that is a JSON value, perhaps with prose before it."""
        first = next((at for at, line in enumerate(self._lines) if line[:1] in ("{", "[")), None)
        if first is None:
            return
        text = "\n".join(self._lines[first:])
        if not objects.may_hold_edits(text):
            return
        span = (first, len(self._lines))
        value = objects.decoded(text)
        if value is not None and not text[value[1] :].strip():
            self._blocks += objects.edits_in(value[0], span, self._next)
        else:
            message = "The reply's JSON is not complete."
            self._blocks.append(Broken(self._next(), None, "unclosed", message, span))


def parse(reply: str) -> Reply:
    """Parse a complete reply."""
    parser = ReplyParser()
    parser.feed(reply)
    return parser.close()
