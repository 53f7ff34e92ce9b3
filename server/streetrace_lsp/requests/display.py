"""Make a model's text safe to show: no terminal escapes, no remote images."""

from __future__ import annotations

import re

# C0 and C1 controls but tab, line feed and carriage return; a terminal obeys these.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_IMAGE = re.compile(r"!(?=\[[^\]\n]*\]\(\s*<?\s*(?:https?:)?//)", re.IGNORECASE)
_HTML_IMAGE = re.compile(r"<(?=/?(?:img|iframe|object|embed|picture|source|video|audio)\b)", re.I)


def escape_controls(text: str) -> str:
    r"""Write control characters out, as ``\x1b``, so that no terminal obeys them."""
    text = text.replace("\r\n", "\n")
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def for_reading(markdown: str) -> str:
    """A model's Markdown as it may be opened: remote images become links, escapes literal.

    Rendering a remote image sends its address, and whatever a model put in it, away.
    """
    return _HTML_IMAGE.sub("&lt;", _IMAGE.sub("", escape_controls(markdown)))
