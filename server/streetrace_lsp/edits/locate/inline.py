"""Pieces of lines, as string-replacing tools mean their old text: exact, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from streetrace_lsp.edits.locate.file import FileText

_EOL = r"(?:\r\n|\r|\n)"


def occurrences(file: FileText, old: Sequence[str]) -> list[tuple[int, int]]:
    """Every range of the text, in code points, that reads as ``old`` and cuts no word."""
    if file.text.find(old[0]) < 0:
        return []
    pattern = re.compile(f"(?=({_EOL.join(map(re.escape, old))}))")
    spans = [match.span(1) for match in pattern.finditer(file.text)]
    return [span for span in spans if not any(_cuts_word(file.text, at) for at in span)]


def _cuts_word(text: str, at: int) -> bool:
    pair = text[max(at - 1, 0) : at + 1]
    return len(pair) == 2 and all(char == "_" or char.isalnum() for char in pair)
