"""Text from a repository, made safe to show in a dialog, a log or a terminal."""

from __future__ import annotations

import unicodedata
from typing import Final

# Control, format (bidirectional, zero-width, tags), surrogate, private, unassigned, separators.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def escaped(text: str, *, longest: int = 400) -> str:
    """``text`` on one line, invisible characters as ``\\u{…}``, cut at ``longest`` characters."""
    shown = "".join(
        f"\\u{{{ord(character):x}}}" if _hidden(character) else character
        for character in text[: longest + 1]
    )
    return shown if len(text) <= longest else shown[:longest] + "…"


def _hidden(character: str) -> bool:
    # Variation selectors are marks; they hide as well as format characters do.
    code = ord(character)
    selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return selector or unicodedata.category(character) in _HIDDEN
