"""Where in a text a private key stands, or a piece of one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

_BEGIN: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^\S\n]*\n?")
_END: Final = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY")
# A line from the middle of a key, as it also stands in a diff: RFC 7468 has 64 characters.
_BODY: Final = re.compile(
    r"^[ \t>+-]{0,12}(?P<body>[A-Za-z0-9+/]{60,76}={0,2})[ \t\r]*$\n?", re.MULTILINE
)
_BODY_END: Final = re.compile(r"[ \t>+-]{0,12}[A-Za-z0-9+/]{8,75}={0,2}[ \t\r]*(?:\n|\Z)")
_PUBLIC: Final = re.compile(r"-----BEGIN (?![A-Z0-9 ]*PRIVATE)[A-Z0-9 ]*-----[ \t\r]*\n[ \t>+-]*\Z")
_KINDS: Final = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]")))
_KEY_LINE: Final = re.compile(r"[^\n]*[A-Za-z0-9+/=]{16,}[^\n]*\n?")

# From where to where, and what it is in words.
Lines = tuple[int, int, str]


def key_lines(text: str) -> Iterator[Lines]:
    """The lines of private keys in ``text``; the same ones may come twice."""
    yield from _private_keys(text)
    yield from _key_pieces(text)


def _private_keys(text: str) -> Iterator[Lines]:
    """What stands between the lines that begin and end a private key, or as much as there is."""
    begins = [match.span() for match in _BEGIN.finditer(text)]
    ends = [match.start() for match in _END.finditer(text)]
    limits = [begin for begin, _ in begins[1:]] + [len(text)]
    for (_, start), limit in zip(begins, limits, strict=False):
        at = bisect_left(ends, start)
        if at < len(ends) and ends[at] <= limit:
            line = text.rfind("\n", start, ends[at])
            yield (start, ends[at] if line < 0 else line, "a private key")
            continue
        end = start
        while end < limit and (line_of := _KEY_LINE.match(text, end, limit)):
            end = line_of.end()
        yield (start, end - text[start:end].endswith("\n"), "a private key")


def _key_pieces(text: str) -> Iterator[Lines]:
    """Lines of a key whose beginning is not in the text: a piece of a file, or a diff.

    One line alone counts at an edge of the text only.
    """
    runs: list[tuple[int, int]] = []
    for line in _BODY.finditer(text):
        if runs and runs[-1][1] == line.start():
            runs[-1] = (runs[-1][0], line.end())
        else:
            runs.append(line.span())
    for start, end in runs:
        body = text[start:end]
        alone = body.count("\n", 0, -1) == 0 and start > 0 and end < len(text)
        mixed = all(kind.search(body) for kind in _KINDS)
        if alone or not mixed or _PUBLIC.search(text, max(0, start - 80), start):
            continue
        last = _BODY_END.match(text, end)
        stop = last.end() if last is not None else end
        yield (start, stop - text[start:stop].endswith("\n"), "lines of a key")
