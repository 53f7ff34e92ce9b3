"""Text inside a picture: nothing in it is markup, and about how wide it will be."""

from __future__ import annotations

from xml.sax.saxutils import escape

from .widths import width

# Of a sans-serif font, in parts of its size: letters and digits on average.
_AVERAGE = 0.56


def escaped(text: str) -> str:
    """``text`` as content or in an attribute of XML."""
    return escape(text, {'"': "&quot;"})


def text_width(text: str, size: float) -> float:
    """Pixels that ``text`` takes in a font of ``size``, about."""
    return width(text) * size * _AVERAGE
