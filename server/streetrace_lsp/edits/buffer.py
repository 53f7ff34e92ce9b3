"""A text as its lines, changed in place: what an editor sends at every keystroke.

A change costs the lines it touches, not the length of the document. Lines end only where
LSP 3.17 ("Text Documents") says: at ``\\n``, ``\\r\\n`` and ``\\r``.
"""

from __future__ import annotations

from streetrace_lsp.edits.lines import code_points, content_of, split_lines

Position = tuple[int, int]


class LineBuffer:
    """The lines of a text, each with its end-of-line characters; the last one has none."""

    __slots__ = ("_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text: str | None = text
        self._lines = _lines(text)

    @property
    def text(self) -> str:
        """The whole text; joined again only after a change."""
        if self._text is None:
            self._text = "".join(self._lines)
        return self._text

    def replace(self, start: Position, end: Position, text: str, encoding: str) -> None:
        """Replace what lies between two positions (line, character), in code units.

        Positions are clamped as LSP says: past a line's end means its end, past the last line
        the end of the text. ``end`` before ``start`` is taken the other way round.
        """
        start, end = min(start, end), max(start, end)
        first, column = self._place(start, encoding)
        last, until = self._place(end, encoding)
        middle = self._lines[first][:column] + text + self._lines[last][until:]
        # A neighbour may join: "\\r" before and "\\n" behind become one end of line.
        before, behind = max(first - 1, 0), min(last + 2, len(self._lines))
        joined = "".join([*self._lines[before:first], middle, *self._lines[last + 1 : behind]])
        fresh = _lines(joined)
        if behind < len(self._lines):
            # Not the end of the text: what follows starts a line of its own.
            fresh.pop()
        self._lines[before:behind] = fresh
        self._text = None

    def _place(self, position: Position, encoding: str) -> Position:
        line, character = position
        if line < 0:
            return 0, 0
        if line >= len(self._lines):
            return len(self._lines) - 1, len(self._lines[-1])
        return line, code_points(content_of(self._lines[line]), character, encoding)


def _lines(text: str) -> list[str]:
    """The lines, and an empty one behind the last end of line."""
    lines = split_lines(text)
    if not lines or content_of(lines[-1]) != lines[-1]:
        lines.append("")
    return lines
