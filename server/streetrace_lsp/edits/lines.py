"""Lines and positions of one text, as LSP 3.17 defines them.

Lines end only at ``\\n``, ``\\r\\n`` and ``\\r`` (LSP 3.17, Text Documents). ``str.splitlines``
also splits at form feeds, ``\\x85`` and U+2028, which puts every later position on a wrong line.
Offsets are code points; a position's ``character`` counts code units of the negotiated encoding.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

ENCODINGS = ("utf-8", "utf-16", "utf-32")

_EOL = re.compile(r"\r\n|\n|\r")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def split_lines(text: str) -> list[str]:
    """Split into lines that keep their EOL. ``"".join`` gives the text back.

    The last element is the text after the last EOL where that is not empty, so ``"a\\n"`` is one
    line here, though a document ``"a\\n"`` has two.
    """
    if "\r" not in text:
        lines = text.split("\n")
        last = lines.pop()
        lines = [line + "\n" for line in lines]
        if last:
            lines.append(last)
        return lines
    lines = []
    start = 0
    for match in _EOL.finditer(text):
        lines.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        lines.append(text[start:])
    return lines


def content_of(line: str) -> str:
    """The line without its EOL."""
    if line.endswith("\r\n"):
        return line[:-2]
    if line.endswith(("\n", "\r")):
        return line[:-1]
    return line


def eol_of(line: str) -> str:
    """The EOL of a line that keeps it; empty where it has none."""
    return line[len(content_of(line)) :]


def dominant_eol(text: str) -> str:
    r"""The EOL that most lines of the text use; ``\n`` where there is none."""
    crlf = text.count("\r\n")
    lf = text.count("\n") - crlf
    cr = text.count("\r") - crlf
    if lf >= crlf and lf >= cr:
        return "\n"
    return "\r\n" if crlf >= cr else "\r"


def _starts(text: str) -> list[int]:
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return [0, *(match.end() for match in _EOL.finditer(text))]
    # Without a lone CR every line ends at "\n": counted without leaving C.
    lengths = map((1).__add__, map(len, text.split("\n")))
    starts = list(accumulate(lengths, initial=0))
    starts.pop()
    return starts


def _check(encoding: str) -> None:
    if encoding not in ENCODINGS:
        raise ValueError(f"unknown position encoding {encoding!r}")


def units(text: str, encoding: str) -> int:
    """How many code units of ``encoding`` the text takes. Lone surrogates count as one unit."""
    _check(encoding)
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text) + len(_ASTRAL.findall(text))
    return len(text.encode("utf-8", "surrogatepass"))


def code_points(line: str, character: int, encoding: str) -> int:
    """The code-point offset of ``character`` code units in ``line``.

    Past the end means the end, as LSP says; inside a character means its start.
    """
    _check(encoding)
    if character <= 0:
        return 0
    if encoding == "utf-32" or line.isascii():
        return min(character, len(line))
    if encoding == "utf-16":
        seen = 0
        for match in _ASTRAL.finditer(line):
            unit = match.start() + seen
            if unit >= character:
                break
            if unit + 1 == character:
                return match.start()
            seen += 1
        return min(character - seen, len(line))
    encoded = line.encode("utf-8", "surrogatepass")
    if character >= len(encoded):
        return len(line)
    while encoded[character] & 0xC0 == 0x80:
        character -= 1
    return len(encoded[:character].decode("utf-8", "surrogatepass"))


class LineIndex:
    """Where the lines of ``text`` start, and conversions between offsets and positions."""

    __slots__ = ("_line_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts = _starts(text)

    @property
    def line_count(self) -> int:
        """Lines in the document: one more than it has EOLs."""
        return len(self._line_starts)

    def line_start(self, line: int) -> int:
        """Offset of the first character of a line (0-based). A line past the end: the end."""
        if line < 0:
            return 0
        return self._line_starts[line] if line < len(self._line_starts) else len(self.text)

    def line_end(self, line: int) -> int:
        """Offset after the line's last character, before its EOL."""
        end = self.line_start(line + 1)
        if line + 1 >= len(self._line_starts):
            return end
        if self.text[end - 1] == "\n" and end - 2 >= 0 and self.text[end - 2] == "\r":
            return end - 2
        return end - 1

    def line_text(self, line: int) -> str:
        """The line without its EOL."""
        return self.text[self.line_start(line) : self.line_end(line)]

    def line_of(self, offset: int) -> int:
        """The line (0-based) that holds an offset; an EOL belongs to the line it ends."""
        offset = min(max(offset, 0), len(self.text))
        return bisect_right(self._line_starts, offset) - 1

    def offset(self, line: int, character: int, encoding: str) -> int:
        """The offset of a position. Clamps: a character past the line's end is the line's end,
        a line past the document's end is the document's end, inside a character is its start.
        """
        if line < 0:
            return 0
        if line >= len(self._line_starts):
            return len(self.text)
        start = self._line_starts[line]
        if encoding == "utf-32":
            return min(start + max(character, 0), self.line_end(line))
        return start + code_points(self.line_text(line), character, encoding)

    def position(self, offset: int, encoding: str) -> tuple[int, int]:
        """The position (line, character) of an offset.

        Between ``\\r`` and ``\\n`` no position exists: the end of the line is given.
        """
        line = self.line_of(offset)
        start = self._line_starts[line]
        end = min(max(offset, 0), self.line_end(line))
        return line, units(self.text[start:end], encoding)
