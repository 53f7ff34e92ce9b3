"""An answer on its way into a document: cleaned, escaped, and closed as its turn should be."""

from __future__ import annotations

import re

from streetrace_lsp.chat.blocks import open_fence
from streetrace_lsp.chat.escaping import Escaper, escape
from streetrace_lsp.chat.transcript import note

# Controls that a terminal obeys; a form feed is data, and so are tabs and ends of lines.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
CLOSED = "a code block was left open and is closed here"


class Answer:
    """What a model said so far. ``feed`` gives the next part to write, `finish` the last one.

    ``eol`` is the document's end of line, which the answer's take on. Empty lines at its start and
    end are dropped. ``before`` is what the turn says already, where this is the rest of it.
    """

    def __init__(self, eol: str, before: str = "") -> None:
        self.text = ""
        self._eol = eol
        self._before = before
        self._escaper = Escaper(line_start=not before)
        self._waiting = ""

    def feed(self, piece: str) -> str:
        """Take a piece of the reply; gives what is certain of the document's text."""
        text = self._waiting + piece
        kept = len(text.rstrip("\r\n"))
        self._waiting = text[kept:]
        return self._written(text[:kept])

    def whole(self, notes: tuple[str, ...] = ()) -> str:
        """All of it at once, as it stands in a document, with its notes."""
        # Behind "x" no line starts, and it is never changed itself.
        begun = "x" if self._before else ""
        return self._out(escape(begun + self.text)[len(begun) :]) + self._ended(notes)

    def finish(self, notes: tuple[str, ...] = ()) -> str:
        """The rest of the answer, and its notes; an open code block is closed."""
        return self._out(self._escaper.finish()) + self._ended(notes)

    def _ended(self, notes: tuple[str, ...]) -> str:
        text = ""
        if fence := open_fence(self._before + self.text):
            text = f"{self._eol}{fence}"
            notes = (CLOSED, *notes)
        text += self._eol * 2
        if notes:
            text += self._eol.join(note(one) for one in notes) + self._eol * 2
        return text

    def _written(self, text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
        if not self.text and not self._before:
            text = text.lstrip("\n")
        self.text += text
        return self._out(self._escaper.feed(text))

    def _out(self, text: str) -> str:
        return text.replace("\n", self._eol)
