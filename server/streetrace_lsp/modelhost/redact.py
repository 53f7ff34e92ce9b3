"""Which spellings of a key must disappear from text that somebody may read."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable
from typing import Final

HIDDEN: Final = "•••"
_SHORTEST: Final = 4


def redact(text: str, values: Iterable[str]) -> str:
    """``text`` without the exact ``values``: plain, URL-encoded, in JSON, repr and base64.

    Servers echo keys in each of these forms: in a 401 body, in a query string, and as the
    password of a basic authorization header. Values under four characters are placeholders
    ("x", "no") that would tear ordinary words apart, and protect nothing.
    """
    for form in sorted(_forms(values), key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _forms(values: Iterable[str]) -> set[str]:
    forms: set[str] = set()
    for value in values:
        if len(value) < _SHORTEST:
            continue
        raw = value.encode("utf-8", "surrogatepass")
        forms |= {
            value,
            value.strip(),
            urllib.parse.quote(value, safe="", errors="replace"),
            urllib.parse.quote(value, errors="replace"),
            urllib.parse.quote_plus(value, errors="replace"),
            json.dumps(value)[1:-1],
            json.dumps(value, ensure_ascii=False)[1:-1],
            repr(value)[1:-1],
            base64.b64encode(raw).decode("ascii"),
            base64.urlsafe_b64encode(raw).decode("ascii"),
        }
    return {form for form in forms if len(form) >= _SHORTEST}
