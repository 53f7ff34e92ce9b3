"""Where a name is defined in a workspace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from streetrace_lsp.chat.search import Chunk
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.prompts.languages import language_of
from streetrace_lsp.prompts.symbols import enclosing

_KEYWORDS = (
    "async def|def|class|function|func|fn|struct|interface|type|enum|trait|impl|module|object"
    "|protocol|record|const|let|var|val|sub|macro"
)
_DEFINED = re.compile(rf"(?<!\w)(?:{_KEYWORDS})[ \t]+\*?[ \t]*(?P<name>[^\W\d]\w*)")
# More places than this are not what one name means.
_MOST = 3


def defined(name: str, files: Iterable[tuple[str, str]]) -> list[Chunk]:
    """The definitions of ``name``, whole, at most three."""
    last = re.split(r"[.:#]+", name)[-1]
    found: list[Chunk] = []
    for path, text in files:
        if last not in text:
            continue
        for match in _DEFINED.finditer(text):
            if match["name"] != last:
                continue
            start, end = enclosing(text, match.start(), language_of(PurePath(path)))
            first, _ = LineIndex(text).position(start, "utf-32")
            found.append(Chunk(path, first + 1, text[start:end]))
            if len(found) == _MOST:
                return found
    return found


def names(text: str) -> Iterator[str]:
    """The names that a text defines."""
    for match in _DEFINED.finditer(text):
        yield match["name"]
