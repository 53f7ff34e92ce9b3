"""How wide text is on a terminal, and cutting it to fit."""

from __future__ import annotations

import unicodedata

from streetrace_lsp.config.readable import escaped


def width(text: str) -> int:
    """Columns that ``text`` takes: two for wide characters, none for marks on another one."""
    return sum(_columns(character) for character in text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """``text`` with spaces up to ``columns``, behind it or (``right``) before it."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def fitted(name: str, columns: int) -> str:
    """A name on one line with nothing hidden in it; its middle is left out where it is too wide."""
    shown = escaped(name, longest=max(columns * 2, 400))
    if width(shown) <= columns:
        return shown
    # The end tells versions apart.
    tail = _cut(shown[::-1], (columns - 1) // 2)[::-1]
    return f"{_cut(shown, columns - 1 - width(tail))}…{tail}"


def _cut(text: str, columns: int) -> str:
    taken = 0
    for place, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:place]
    return text


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
