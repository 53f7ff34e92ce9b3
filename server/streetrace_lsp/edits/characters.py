"""Characters that a reader does not see, newly added by an edit.

Bidirectional controls reorder what is shown (CVE-2021-42574); tag characters, zero-width
characters and variation selectors hide instructions. An edit that adds one needs confirmation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# Controls besides tab, line feed, form feed and carriage return; format characters (bidi,
# zero-width, tags); fillers that show nothing; variation selectors.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def hidden(old: str, new: str) -> tuple[str, ...]:
    """The hidden characters of which ``new`` has more than ``old``, in order, as escaped names
    such as ``U+202E RIGHT-TO-LEFT OVERRIDE``.
    """
    added = Counter(_HIDDEN.findall(new)) - Counter(_HIDDEN.findall(old))
    return tuple(named(char) for char in sorted(added))


def named(char: str) -> str:
    """A character as code point and name."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'CONTROL CHARACTER')}"


def escaped(text: str) -> str:
    """The text with hidden characters spelled out, for showing it."""
    return _HIDDEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
