"""The lines with which a file takes in others: what else the names in it mean."""

from __future__ import annotations

import re
from typing import Final

from streetrace_lsp.edits.lines import LineIndex

# What all of them may take of a prompt, in characters.
_MOST: Final = 3000
# A statement in brackets has at most this many lines.
_LONGEST: Final = 60

_JAVASCRIPT: Final = re.compile(r"import\b|export\s.*\bfrom\b|(?:const|let|var)\s.*\brequire\s*\(")
_C: Final = re.compile(r"\s*#\s*(?:include|import)\b")
_IMPORTS: Final = {
    "python": re.compile(r"(?:import|from)\s"),
    "javascript": _JAVASCRIPT,
    "javascriptreact": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "typescriptreact": _JAVASCRIPT,
    "go": re.compile(r"import\b"),
    "rust": re.compile(r"(?:pub(?:\([^)]*\))?\s+)?(?:use|extern\s+crate)\s"),
    "java": re.compile(r"(?:import|package)\s"),
    "kotlin": re.compile(r"(?:import|package)\s"),
    "scala": re.compile(r"(?:import|package)\s"),
    "swift": re.compile(r"import\s"),
    "c": _C,
    "cpp": _C,
    "objective-c": _C,
    "csharp": re.compile(r"(?:global\s+)?using\s[^(]*;"),
    "ruby": re.compile(r"require(?:_relative)?\b"),
    "php": re.compile(r"use\s|(?:require|include)(?:_once)?\b"),
    "shellscript": re.compile(r"(?:source|\.)\s"),
}


def imports(text: str, end: int, language: str) -> tuple[tuple[int, str], ...]:
    """The import statements above ``end``: where each begins, and its whole lines.

    By the beginning of a line and the brackets that it opens; nothing for other languages.
    """
    begins = _IMPORTS.get(language)
    if begins is None:
        return ()
    index = LineIndex(text)
    last, _ = index.position(end, "utf-32")
    found: list[tuple[int, str]] = []
    room = _MOST
    line = 0
    while line < last:
        if begins.match(index.line_text(line)) is None:
            line += 1
            continue
        first, depth = line, 0
        while line < last and line - first < _LONGEST:
            said = index.line_text(line)
            depth += sum(said.count(one) for one in "([{") - sum(said.count(one) for one in ")]}")
            line += 1
            if depth <= 0:
                break
        start = index.line_start(first)
        statement = text[start : index.line_start(line)]
        room -= len(statement)
        if room < 0:
            break
        found.append((start, statement))
    return tuple(found)
