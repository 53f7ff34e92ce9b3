"""Which lines are meant when nothing is selected: the enclosing function, class or table."""

from __future__ import annotations

import re

from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.prompts.grammars import GRAMMARS
from streetrace_lsp.prompts.trees import Tree

_INDENTED = frozenset({"python", "yaml", "nim", "haml", "pug", "coffeescript", "fsharp"})


def enclosing(
    text: str, offset: int, language: str, *, until: int | None = None
) -> tuple[int, int]:
    """The whole lines, as code point offsets (start, end), of the symbol around ``offset``.

    ``until``: where what it has to hold ends, if that is more than the line of ``offset``.
    Tree-sitter decides for the languages of `grammars.GRAMMARS`; elsewhere indentation or
    braces do. Where no symbol encloses the offset, its own line is meant.
    """
    index = LineIndex(text)
    line, _ = index.position(offset, "utf-32")
    end = line if until is None else index.position(max(offset, until - 1), "utf-32")[0]
    grammar = GRAMMARS.get(language)
    if grammar is not None:
        lines = Tree(text, index, language).symbol(line, end)
        if lines is None and grammar.braces:
            lines = _by_braces(index, line)
    elif language in _INDENTED:
        lines = _by_indentation(index, line)
    else:
        lines = _by_braces(index, line)
    first, last = lines or (line, line)
    return index.line_start(first), _end_of_line(index, last, text)


def _end_of_line(index: LineIndex, line: int, text: str) -> int:
    """The offset behind a line, its end-of-line characters included."""
    return index.line_start(line + 1) if line + 1 < index.line_count else len(text)


def _by_indentation(index: LineIndex, line: int) -> tuple[int, int] | None:
    def depth(number: int) -> int | None:
        content = index.line_text(number)
        return len(content) - len(content.lstrip()) if content.strip() else None

    here = depth(line)
    if here is None:
        return None
    first = line
    if here > 0:
        while first > 0:
            first -= 1
            above = depth(first)
            if above is not None and above < here:
                break
    head = depth(first) or 0
    last = line
    for number in range(first + 1, index.line_count):
        below = depth(number)
        if below is None:
            continue
        if below <= head:
            break
        last = max(last, number)
    return first, last


_STRINGS = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|//.*|#.*")


def _by_braces(index: LineIndex, line: int) -> tuple[int, int] | None:
    """The outermost brace block, with its head line, that holds the line."""
    depth, start = 0, 0
    block: int | None = None
    for number in range(index.line_count):
        code = _STRINGS.sub("", index.line_text(number))
        for char in code:
            if char == "{":
                if depth == 0:
                    block = number
                depth += 1
            elif char == "}" and depth:
                depth -= 1
                if depth == 0 and block is not None:
                    start = _head(index, block)
                    if start <= line <= number:
                        return start, number
                    block = None
    return None


def _head(index: LineIndex, line: int) -> int:
    """The first line of the statement whose brace opens on ``line``."""
    while line > 0:
        above = index.line_text(line - 1).strip()
        if not above or above.endswith((";", "}", "{")):
            return line
        line -= 1
    return line
