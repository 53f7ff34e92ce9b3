"""One file as the locator sees it: its lines, and how they look to each tier."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from streetrace_lsp.edits.lines import content_of, dominant_eol, eol_of, split_lines

BOM = "\ufeff"

Normal = Callable[[str], str]


class FileText:
    """A text split into lines. A byte order mark is kept apart: no block ever names it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bom = len(BOM) if text.startswith(BOM) else 0
        raw = split_lines(text[self.bom :])
        self.raw = raw
        if "\r" in text:
            self.lines = [content_of(line) for line in raw]
        else:
            self.lines = text[self.bom :].split("\n")[: len(raw)]
        self.eol = dominant_eol(text)
        self.final_newline = not raw or eol_of(raw[-1]) != ""
        self._starts: list[int] | None = None
        self._keys: dict[Normal, tuple[str, list[int]]] = {}

    @property
    def starts(self) -> list[int]:
        """Offset of each line in ``text``, and the end of the text."""
        if self._starts is None:
            self._starts = list(accumulate(map(len, self.raw), initial=self.bom))
        return self._starts

    def line_at(self, offset: int) -> int:
        """The first line (0-based) that starts at or after an offset."""
        return bisect_left(self.starts, offset)

    def eol_at(self, line: int) -> str:
        """The EOL new text takes at a line: the line's own, else that of most lines."""
        return (eol_of(self.raw[line]) if 0 <= line < len(self.raw) else "") or self.eol

    def find(self, lines: Sequence[str], normal: Normal) -> list[int]:
        """Every line at which ``lines`` stand, where both are seen through ``normal``."""
        joined, starts = self._joined(normal)
        wanted = _join(map(normal, lines))
        found: list[int] = []
        at = joined.find(wanted)
        while at >= 0:
            found.append(bisect_left(starts, at))
            at = joined.find(wanted, at + 1)
        return found

    def _joined(self, normal: Normal) -> tuple[str, list[int]]:
        if normal not in self._keys:
            keys = self.lines if normal is exact else list(map(normal, self.lines))
            starts = list(accumulate(map((1).__add__, map(len, keys)), initial=0))
            self._keys[normal] = (_join(keys), starts)
        return self._keys[normal]


def _join(keys: Iterable[str]) -> str:
    # No key holds a line feed, so a match of "\nkey\nkey\n" is a match of whole lines.
    return "\n" + "\n".join(keys) + "\n"


def telling(line: str) -> bool:
    """Whether a line holds a letter or digit, so that it says something about its place."""
    return any(char.isalnum() for char in line)


def exact(line: str) -> str:
    """Tier T0: the line as it is. Its EOL is no part of it."""
    return line


def trailing(line: str) -> str:
    """Tier T1: without trailing blanks."""
    return line.rstrip(" \t")


def stripped(line: str) -> str:
    """Tier T2 before indents are compared: without blanks on either side."""
    return line.strip(" \t")


# Typographic characters that models and editors exchange for each other.
_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " "),
        "…": "...",
        "\ufeff": None,
        "\u200b": None,
    }
)


def punctuation(line: str) -> str:
    """Tier T3: typographic punctuation and blanks as their ASCII kin, for matching only."""
    return line.translate(_PUNCTUATION).strip(" \t")
