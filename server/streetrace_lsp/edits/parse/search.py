"""Search/replace blocks, in every marker variant.

::

    <<<<<<< SEARCH            ------- SEARCH
    old lines                 old lines
    =======                   =======
    new lines                 new lines
    >>>>>>> REPLACE           +++++++ REPLACE

Markers are 5 to 9 characters long and equally long within a block, so that a text which holds
markers can be edited with longer or shorter ones. ``SEARCH>`` and ``ORIGINAL``/``UPDATED`` are
spellings in use. ``:start_line:`` lines with a ``-------`` below them give a line hint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from streetrace_lsp.edits.intents import Broken, EditIntent, Label, Reading

_OPEN = re.compile(r"[ \t]*(<{5,9}|-{5,9}) ?(?:SEARCH|ORIGINAL)>?[ \t]*")
_CLOSE = re.compile(r"[ \t]*(?:>{5,9}|\+{5,9}) ?(?:REPLACE|UPDATED)[ \t]*")
_HINT = re.compile(r"[ \t]*:(start_line|end_line):[ \t]*(\d{1,9})[ \t]*")
_RULE = re.compile(r"[ \t]*-{5,9}[ \t]*")


def opens(line: str) -> bool:
    """Whether a line opens a search/replace block."""
    return line.lstrip(" \t")[:5] in ("<<<<<", "-----") and _OPEN.fullmatch(line) is not None


def closes_nothing(line: str) -> bool:
    """Whether a line outside every block is the end of one."""
    return line.lstrip(" \t")[:5] in (">>>>>", "+++++") and _CLOSE.fullmatch(line) is not None


@dataclass(slots=True)
class SearchBlock:
    """Reads one block line by line."""

    block: int
    label: Label | None
    opener: str
    first: int
    lines: list[str] = field(default_factory=list)
    dividers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        marker = self.opener.strip(" \t")
        size = len(marker) - len(marker.lstrip(marker[0]))
        indent = self.opener[: len(self.opener) - len(self.opener.lstrip(" \t"))]
        end = ">" if marker[0] == "<" else "+"
        self._indent = indent
        self._marker = marker[0] * size
        self._divider = "=" * size
        self._conflict_start, self._conflict_end = "<" * size + " ", ">" * size + " "
        self._ends = (f"{end * size} REPLACE", f"{end * size}REPLACE", f"{end * size} UPDATED")

    _indent: str = field(init=False)
    _divider: str = field(init=False)
    _marker: str = field(init=False)
    _conflict: int = field(init=False, default=0)
    _conflict_start: str = field(init=False)
    _conflict_end: str = field(init=False)
    _ends: tuple[str, ...] = field(init=False)

    def line(self, text: str, number: int) -> EditIntent | Broken | None:
        """Take the next line; the block's result once it is complete."""
        bare = text.rstrip(" \t").removeprefix(self._indent)
        if bare == self._divider:
            if self._conflict == 1:
                self._conflict = 2  # the middle of a merge conflict in the text
            else:
                self.dividers.append(len(self.lines))
        elif bare in self._ends:
            return self._finish(number + 1)
        elif bare.startswith(self._conflict_start):
            self._conflict = 1
        elif bare.startswith(self._conflict_end):
            self._conflict = 0
        self.lines.append(text)
        return None

    def reopened_by(self, line: str) -> bool:
        """Whether a line opens the next block in the middle of this one."""
        if not opens(line):
            return False
        bare = line.strip(" \t")
        return bare.startswith(self._marker) and bare[len(self._marker)] != self._marker[0]

    def broken(self, code: str, message: str, end: int) -> Broken:
        """The block as one that can't be read."""
        return Broken(self.block, self.label, code, message, (self.first, end))

    def unclosed(self, end: int) -> Broken:
        """The reply ended inside the block."""
        return self.broken("unclosed", f"Edit {self.block} has no end marker.", end)

    def again(self, end: int) -> Broken:
        """A new block opened inside this one."""
        message = f"Edit {self.block} has no end marker before the next edit starts."
        return self.broken("malformed", message, end)

    def _finish(self, end: int) -> EditIntent | Broken:
        if self._conflict:
            return self.broken(
                "malformed", f"Edit {self.block} holds half of a merge conflict.", end
            )
        if not self.dividers:
            return self.broken(
                "malformed", f"Edit {self.block} has no line of = between old and new text.", end
            )
        if len(self.dividers) > 1:
            # Whichever is meant, the old text up to another one may stand in the file as well.
            return self.broken(
                "malformed",
                f"Edit {self.block} has several lines of = that may divide old from new text.",
                end,
            )
        start, hint = self._hints()
        lines = self._dedented()
        at = self.dividers[0]
        reading = Reading(tuple(lines[start:at]), tuple(lines[at + 1 :]))
        return EditIntent(
            self.block, self.label, "replace", reading, (self.first, end), line_hint=hint
        )

    def _hints(self) -> tuple[int, int | None]:
        """Where the old text starts, after ``:start_line:`` and its rule, and the line hint."""
        hint = None
        at = 0
        while at < self.dividers[0]:
            match = _HINT.fullmatch(self.lines[at])
            if match is None:
                break
            if match[1] == "start_line":
                hint = int(match[2]) or None
            at += 1
        if at and at < self.dividers[0] and _RULE.fullmatch(self.lines[at]):
            at += 1
        return at, hint

    def _dedented(self) -> list[str]:
        """The lines without the markers' own indent, where all of them have it."""
        indent = self._indent
        if indent and all(line.startswith(indent) or not line.strip() for line in self.lines):
            return [line.removeprefix(indent) for line in self.lines]
        return self.lines
