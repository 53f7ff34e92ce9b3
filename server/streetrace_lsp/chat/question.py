"""A question that a program asks, as it stands in a chat."""

from __future__ import annotations

from streetrace_lsp.chat.attachments import Attachment, attachments
from streetrace_lsp.chat.escaping import escape
from streetrace_lsp.chat.transcript import parse
from streetrace_lsp.edits.changes import Change


def mention(kind: str, argument: str) -> str | None:
    """An attachment as a person writes it; None where it can't be written so."""
    for words in (f"@{kind} {argument}".rstrip(), f'@{kind} "{argument}"'):
        if attachments(words) == [Attachment(kind, argument, 0, len(words))]:
            return words
    return None


def worded(text: str, mentions: tuple[str, ...] = ()) -> str:
    """The question, below what it attaches; nothing of it reads as a heading or a note of ours."""
    parts = ["\n".join(mentions), escape(text)]
    return "\n\n".join(part for part in parts if part)


def asked(text: str, words: str, *, instead: bool = False) -> Change:
    """The change that puts a question at the end of a chat, below what stands there already.

    ``instead``: it takes the place of what stands under the last “## You”, and of notes on it.
    """
    transcript = parse(text)
    eol, places = transcript.eol, transcript.places
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\n", eol)
    kept = len(text.rstrip())
    if not places or places[-1].turn.speaker != "you":
        words = f"## You{eol * 2}{words}"
    elif instead:
        kept = places[-1].heading_end
    return Change(kept, len(text), f"{eol * 2}{words}" if kept else words)
