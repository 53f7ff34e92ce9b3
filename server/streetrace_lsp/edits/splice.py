"""A located block as changes to the file: only the lines that the block changes.

Lines that old and new text share keep the file's own bytes; a normalised copy is never written
back. New lines take the file's EOL and, where the block was shifted, the file's indent.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.diff import diff, diff_lines
from streetrace_lsp.edits.intents import Reading
from streetrace_lsp.edits.lines import eol_of
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.tiers import Match


def splice(file: FileText, match: Match, reading: Reading) -> tuple[Change, ...] | None:
    """The changes for one located block; None where its new lines don't fit the indent shift."""
    changes: list[Change] = []
    for a, b, c, d in diff_lines(reading.old, reading.new):
        lines: list[str] = []
        for line in reading.new[c:d]:
            shifted = match.shift.line(line)
            if shifted is None:
                return None
            lines.append(shifted)
        changes.append(lines_changed(file, match.first + a, match.first + b, lines))
    return tuple(changes)


def lines_changed(file: FileText, first: int, end: int, lines: list[str]) -> Change:
    """The change that puts ``lines`` in place of the file's lines ``[first, end)``.

    A file without a final newline keeps being without one.
    """
    start_at, end_at = file.starts[first], file.starts[end]
    eol = file.eol_at(first) if first < end else file.eol_at(first - 1)
    text = "".join(line + eol for line in lines)
    if end < len(file.lines) or file.final_newline:
        return Change(start_at, end_at, text)
    text = text.removesuffix(eol) if lines else ""
    if first < end and lines:
        return Change(start_at, end_at, text)
    if first == 0:
        return Change(start_at, end_at, text)
    if first == end:
        return Change(start_at, end_at, eol + text if lines else "")
    return Change(start_at - len(eol_of(file.raw[first - 1])), end_at, "")


def minimal(file: FileText, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The smallest line-aligned changes that do what sorted, disjoint ``changes`` do.

    Only the lines around them are compared, so that the effort is that of the edit, not the file.
    """
    starts = file.starts
    pieces: list[tuple[int, int, list[Change]]] = []
    for change in changes:
        start = starts[max(bisect_right(starts, change.start) - 1, 0)]
        if change.start < starts[0]:
            start = 0
        elif start == starts[-1] and file.lines and not file.final_newline:
            start = starts[-2]  # the last line, which has no EOL, goes on
        after = bisect_left(starts, change.end)
        end = starts[after] if after < len(starts) else len(file.text)
        if pieces and start <= pieces[-1][1]:
            first, before, together = pieces[-1]
            pieces[-1] = (first, max(end, before), [*together, change])
        else:
            pieces.append((start, end, [change]))
    found: list[Change] = []
    for start, end, together in pieces:
        old = file.text[start:end]
        inside = [Change(one.start - start, one.end - start, one.text) for one in together]
        found += [
            Change(one.start + start, one.end + start, one.text)
            for one in diff(old, apply(old, inside))
        ]
    return tuple(found)
