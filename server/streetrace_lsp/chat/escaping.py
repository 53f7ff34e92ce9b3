r"""What a model writes, in a form that no reader mistakes, and back again without a loss.

Four things of an answer must not stand in the document as they are: a line that looks like one of
ours (a turn's heading, a note), a remote image, whose address would be fetched by whoever renders
the document, an HTML element that fetches one, and the line ``=======`` of a search/replace block,
which VS Code takes for a merge conflict. A backslash, Markdown's own escape, goes before the line
or into ``!\[``; where one stands already, one more does. In HTML it is ``&lt;``. A blank, which
nobody sees, goes behind ``=======``. Reading takes exactly one away, so that every text comes back
to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streetrace_lsp.requests.display import REMOTE
from streetrace_lsp.requests.markup import FETCHING

# Lines end as LSP says: at "\n", "\r\n" and "\r". Anything else is inside a line.
_LINE_START = r"(?<![^\r\n])"
HEADING = r"## (?:You|Assistant \([^\r\n]*\))[ \t]*(?![^\r\n])"
# The same at the start of a line, said so that the search begins with plain letters: a long chat
# is read at every command.
HEADING_LINE = HEADING.replace("## ", r"## (?<![^\r\n]## )", 1)
NOTE = "> Streetrace: "
NOTE_LINE = rf"{NOTE}(?<![^\r\n]{NOTE})"

_OURS = re.compile(rf"{_LINE_START}(?P<slashes>\\*)(?:{HEADING}|{NOTE})")
_DEFINITION = re.compile(
    rf"{_LINE_START}[ \t>*+\-\d.)]*(?P<slashes>\\*)"
    rf"\[(?:\\[^\r\n]|[^\]\\\r\n])+\]:{REMOTE}",
    re.I,
)
_IMAGE = re.compile(r"!(?P<slashes>\\*)\[")
# What follows "![" when it is an image from elsewhere, or one whose address stands elsewhere.
_FETCHES = re.compile(rf"\](?:\({REMOTE}|\[)", re.I)
_ELEMENT = re.compile(rf"<(?={FETCHING})", re.I)
_ESCAPED_ELEMENT = re.compile(rf"&(?P<amps>(?:amp;)*)lt;(?={FETCHING})", re.I)
# Said so that the search begins with plain letters, as above.
_SPLITTER = re.compile(r"=======(?<![^\r\n]=======)(?P<blanks> *)(?![^\r\n])")
_BLANK = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r|\n)")
# An image's words are not longer than this; what is, is taken for one from elsewhere to be safe.
_REACH = 400

_Edit = tuple[int, int, str]


def escape(text: str) -> str:
    """The text as it stands in the document."""
    return _edited(text, _edits(text), len(text))


def unescape(text: str) -> str:
    """The text that was escaped."""
    if "\\" not in text and "&" not in text and "======= " not in text:
        return text
    removed: list[_Edit] = []
    for pattern in (_OURS, _DEFINITION, _IMAGE):
        for found in pattern.finditer(text):
            start, end = found.span("slashes")
            if start < end:
                removed.append((start, start + 1, ""))
    for found in _SPLITTER.finditer(text):
        start, end = found.span("blanks")
        if start < end:
            removed.append((start, start + 1, ""))
    for found in _ESCAPED_ELEMENT.finditer(text):
        start = found.start()
        if found["amps"]:
            removed.append((start + 1, start + 1 + len("amp;"), ""))
        else:
            removed.append((start, start + len("&lt;"), "<"))
    return _edited(text, removed, len(text))


class Escaper:
    """Escapes a text that arrives in pieces; what is still undecided waits for the next one."""

    def __init__(self, *, line_start: bool = True) -> None:
        self._waiting = ""
        self._line_start = line_start

    def feed(self, piece: str) -> str:
        """The next part of the escaped text."""
        return self._give(self._waiting + piece, whole=False)

    def finish(self) -> str:
        """The rest of it."""
        return self._give(self._waiting, whole=True)

    def _give(self, text: str, *, whole: bool) -> str:
        # A character in front says whether the text begins a line; it is never changed itself.
        text = ("\n" if self._line_start else "x") + text
        end = len(text) if whole else max(_decided(text), 1)
        given = _edited(text, _edits(text), end)[1:]
        self._waiting = text[end:]
        if end > 1:
            self._line_start = text[end - 1] in "\r\n"
        return given


def _edits(text: str) -> Iterator[_Edit]:
    for pattern in (_OURS, _DEFINITION):
        for found in pattern.finditer(text):
            at = found.start("slashes")
            yield at, at, "\\"
    for found in _IMAGE.finditer(text):
        if found["slashes"] or _fetches(text, found.end()):
            at = found.start("slashes")
            yield at, at, "\\"
    for found in _SPLITTER.finditer(text):
        yield found.start(), found.start("blanks"), "======= "
    for found in _ELEMENT.finditer(text):
        yield found.start(), found.end(), "&lt;"
    for found in _ESCAPED_ELEMENT.finditer(text):
        yield found.start() + 1, found.start() + 1, "amp;"


def _edited(text: str, edits: Iterator[_Edit] | list[_Edit], until: int) -> str:
    pieces: list[str] = []
    done = 0
    # A line can be a definition and hold "![" too, but never at the same place twice.
    for start, end, new in sorted(set(edits)):
        if start >= until:
            break
        pieces += (text[done:start], new)
        done = end
    return "".join([*pieces, text[done:until]])


def _window(text: str, start: int) -> tuple[str, bool]:
    """What may still belong to an image that opens before ``start``, and whether that is all."""
    blank = _BLANK.search(text, start, start + _REACH)
    end = blank.start() if blank else min(len(text), start + _REACH)
    return text[start:end], blank is not None or len(text) >= start + _REACH


def _fetches(text: str, start: int) -> bool:
    window, closed = _window(text, start)
    unending = closed and len(window) == _REACH
    return unending or _FETCHES.search(window) is not None


def _decided(text: str) -> int:
    """How far the text is certain, whatever follows."""
    end = len(text)
    for found in (_OPEN_LINE.search(text), _OPEN_ELEMENT.search(text), _OPEN_IMAGE.search(text)):
        if found is not None:
            end = min(end, found.start())
    for found in _IMAGE.finditer(text):
        if found.start() >= end:
            break
        window, closed = _window(text, found.end())
        if not found["slashes"] and not closed and _FETCHES.search(window) is None:
            end = found.start()
    return end


_OPEN_ELEMENT = re.compile(r"(?:<|&[a-z;]{0,40})/?[a-z]{0,8}\Z", re.I)
_OPEN_IMAGE = re.compile(r"!\\*\Z")
# A last line that may yet become one of ours, or the address of an image.
_OPEN_LINE = re.compile(
    rf"{_LINE_START}(?:"
    r"\\*(?:#(?:#(?: (?:You[ \t]*|Y|Yo|A[a-z]{0,8}|Assistant \([^\r\n]*|Assistant )?)?)?"
    r"|>(?: (?:S[a-z]{0,9}:?)?)?)?"
    r"|={1,6}|={7} *"
    r"|[ \t>*+\-\d.)]*\\*(?:\[[^\r\n]*(?:\]:\s*+[^\s<>()!\[:&\\]*+)?)?"
    r")\Z",
    re.I,
)
