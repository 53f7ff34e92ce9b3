"""A located block as changes to the file: only the lines that the block changes.

Lines that old and new text share keep the file's own bytes; a normalised copy is never written
back. New lines take the file's EOL and, where the block was shifted, the file's indent.
"""

from __future__ import annotations

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.diff import diff_lines
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
