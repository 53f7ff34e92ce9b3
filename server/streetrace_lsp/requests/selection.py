"""From what a person marked to the whole lines an action works on."""

from __future__ import annotations

from streetrace_lsp.edits.lines import LineIndex


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a selection to whole lines, as code point offsets (start, end).

    A selection that ends in the first column of a line does not mean that line.
    """
    index = LineIndex(text)
    first, _ = index.position(start, "utf-32")
    last, column = index.position(end, "utf-32")
    if column == 0 and last > first:
        last -= 1
    below = index.line_start(last + 1) if last + 1 < index.line_count else len(text)
    return index.line_start(first), below
