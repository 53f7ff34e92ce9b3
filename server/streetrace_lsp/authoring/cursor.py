"""Where in a TOML text the cursor stands. Reads backwards only as far as it must.

Works on broken text: while somebody types, a file is broken most of the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from streetrace_lsp.config.mend import Path

Place = Literal["header", "key", "value", "text", "comment"]

_NAME: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED: Final = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER: Final = re.compile(
    rf"^[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]\]?[ \t]*(?:#.*)?$", re.MULTILINE
)
_STATEMENT: Final = re.compile(rf"^[ \t]*({_DOTTED})[ \t]*=", re.MULTILINE)
_OPEN_HEADER: Final = re.compile(r"[ \t]*\[\[?([^\]\n#]*)$")
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"""|$)'
    r"|'''(?:[^']|'(?!''))*(?:'''|$)"
    r'|"(?:[^"\\\n]|\\.)*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*|\n|[\[\]{},=]|[^\s\[\]{},=\"'#]+|[^\S\n]+",
    re.DOTALL,
)
_TRIPLE: Final = re.compile(r"\"\"\"|'''")
_BARE: Final = re.compile(r"[A-Za-z0-9_.+:/@-]*")


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is being written at an offset.

    ``place``: the name of a table (``header``), a key, a value, the inside of a text of several
    lines (``text``), or a ``comment``. ``path``: of a header and a key, the tables around the word;
    of a value and a text, its key. ``word``: what stands there up to the cursor, without an opening
    quote. ``start`` and ``end``: the offsets of the whole word, without its quotes. ``quoted``:
    whether it stands in quotes. ``in_list``: whether the value is one of a list. ``assigned``:
    whether a key has its ``=`` already.
    """

    place: Place
    path: Path
    word: str
    start: int
    end: int
    quoted: bool = False
    in_list: bool = False
    assigned: bool = False


def cursor_at(text: str, offset: int) -> Cursor:
    """Where ``offset``, in code points, stands in ``text``."""
    line_start = text.rfind("\n", 0, offset) + 1
    texts = _texts_of_lines(text, offset)
    header = _last(_HEADER, text, (0, line_start), texts)
    table, begin = (steps(header[1]), header.end()) if header is not None else ((), 0)
    statement = _last(_STATEMENT, text, (begin, offset), texts)
    if statement is not None:
        found = _in_statement(text, statement, table, offset)
        if found is not None:
            return found
    return _on_its_line(text, line_start, offset, table)


def steps(dotted: str) -> Path:
    """The names in a dotted key (TOML 1.0, "Keys"), quoted or not."""
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


def table_text(text: str, cursor: Cursor) -> tuple[str, int]:
    """The part of ``text`` between the headers around a cursor, and where it begins."""
    header = _last(_HEADER, text, (0, text.rfind("\n", 0, cursor.start) + 1), [])
    start = header.end() if header is not None else 0
    behind = _HEADER.search(text, cursor.end)
    end = behind.start() if behind is not None else len(text)
    return text[start:end], start


def _texts_of_lines(text: str, end: int) -> list[tuple[int, int]]:
    """The texts of several lines before ``end``; the last one may reach to it."""
    found = []
    at = 0
    while (opening := _TRIPLE.search(text, at, end)) is not None:
        close = text.find(opening[0], opening.end(), end)
        at = close + len(opening[0]) if close >= 0 else end
        found.append((opening.start(), at))
    return found


def _last(
    pattern: re.Pattern[str], text: str, part: tuple[int, int], texts: list[tuple[int, int]]
) -> re.Match[str] | None:
    """The last match in this part of the text and outside ``texts``, looked for from its end."""
    begin, end = part
    upto, size = end, 1024
    while upto > begin:
        start = max(begin, text.rfind("\n", begin, max(begin, upto - size)) + 1)
        found = [
            match
            for match in pattern.finditer(text, start, end)
            if not any(opened < match.start() < closed for opened, closed in texts)
        ]
        if found:
            return found[-1]
        if start <= begin:
            break
        upto, size = start, size * 4
    return None


def _in_statement(text: str, statement: re.Match[str], table: Path, offset: int) -> Cursor | None:
    """The place in the value of a statement; None where the statement has ended before."""
    path = (*table, *steps(statement[1]))
    # Of each open list or table: its bracket, and the key that its next value belongs to.
    opened: list[tuple[str, Path]] = []
    at, key = statement.end(), path
    named: Path = ()
    for token in _TOKEN.finditer(text, at, offset):
        word, here = token[0], token.start()
        last = token.end() == offset
        if word == "\n":
            if not opened:
                return None
        elif last and word[0] in "\"'#":
            found = _unfinished(text, word, here, offset, key, opened)
            if found is not None:
                return found
        elif word in "[{":
            opened.append((word, key))
            named = ()
        elif word in "]}" and opened:
            key = opened.pop()[1]
        elif word == "," and opened:
            key = opened[-1][1]
            named = ()
        elif word == "=" and opened and opened[-1][0] == "{":
            key = (*opened[-1][1], *named)
        if word[0] not in "[]{},=#\n" and not word.isspace() and not last:
            named = steps(word)
    return _at_word(text, offset, at, key, opened)


def _unfinished(
    text: str, word: str, start: int, offset: int, key: Path, opened: list[tuple[str, Path]]
) -> Cursor | None:
    """The place in a comment or in a text that has no end yet; None where it has one."""
    in_list = bool(opened) and opened[-1][0] == "["
    if word[0] == "#":
        return Cursor("comment", key, "", offset, offset)
    triple = word[:3] if word[:3] in {'"""', "'''"} else ""
    mark = triple or word[0]
    if len(word) >= 2 * len(mark) and word.endswith(mark):
        return None
    inner = start + len(mark)
    if triple:
        return Cursor("text", key, text[inner:offset], inner, offset, quoted=True)
    close = text.find(mark, offset)
    line_end = _line_end(text, offset)
    end = close if 0 <= close < line_end else offset
    if "=" in text[offset:end] or "," in text[offset:end]:
        # The next quote opens another text.
        end = offset
    return Cursor("value", key, text[inner:offset], inner, end, quoted=True, in_list=in_list)


def _at_word(text: str, offset: int, at: int, key: Path, opened: list[tuple[str, Path]]) -> Cursor:
    start = offset
    while start > at and _BARE.fullmatch(text[start - 1]):
        start -= 1
    behind = _BARE.match(text, offset)
    end = behind.end() if behind else offset
    before = text[at:start].rstrip()
    if opened and opened[-1][0] == "{" and not before.endswith("="):
        assigned = text[end : _line_end(text, end)].lstrip().startswith("=")
        return Cursor("key", opened[-1][1], text[start:offset], start, end, assigned=assigned)
    in_list = bool(opened) and opened[-1][0] == "["
    return Cursor("value", key, text[start:offset], start, end, in_list=in_list)


def _on_its_line(text: str, line_start: int, offset: int, table: Path) -> Cursor:
    """The place on a line that no value above reaches into."""
    line = text[line_start:offset]
    if "#" in line:
        return Cursor("comment", table, "", offset, offset)
    header = _OPEN_HEADER.fullmatch(line)
    if header is not None:
        above, _, word = header[1].rpartition(".")
        start = offset - len(word.lstrip())
        behind = re.compile(r"[A-Za-z0-9_-]*").match(text, offset)
        end = behind.end() if behind else offset
        return Cursor("header", steps(above), word.lstrip(), start, end)
    above, dot, word = line.rpartition(".")
    start = offset - len(word.lstrip())
    behind = re.compile(r"[A-Za-z0-9_-]*").match(text, offset)
    end = behind.end() if behind else offset
    assigned = text[end : _line_end(text, end)].lstrip().startswith("=")
    path = (*table, *steps(above)) if dot else table
    return Cursor("key", path, word.lstrip(), start, end, assigned=assigned)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return end if end >= 0 else len(text)
