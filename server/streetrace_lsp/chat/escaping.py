r"""What a model writes, in a form that no reader mistakes, and back again without a loss.

Four things of an answer must not stand in the document as they are: a line that looks like one of
ours (a turn's heading, a note), a remote image, whose address would be fetched by whoever renders
the document, an HTML element that may do the same, and the line ``=======`` of a search/replace
block, which VS Code takes for a merge conflict. A backslash, Markdown's own escape, goes before the
line or into ``!\[``; where one stands already, one more does. In HTML it is ``&lt;``. A blank,
which nobody sees, goes behind ``=======``. Reading takes exactly one away, so that every text comes
back to the letter. In code blocks HTML stays as it is, but for elements that fetch: what is code to
one renderer may be none to another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from copy import copy

from streetrace_lsp.requests.display import REMOTE
from streetrace_lsp.requests.markup import (
    BEFORE_BLOCK,
    FENCE,
    LINE_START,
    CodeReader,
    fetches,
    may_begin_html,
)

HEADING = r"## (?:You|Assistant \([^\r\n]*\))[ \t]*(?![^\r\n])"
# The same at the start of a line, said so that the search begins with plain letters: a long chat
# is read at every command.
HEADING_LINE = HEADING.replace("## ", r"## (?<![^\r\n]## )", 1)
NOTE = "> Streetrace: "
NOTE_LINE = rf"{NOTE}(?<![^\r\n]{NOTE})"

_OURS = re.compile(rf"{LINE_START}(?P<slashes>\\*)(?:{HEADING}|{NOTE})")
_DEFINITION = re.compile(
    rf"{LINE_START}{BEFORE_BLOCK}(?P<slashes>\\*)"
    rf"\[(?:\\[^\r\n]|[^\]\\\r\n])+\]:(?={REMOTE})",
    re.I,
)
_IMAGE = re.compile(r"!(?P<slashes>\\*)\[")
# What follows "![" when it is an image from elsewhere, or one whose address stands elsewhere.
_FETCHES = re.compile(rf"\](?:\({REMOTE}|\[)", re.I)
# What follows "![" at the end of a text that may still become such an image.
_OPEN_END = re.compile(r"[^\[\]]*+(?:\](?:\([^()]*+|\[[^\]]*+)?)?")
_AMPERSANDS = r"&(?:amp;)*+lt;"
_HTML = may_begin_html(rf"(?:<|{_AMPERSANDS})")
_ESCAPED_HTML = may_begin_html(_AMPERSANDS)
_FETCHING = fetches(rf"(?:<|{_AMPERSANDS})")
_ESCAPED_FETCHING = fetches(_AMPERSANDS)
# Said so that the search begins with plain letters, as above.
_SPLITTER = re.compile(r"=======(?<![^\r\n]=======)(?P<blanks> *)(?![^\r\n])")
_BLANK = re.compile(r"(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r|\n)")
# An image's words are not longer than this; what is, is taken for one from elsewhere to be safe.
_REACH = 400

_Edit = tuple[int, int, str]
_Code = list[tuple[int, int]]


def escape(text: str) -> str:
    """The text as it stands in the document."""
    return _edited(text, _edits(text, _code(text)), len(text))


def unescape(text: str) -> str:
    """The text that was escaped."""
    if "\\" not in text and "&" not in text and "======= " not in text:
        return text
    # A line of ours may be what follows the name of an image's address; so may another such name.
    text = _OURS.sub(lambda found: found[0][1:] if found["slashes"] else found[0], text)
    for found in reversed(list(_DEFINITION.finditer(text))):
        again = _DEFINITION.match(text, found.start())
        if again is not None and again["slashes"]:
            at = again.start("slashes")
            text = text[:at] + text[at + 1 :]
    code = _code(text)
    removed: list[_Edit] = []
    for found in _IMAGE.finditer(text):
        start, end = found.span("slashes")
        if start < end:
            removed.append((start, start + 1, ""))
    for found in _SPLITTER.finditer(text):
        start, end = found.span("blanks")
        if start < end:
            removed.append((start, start + 1, ""))
    for start, end in _less(text, _ESCAPED_HTML, _ESCAPED_FETCHING, code):
        if end - start > len("&lt;"):
            removed.append((start + 1, start + 1 + len("amp;"), ""))
        else:
            removed.append((start, end, "<"))
    return _edited(text, removed, len(text))


class Escaper:
    """Escapes a text that arrives in pieces; what is still undecided waits for the next one.

    ``before`` is what the text goes on from.
    """

    def __init__(self, before: str = "") -> None:
        self._waiting = ""
        cut = max(before.rfind("\n"), before.rfind("\r")) + 1
        # Goes in front of what comes, and is never changed: the line that it goes on from, behind
        # the end of the one before; or anything else, where only that matters.
        self._lead = f"\n{before[cut:]}"
        self._code = CodeReader()
        _code(before[:cut], self._code)

    def feed(self, piece: str) -> str:
        """The next part of the escaped text."""
        return self._give(self._waiting + piece, whole=False)

    def finish(self) -> str:
        """The rest of it."""
        return self._give(self._waiting, whole=True)

    def _give(self, text: str, *, whole: bool) -> str:
        lead, line_start = len(self._lead), self._lead.startswith("\n")
        text = self._lead + text
        end = len(text) if whole else max(_decided(text), lead)
        code = _code(text[1:], copy(self._code), line_start=line_start)
        code = [(start + 1, stop + 1) for start, stop in code]
        given = _edited(text, [one for one in _edits(text, code) if one[0] >= lead], end)[lead:]
        self._waiting = text[end:]
        if end > lead:
            _code(text[1:end], self._code, line_start=line_start)
            self._lead = "\n" if text[end - 1] in "\r\n" else "x"
        return given


def _code(text: str, reader: CodeReader | None = None, *, line_start: bool = True) -> _Code:
    return list((reader or CodeReader()).read(text, line_start=line_start))


def _in(code: _Code, at: int) -> bool:
    """Whether a place is in code, which is given in its order."""
    number = bisect_right(code, at, key=lambda part: part[0]) - 1
    return number >= 0 and at < code[number][1]


def _edits(text: str, code: _Code) -> Iterator[_Edit]:
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
    for start, end in _less(text, _HTML, _FETCHING, code):
        if text[start] == "<":
            yield start, end, "&lt;"
        else:
            yield start + 1, start + 1, "amp;"


def _less(
    text: str, html: re.Pattern[str], fetching: re.Pattern[str], code: _Code
) -> set[tuple[int, int]]:
    """Where a ``<``, as it is or escaped, must not begin an element: all of those that fetch, and
    outside of code the others, too.
    """
    places = {found.span() for found in fetching.finditer(text)}
    for found in html.finditer(text):
        start = found.start() + max(found[0].rfind("<"), found[0].rfind("&"))
        if not _in(code, start):
            places.add((start, found.end()))
    return places


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
    # A later answer may go on where this one ends.
    ends_open = not closed and _OPEN_END.fullmatch(window) is not None
    return unending or ends_open or _FETCHES.search(window) is not None


def _decided(text: str) -> int:
    """How far the text is certain, whatever follows."""
    end = len(text)
    for pattern in (_OPEN_LINE, _OPEN_HTML, _OPEN_IMAGE, _OPEN_MARK):
        found = pattern.search(text)
        if found is not None:
            end = min(end, found.start())
    for found in _IMAGE.finditer(text):
        if found.start() >= end:
            break
        window, closed = _window(text, found.end())
        if not found["slashes"] and not closed and _FETCHES.search(window) is None:
            end = found.start()
    # A fence is seen by its whole line.
    line = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
    return line if line and FENCE.match(text, line, end) else end


_OPEN_HTML = re.compile(
    rf"(?:{LINE_START}{BEFORE_BLOCK})?"
    r"(?:(?:<|&(?:amp;)*+lt;)(?:/?[a-z][^<>\r\n]*+|/)?|&(?:amp;)*+(?:a|am|amp|l|lt)?)\Z",
    re.I,
)
_OPEN_IMAGE = re.compile(r"!\\*\Z")
# What may yet be the mark of an extension, or a fence.
_OPEN_MARK = re.compile(
    rf"[$%]++\Z|\\[a-z]{{0,5}}\Z|{LINE_START}{BEFORE_BLOCK}"
    r"(?::{1,2}|`{1,2}|~{1,2}|(?:`{3}|~{3})[^\r\n]*+)\Z"
)
# A last line that may yet become one of ours, or the address of an image.
_OPEN_LINE = re.compile(
    rf"{LINE_START}(?:"
    r"\\*(?:#(?:#(?: (?:You[ \t]*|Y|Yo|A[a-z]{0,8}|Assistant \([^\r\n]*|Assistant )?)?)?"
    r"|>(?: (?:S[a-z]{0,9}:?)?)?)?"
    r"|={1,6}|={7} *"
    r"|[ \t>*+\-\d.)]*\\*(?:\[[^\r\n]*(?:\]:[\s>]*+[^\s<>()!\[:&\\]*+)?)?"
    r")\Z",
    re.I,
)
