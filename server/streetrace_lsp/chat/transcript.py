"""A chat as a Markdown document: turns under headings, and exact both ways.

    # Chat

    ## You

    What does @file app.py do?

    ## Assistant (local/demo)

    It adds.

    > Streetrace: local/demo, 1,234 + 56 tokens, $0.0036

What stands between two headings is a turn, less one empty line at its start and its end. A line
that starts with ``> Streetrace: `` is a note of ours: what a reply came to, or why there is none.
It belongs to no one's words and is never sent to a model. Every other text of a turn that might
be taken for a heading or a note is escaped; see `escaping`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from streetrace_lsp.chat.escaping import HEADING_LINE, NOTE, NOTE_LINE, escape, unescape
from streetrace_lsp.edits.changes import Change

__all__ = ["NOTE", "Place", "Transcript", "Turn", "heading", "note", "parse", "render"]

Speaker = Literal["you", "assistant"]

TITLE = "# Chat"
# A conversation is sent from the last of these on.
COMPACTED = "the conversation so far in short; what stands above is no longer sent"
STOPPED = "stopped"
_MODEL = "model "

_HEADINGS = re.compile(rf"{HEADING_LINE}(?P<end>\r\n|\n|\r|\Z)")
_NOTES = re.compile(rf"{NOTE_LINE}(?P<words>[^\r\n]*)(?:\r\n|\n|\r|\Z)")


# A long chat is read at every command: named tuples are made faster than data classes.
class Turn(NamedTuple):
    """What one of the two said. ``model`` names who answered; ``notes`` are our own lines."""

    speaker: Speaker
    text: str
    model: str = ""
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The heading line, without its end."""
        return heading(self.model) if self.speaker == "assistant" else "## You"


class Place(NamedTuple):
    """Where a turn stands, as offsets in code points: its heading, its words, its end.

    ``body`` to ``words_end`` is ``raw``, the escaped text without notes behind it; ``end`` is where
    the next heading starts.
    """

    turn: Turn
    raw: str
    start: int
    heading_end: int
    body: int
    words_end: int
    end: int


@dataclass(frozen=True)
class Transcript:
    """A chat document, read. ``preamble`` is what stands above the first turn.

    ``open_end``: its last line has no end, so that what follows would be on it.
    """

    preamble: str
    places: tuple[Place, ...]
    eol: str = "\n"
    open_end: bool = False

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns in their order."""
        return tuple(place.turn for place in self.places)

    @property
    def model(self) -> str | None:
        """The target that this chat is to ask, where the document says so."""
        found: str | None = None
        for note in _NOTES.finditer(self.preamble):
            if note["words"].startswith(_MODEL):
                found = note["words"].removeprefix(_MODEL).strip() or None
        return found

    def at(self, offset: int) -> int | None:
        """The number of the turn around an offset, from 0; None above the first."""
        number = bisect_right([place.start for place in self.places], offset) - 1
        return number if number >= 0 else None


def heading(model: str) -> str:
    """The heading line of an answer of this model."""
    return f"## Assistant ({' '.join(model.split())})"


def note(words: str) -> str:
    """A note line, without its end."""
    return f"{NOTE}{' '.join(words.split())}"


def parse(text: str) -> Transcript:
    """Read a document; any text is one."""
    heads = list(_HEADINGS.finditer(text))
    if not heads:
        return Transcript(text, (), _eol(text), _open_end(text))
    places, eol = _places(text, heads), heads[0]["end"] or _eol(text)
    return Transcript(text[: heads[0].start()], tuple(places), eol, _open_end(text))


def parse_again(text: str, before: str, known: Transcript) -> Transcript:
    """Read a document of which an earlier state, ``before``, is known: only what changed is read.

    The same as `parse`. A chat grows at its end, and it is read at every command.
    """
    if text == before:
        return known
    # The first turn is read with what stands above it. The last two change in every round.
    for number in (len(known.places) - 1, len(known.places) - 3):
        if number < 1:
            break
        start = known.places[number].start
        if text.startswith(before[:start]):
            fresh = _places(text, list(_HEADINGS.finditer(text, start)))
            # The turn above ends where this heading stands: it has to be there still.
            if fresh and fresh[0].start == start:
                places = (*known.places[:number], *fresh)
                return Transcript(known.preamble, places, known.eol, _open_end(text))
    return parse(text)


def _places(text: str, heads: list[re.Match[str]]) -> list[Place]:
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found = list(_NOTES.finditer(text, heads[0].end())) if heads else []
    places: list[Place] = []
    at = 0
    for head, end in zip(heads, ends, strict=False):
        first = at
        while at < len(found) and found[at].start() < end:
            at += 1
        places.append(_place(text, head, end, found[first:at]))
    return places


def render(preamble: str, turns: Sequence[Turn], eol: str = "\n") -> str:
    """The document. Reading it gives the same turns, whatever their texts hold."""
    return preamble + "".join(turn_text(turn, eol) for turn in turns)


def turn_text(turn: Turn, eol: str = "\n") -> str:
    """One turn as it stands in the document, with an empty line at its end."""
    return f"{turn.heading}{eol}{eol}{words(turn, eol)}"


def words(turn: Turn, eol: str = "\n") -> str:
    """What stands under a turn's heading."""
    noted = eol.join(note(one) for one in turn.notes)
    parts = [part for part in (escape(turn.text), noted) if part]
    return "".join(part + eol + eol for part in parts)


def with_model(text: str, target: str | None) -> Change:
    """The change that makes a chat say which target answers in it; None: as configured."""
    transcript = parse(text)
    eol, preamble = transcript.eol, transcript.preamble
    line = f"{note(_MODEL + target)}{eol}" if target is not None else ""
    found = [one for one in _NOTES.finditer(preamble) if one["words"].startswith(_MODEL)]
    if found:
        end = found[-1].end()
        if not line and preamble.startswith(eol, end):
            end += len(eol)
        return Change(found[-1].start(), end, line)
    kept = len(preamble.rstrip())
    if not line:
        return Change(kept, kept, "")
    lead = eol * 2 if kept else ""
    behind = eol if transcript.places else ""
    return Change(kept, len(preamble), f"{lead}{line}{behind}")


def _place(text: str, head: re.Match[str], end: int, notes: list[re.Match[str]]) -> Place:
    eol = head["end"] or "\n"
    start = head.end()
    if text.startswith(eol, start, end):
        start += len(eol)
    stop = words_end = _without_blank(text, start, end, eol)
    for found in reversed(notes):
        if found.end() < words_end and text[found.end() : words_end].strip():
            break
        words_end = found.start()
    if words_end < stop:
        words_end = _without_blank(text, start, words_end, eol)
    raw = text[start:words_end]
    said = _NOTES.sub("", raw) if notes and notes[0].start() < words_end else raw
    title = head[0]
    noted = tuple(found["words"] for found in notes)
    if title.startswith("## A"):
        model = title.rstrip()[len("## Assistant (") : -1]
        turn = Turn("assistant", unescape(said), model, noted)
    else:
        turn = Turn("you", unescape(said), "", noted)
    heading_end = head.end() - len(head["end"])
    return Place(turn, raw, head.start(), heading_end, start, words_end, end)


def _without_blank(text: str, start: int, end: int, eol: str) -> int:
    """The end without the line end and the empty line that stand before a heading."""
    size = len(eol)
    for _ in range(2):
        if end - size >= start and text.startswith(eol, end - size):
            end -= size
    return end


def _open_end(text: str) -> bool:
    return not text.endswith(("\n", "\r"))


def _eol(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
