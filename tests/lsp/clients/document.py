"""One open document of a test editor: its text, versions, undo stack and what the server knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lsp.clients.text import Position, Range, Splice, one_splice, position_at, range_of, spliced


@dataclass
class Document:
    """A buffer. Offsets count code points of ``text``, which is as it goes over the wire.

    ``hidden_crlf``: the file has CR LF, and the editor shows and sends LF (Emacs, Kate).
    """

    path: Path
    uri: str
    language: str
    text: str
    encoding: str
    version: int
    hidden_crlf: bool = False
    dirty: bool = False
    synced_text: str = ""
    undo_stack: list[str] = field(default_factory=list)

    def change(self, splices: list[Splice], *, undoable: bool = True) -> None:
        """Change the text by sorted, disjoint splices, as one step of undo."""
        if undoable:
            self.undo_stack.append(self.text)
        self.text = spliced(self.text, splices)
        self.dirty = True

    def step_back(self) -> list[Splice]:
        """Take the last step from the undo stack; returns the splices that undo it."""
        return [one_splice(self.text, self.undo_stack.pop())]

    def unsynced(self) -> Splice | None:
        """What the server doesn't know yet, as one change of the text that it has."""
        return None if self.text == self.synced_text else one_splice(self.synced_text, self.text)

    def on_disk(self) -> str:
        """The text as saving writes it."""
        return self.text.replace("\n", "\r\n") if self.hidden_crlf else self.text

    def position(self, offset: int) -> Position:
        """An offset as the server counts."""
        return position_at(self.text, offset, self.encoding)

    def before(self, needle: str) -> Position:
        """The position where a piece of the text starts."""
        return self.position(self.text.index(needle))

    def after(self, needle: str) -> Position:
        """The position where a piece of the text ends."""
        return self.position(self.text.index(needle) + len(needle))

    def span(self, first: str, last: str | None = None) -> Range:
        """The range from the start of one piece to the end of it, or of a later piece."""
        start = self.text.index(first)
        end = start + len(first) if last is None else self.text.index(last, start) + len(last)
        return range_of(self.text, start, end, self.encoding)
