"""Which spellings of a key must disappear from text that somebody may read."""

from __future__ import annotations

import base64
import functools
import html.entities
import re
from collections.abc import Iterable, Iterator
from typing import Final

HIDDEN: Final = "•••"
_SHORTEST: Final = 4
# A piece of a base64 text that is shorter might stand in any other one as well.
_SHORTEST_INSIDE: Final = 8
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
        rf"\\*{re.escape(character)}",
        "".join(rf"\\+u{unit}" for unit in units),
        "".join(rf"\\+x{byte:02x}" for byte in raw),
        rf"\\+x{code:02x}",
        rf"\\+U{code:08x}",
        "".join(f"%(?:25)*{byte:02x}" for byte in raw),
        rf"&#0*{code};",
        rf"&#x0*{code:x};",
    ]
    if name := html.entities.codepoint2name.get(code):
        ways.append(f"&{name};")
    if letter := _LETTERS.get(character):
        ways.append(rf"\\+{letter}")
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
