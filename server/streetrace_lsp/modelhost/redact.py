"""Which spellings of a key must disappear from text that somebody may read."""

from __future__ import annotations

import base64
import functools
import html.entities
import re
from collections.abc import Iterable, Iterator
from typing import Final

HIDDEN: Final = "•••"
# How much of a text is searched for keys, in characters. The rest is never shown.
LONGEST_READ: Final = 64 * 1024
_SHORTEST: Final = 4
# A piece of a base64 text that is shorter might stand in any other one as well.
_SHORTEST_INSIDE: Final = 8
# A text without spaces can't hold so much of a key by chance.
_PIECE: Final = 8
_HALF: Final = _PIECE // 2
_LONG_KEY: Final = 16
# How many signs of an escape may stand before one character. A number, since a text of nothing
# but backslashes would be searched for minutes otherwise.
_NESTED: Final = 32
_ESCAPE: Final = rf"\\{{1,{_NESTED}}}"
_LETTERS: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


def redact(text: str, values: Iterable[str]) -> str:
    """``text`` without the exact ``values``, however often something has escaped them.

    Servers and libraries send keys back in JSON, in a repr of JSON, in a query, in HTML and as
    the password of a basic authorization header. Values under four characters are placeholders
    ("x", "no") that would tear ordinary words apart, and protect nothing.
    """
    spelled = {form for value in values for form in (value, value.strip())}
    for value in sorted(spelled, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = _pattern(value).sub(HIDDEN, text)
    return text


def redact_pieces(text: str, keys: Iterable[str]) -> str:
    """``text`` without any eight characters in a row of the long ``keys``.

    Libraries cut what they quote: a key that is not whole any more is found in no other way.
    """
    for key in keys:
        if len(key) >= _LONG_KEY:
            text = _without_pieces(text, key)
    return text


def _without_pieces(text: str, key: str) -> str:
    # Wherever a piece stands, one of these halves, side by side, is inside of it.
    if _slices(key, _HALF).isdisjoint(_slices(text, _HALF, _HALF)):
        return text
    pieces = _slices(key, _PIECE)
    kept: list[str] = []
    start = at = 0
    while at <= len(text) - _PIECE:
        if text[at : at + _PIECE] not in pieces:
            at += 1
            continue
        kept += (text[start:at], HIDDEN)
        while text[at : at + _PIECE] in pieces:
            at += 1
        at += _PIECE - 1
        start = at
    return "".join([*kept, text[start:]])


def _slices(text: str, size: int, step: int = 1) -> set[str]:
    return {text[at : at + size] for at in range(0, len(text) - size + 1, step)}


@functools.lru_cache(maxsize=256)
def _pattern(value: str) -> re.Pattern[str]:
    spelled = "".join(map(_spellings, value))
    raw = value.encode("utf-8", "surrogatepass")
    return re.compile("|".join([spelled, *map(re.escape, _encoded(raw))]))


def _spellings(character: str) -> str:
    """A pattern for one character in every escape."""
    if character.isascii() and character.isalnum():
        return character
    code, raw = ord(character), character.encode("utf-8", "surrogatepass")
    utf16 = character.encode("utf-16-be", "surrogatepass")
    units = [utf16[i : i + 2].hex() for i in range(0, len(utf16), 2)]
    ways = [
        # A backslash doubles each time that a text is put into another.
        rf"\\{{,{_NESTED}}}{re.escape(character)}",
        "".join(rf"{_ESCAPE}u{unit}" for unit in units),
        "".join(rf"{_ESCAPE}x{byte:02x}" for byte in raw),
        rf"{_ESCAPE}x{code:02x}",
        rf"{_ESCAPE}U{code:08x}",
        "".join(f"%(?:25){{,{_NESTED}}}{byte:02x}" for byte in raw),
        rf"&#0{{,{_NESTED}}}{code};",
        rf"&#x0{{,{_NESTED}}}{code:x};",
    ]
    if name := html.entities.codepoint2name.get(code):
        ways.append(f"&{name};")
    if letter := _LETTERS.get(character):
        ways.append(rf"{_ESCAPE}{letter}")
    if character == " ":
        ways.append(r"\+")
    return f"(?i:{'|'.join(ways)})"


def _encoded(raw: bytes) -> Iterator[str]:
    """The value in base64, alone and behind one or two bytes of something else."""
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        yield code(raw).decode("ascii")
        for before in range(3):
            text = code(b"\0" * before + raw).decode("ascii")
            # Only what neighbours in the same text can't change: 6 bits are a character.
            inside = text[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            if len(inside) >= _SHORTEST_INSIDE:
                yield inside
