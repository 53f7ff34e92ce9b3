"""Where the next answer of a chat goes, and which turns it answers: read from the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from streetrace_lsp.chat.answer import CLOSED
from streetrace_lsp.chat.attachments import attachments
from streetrace_lsp.chat.escaping import unescape
from streetrace_lsp.chat.messages import COMPACT, CONTINUE
from streetrace_lsp.chat.transcript import COMPACTED, NOTE, Place, Transcript, Turn, note, parse
from streetrace_lsp.edits.changes import Change

Task = Literal["send", "regenerate", "continue", "compact"]

NOTHING_ASKED = "Write your question under the last “## You”, then send it."
ONLY_ATTACHED = "Write your question beside what you attach, then send it."
NOTHING_ANSWERED = "There is no answer in this chat yet. Send a question first."
_IN_SHORT = "What was said so far, in short:"


@dataclass(frozen=True)
class Slot:
    """What to ask, and the part of the document that makes room for the answer.

    ``turns`` are sent, the last of them a question. ``lead`` stands before the answer; ``headed``:
    the answer is a turn of its own, and not the rest of one. ``note`` stands below it.
    ``replaces``: what stands there is worth keeping where no answer comes. ``question`` says later
    whether the document is still about the same. ``before``: what the answer's turn says already.
    ``number`` is that of the answer's turn, from 1.
    """

    turns: tuple[Turn, ...]
    start: int
    end: int
    lead: str
    question: str
    headed: bool = True
    note: str = ""
    replaces: bool = False
    before: str = ""
    number: int = 0


def slot(transcript: Transcript, task: Task) -> Slot | str:
    """The place of the next answer, or what to tell the person instead."""
    places = transcript.places
    if task == "send":
        last = places[-1] if places else None
        if last is None or last.turn.speaker != "you" or not last.turn.text.strip():
            return NOTHING_ASKED
        if not _words_of(last.turn.text):
            return ONLY_ATTACHED
        start = last.body + len(last.raw.rstrip())
        lead = transcript.eol * 2
        asked = last.turn.text.strip()
        return Slot(spoken(places), start, last.end, lead, asked, number=len(places) + 1)
    number = _last_answer(places)
    if number is None:
        return NOTHING_ANSWERED
    if task == "regenerate":
        return _again(places, number)
    if task == "continue":
        return _further(places, number)
    behind = len(places) if places[-1].turn.speaker == "assistant" else len(places) - 1
    start = places[behind].start if behind < len(places) else places[-1].end
    lead = transcript.eol * 2 if transcript.open_end and behind == len(places) else ""
    turns = (*spoken(places[:behind]), Turn("you", COMPACT))
    return Slot(turns, start, start, lead, COMPACT, note=COMPACTED, number=behind + 1)


def spoken(places: Sequence[Place]) -> tuple[Turn, ...]:
    """The turns that are sent: those with words, from where the chat was compacted last."""
    turns = [place.turn for place in places]
    for number in range(len(turns) - 1, -1, -1):
        if COMPACTED in turns[number].notes:
            short = Turn("you", f"{_IN_SHORT}\n\n{turns[number].text}")
            return (short, *_with_words(turns[number + 1 :]))
    return _with_words(turns)


def _words_of(question: str) -> str:
    """What of a question is no attachment; what is searched for is said in words."""
    words, at = [], 0
    for one in attachments(question):
        words.append(question[at : one.start])
        at = one.start if one.kind == "search" and one.argument else one.end
    return "".join([*words, question[at:]]).strip()


def _with_words(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    return tuple(turn for turn in turns if turn.text.strip())


def _last_answer(places: Sequence[Place]) -> int | None:
    for number in range(len(places) - 1, -1, -1):
        if places[number].turn.speaker == "assistant":
            return number
    return None


def _again(places: Sequence[Place], number: int) -> Slot | str:
    turns = spoken(places[:number])
    if not turns or turns[-1].speaker != "you":
        return NOTHING_ANSWERED
    place = places[number]
    question = turns[-1].text.strip()
    return Slot(turns, place.start, place.end, "", question, replaces=True, number=number + 1)


def _further(places: Sequence[Place], number: int) -> Slot | str:
    place = places[number]
    raw, turn = place.raw, place.turn
    if CLOSED in turn.notes:
        # The fence that closes it is ours: the answer goes on before it.
        raw = raw.rstrip().rstrip("`~").rstrip("\r\n")
    before = unescape(raw)
    if not before.strip():
        return NOTHING_ANSWERED
    turns = (*spoken(places[:number]), Turn("assistant", before), Turn("you", CONTINUE))
    start = place.body + len(raw)
    question = turn.text.strip()
    return Slot(
        turns,
        start,
        place.end,
        "",
        question,
        headed=False,
        replaces=True,
        before=before,
        number=number + 1,
    )


def filled(text: str, task: Task, question: str, head: str, body: str) -> Change | None:
    """The change that brings a whole answer into a chat as it is now.

    None where the chat is no longer about ``question``. A part of the very answer that stands there
    already, since the document was closed while it was written, makes room for the whole.
    """
    transcript = parse(text)
    found = slot(transcript, task)
    if isinstance(found, str) or found.question != question:
        again = slot(transcript, "regenerate")
        if task != "send" or isinstance(again, str) or again.question != question:
            return None
        _, headed, begun = text[again.start : again.end].partition(head)
        # Whoever else answered meanwhile has the word.
        if not headed or not body.startswith(begun.strip()):
            return None
        found = again
    if found.headed:
        body = f"{head}{transcript.eol * 2}{body}"
    new = f"{found.lead}{body}"
    return Change(found.start, found.end, new + next_heading(text[found.end :], transcript.eol))


def unanswered(old: str, found: Slot, notes: Sequence[str], eol: str) -> str:
    """What stands in a slot where nothing was said: what was worth keeping, and why under it."""
    kept = old.rstrip() if found.replaces else ""
    between = eol if kept.rpartition("\n")[2].startswith(NOTE) else eol * 2
    return f"{kept}{between}{eol.join(note(one) for one in notes)}{eol * 2}"


def next_heading(behind: str, eol: str) -> str:
    """The heading under which the person goes on, unless one follows already."""
    if behind.lstrip("\r\n").startswith("## You"):
        return ""
    # Neovim ends a buffer with a line end of its own, which is one of the two.
    return f"## You{eol}" if behind == eol else f"## You{eol}{eol}"
