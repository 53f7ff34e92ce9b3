"""What of a model's Markdown is code to whoever renders it, and which ``<`` may begin HTML.

A code block is shown to the letter, so as little of it as possible is to be changed. What is taken
for one here should be one for every renderer: where two may differ (CommonMark 0.31 and its
extensions for formulas and containers), the rest of the text is none. Since that can't be known of
all of them, an element that fetches by itself is made harmless in code, too.

An HTML element may fetch what it shows, and it may hide where a block begins. So outside of code
only those stay that can do neither: they begin no line and are complete, without an attribute whose
value means anything to a browser. ``Vec<T>`` and ``<div class="a">`` are of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Where a line starts: they end as LSP says, at "\n", "\r\n" and "\r".
_LINE_START = r"(?<![^\r\n])"
# What may stand before a block that is in a list or in a quote.
_BEFORE_BLOCK = r"[ \t>*+\-\d.)]*+"

_LINES = re.compile(r"(?P<words>[^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(rf"{_BEFORE_BLOCK}(?:`{{3}}|~{{3}})")
_OPENS = re.compile(r"(?P<indent> *+)(?P<fence>`{3,}+|~{3,}+)[\w .,:;/+#=(){}'\"@-]*\Z")
# Containers, formulas and comments of Markdown's extensions: a fence in them is none.
_NESTS = re.compile(rf"{_BEFORE_BLOCK}:::|.*?(?:\$\$|%%|\\begin\b)", re.DOTALL)
# What is indented more deeply is a fence in some lists only.
_MOST_INDENT = 3

_TAG = r"(?=/?+[a-z][a-z0-9-]*+(?:[\s/>]|\Z))"
_QUOTED = r"\"[^\"<>&\\`!\[\r\n]*+\"|'[^'<>&\\`!\[\r\n]*+'|[\w./#:-]++"
_ATTRIBUTE = (
    r"[ \t]++(?:(?:class|id|title|lang|role|type|name|value|for|alt|width|height|placeholder"
    rf"|aria-[a-z]++)[ \t]*+=[ \t]*+(?:{_QUOTED})|[a-z_][\w.-]*+(?![ \t]*+[=:]))"
)
_HARMLESS = rf"/?+(?!(?:style|script)\b)[a-z][a-z0-9-]*+(?:{_ATTRIBUTE})*+[ \t]*+/?>"


# Elements that fetch what their attributes name, and the one that may import.
FETCHING = (
    r"(?:/?(?:img|image|feimage|iframe|frame|object|embed|picture|source|video|audio|link)"
    r"(?=[\s/]|\Z)|/?style(?=[\s/>]|\Z))"
)


def fetches(less: str) -> re.Pattern[str]:
    """A pattern for an element that fetches something by itself, which is one in code, too.

    What is code to us may be none to somebody. ``less`` is as for `may_begin_html`.
    """
    return re.compile(f"{less}(?={FETCHING})", re.IGNORECASE)


def may_begin_html(less: str) -> re.Pattern[str]:
    """A pattern for what may begin an HTML element or comment, outside of code.

    ``less`` is the pattern of the ``<`` in it, as it is or as it is written instead. A match ends
    behind that, and begins with it or with the start of its line.
    """
    begins_line = rf"{_LINE_START}{_BEFORE_BLOCK}{less}(?:(?=[!?])|{_TAG})"
    return re.compile(rf"{begins_line}|{less}{_TAG}(?!{_HARMLESS})", re.IGNORECASE)


class _CodeReader:
    """Reads Markdown line by line, and says which lines are in a code block."""

    def __init__(self) -> None:
        self._sure = True
        # The fence that is open, and how far it is indented.
        self._fence: tuple[str, int] | None = None
        # Whether the line that is read is code.
        self._inside = False

    def read(self, text: str) -> Iterator[tuple[int, int]]:
        """The code in a text, as offsets in it, line by line."""
        for line in _LINES.finditer(text):
            self._begin(line["words"])
            if self._inside:
                yield line.span()

    def _begin(self, words: str) -> None:
        self._inside = False
        if not self._sure:
            return
        if self._fence is not None:
            self._within(words, *self._fence)
        elif _FENCE.match(words):
            opened = _OPENS.match(words)
            self._sure = opened is not None
            if opened is not None:
                self._fence = (opened["fence"], len(opened["indent"]))
        elif _NESTS.match(words):
            self._sure = False

    def _within(self, words: str, fence: str, indent: int) -> None:
        plain = words.strip(" \t")
        if plain.startswith(fence) and not plain.strip(fence[0]):
            # A longer one, or one that is indented otherwise, closes it for some only.
            self._sure = words.rstrip(" \t") == " " * indent + fence
            self._fence = None
        elif plain and len(words.expandtabs(4)) - len(words.expandtabs(4).lstrip(" ")) < indent:
            # The list that the fence is in has ended here, and with it the code.
            self._sure = False
        else:
            self._inside = indent <= _MOST_INDENT


def split_code(text: str) -> Iterator[tuple[str, bool]]:
    """The text in parts, from its start to its end, each with whether it is code."""
    done = 0
    for start, end in _CodeReader().read(text):
        if done < start:
            yield text[done:start], False
        yield text[start:end], True
        done = end
    if done < len(text):
        yield text[done:], False
