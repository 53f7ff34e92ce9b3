"""Old text that was escaped once too often, for XML or JSON: believed only where it proves itself.

The text must be escaped throughout, differ from what it says, and stand in the file as it says.
Then the new text was escaped alike. A text that may as well be meant as it stands is left alone.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence

from streetrace_lsp.edits.intents import Reading

_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|#39|#x27);")
_RAW = re.compile(r"<|&(?!(?:lt|gt|amp|quot|apos|#39|#x27);)")


def readings(reading: Reading) -> list[Reading]:
    """What the block says if it was escaped for XML, and if it was escaped for JSON."""
    found: list[Reading] = []
    for unescaped in (_entities, _json):
        old, new = _lines(reading.old, unescaped), _lines(reading.new, unescaped)
        if old and new is not None and old != reading.old:
            found.append(Reading(old, new))
    return found


def _lines(lines: Sequence[str], unescaped: Callable[[str], str | None]) -> tuple[str, ...] | None:
    if not lines:
        return ()
    text = "\n".join(lines)
    plain = unescaped(text)
    if plain is None:
        return None
    if not text.endswith("\n"):
        plain = plain.removesuffix("\n")  # it was escaped too
    return tuple(plain.split("\n"))


def _entities(text: str) -> str | None:
    return None if _RAW.search(text) else _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _json(text: str) -> str | None:
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) and "\r" not in value else None
