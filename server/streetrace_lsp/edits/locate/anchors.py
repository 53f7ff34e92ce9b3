"""Which of several matches stands below the lines that a patch names above it."""

from __future__ import annotations

from collections.abc import Sequence

from streetrace_lsp.edits.locate.file import FileText, stripped
from streetrace_lsp.edits.locate.indent import indent_of
from streetrace_lsp.edits.locate.tiers import Match


def below(file: FileText, anchors: Sequence[str], matches: list[Match]) -> list[Match]:
    """The matches inside the block of code that the anchors head, by its indent.

    Each anchor must name one line below the anchor before it; else no match is chosen.
    """
    if not anchors:
        return []
    first, end = -1, len(file.lines)
    for anchor in anchors:
        found = [at for at in file.find((anchor,), stripped) if first < at < end]
        if len(found) != 1:
            return []
        first = found[0]
        end = _block_end(file, first)
    return [match for match in matches if first <= match.first and match.end <= end]


def _block_end(file: FileText, first: int) -> int:
    """The line after the code that a line heads: the next line indented no deeper."""
    depth = len(indent_of(file.lines[first]).expandtabs(8))
    for at in range(first + 1, len(file.lines)):
        line = file.lines[at]
        if line.strip(" \t") and len(indent_of(line).expandtabs(8)) <= depth:
            # A closing bracket alone still belongs to the block; what follows it does not.
            return at + 1 if set(line.strip(" \t")) <= set(")]};,") else at
    return len(file.lines)
