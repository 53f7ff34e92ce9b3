"""What of a file stands around a selection and may go along with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.prompts.imports import imports
from streetrace_lsp.prompts.symbols import enclosing

if TYPE_CHECKING:
    from streetrace_lsp.prompts.build import Ask

# What of the rest of the file goes along, in characters, before and behind the selection.
CONTEXT_CHARACTERS = 12_000


def line_range(ask: Ask) -> str:
    """The numbers of the selected lines, in words."""
    index = LineIndex(ask.snapshot.text)
    first, _ = index.position(ask.start, "utf-32")
    last, column = index.position(ask.end, "utf-32")
    if column == 0 and last > first:
        last -= 1
    return f"line {first + 1}" if first == last else f"lines {first + 1} to {last + 1}"


def room_of(ask: Ask) -> tuple[int, int]:
    """The whole lines of the file that may go along, as offsets: the selection is in them."""
    text = ask.snapshot.text
    if ask.action.context == "file":
        return 0, len(text)
    if ask.action.context == "symbol":
        start, end = enclosing(text, ask.start, ask.snapshot.language, until=ask.end)
        if start <= ask.start and ask.end <= end:
            return start, end
    return ask.start, ask.end


def around(ask: Ask, room: tuple[int, int]) -> tuple[str, str]:
    """The whole lines before and behind the selection that go along, of those in ``room``."""
    text = ask.snapshot.text
    first, last = room
    start = max(first, ask.start - CONTEXT_CHARACTERS)
    if start > first:
        start = text.find("\n", start - 1, ask.start) + 1 or ask.start
    end = min(last, ask.end + CONTEXT_CHARACTERS)
    if end < last:
        end = text.rfind("\n", ask.end, end) + 1 or ask.end
    return text[start : ask.start], text[ask.end : end]


def own(ask: Ask, before: int, behind: int) -> tuple[int, int]:
    """How many characters around the selection are of the symbol that it stands in."""
    if ask.action.context != "file":
        return 0, 0
    start, end = enclosing(ask.snapshot.text, ask.start, ask.snapshot.language, until=ask.end)
    return min(before, max(0, ask.start - start)), min(behind, max(0, end - ask.end))


def imports_of(ask: Ask) -> tuple[tuple[int, str], ...]:
    """How far before the selection each import of the file begins, and its lines."""
    if ask.action.context != "file":
        return ()
    found = imports(ask.snapshot.text, ask.start, ask.snapshot.language)
    return tuple((ask.start - at, lines) for at, lines in found)
