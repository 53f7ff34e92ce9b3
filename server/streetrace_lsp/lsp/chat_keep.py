"""A whole answer for a chat that could not be written to meanwhile: into its file, or kept.

Where an editor has the chat open, the file is the editor's. It gets the answer at once where it
takes edits at any time; Kate takes them for 2 s after a command, so there the person asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.slots import Task, filled, slot, unanswered
from streetrace_lsp.chat.transcript import heading, parse
from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply import Landed, NotApplied, apply_changes, when_shown
from streetrace_lsp.lsp.chat_documents import Kept, refuse_chat_document
from streetrace_lsp.lsp.jobs import Ending
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.chat.answer import Answer
    from streetrace_lsp.lsp.chat_send import Reading
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

SHOW = "Show answer"


async def deliver(reading: Reading, uri: str, task: Task, body: str, ending: Ending) -> Ending:
    """Bring a whole answer to its chat; ``body`` is what stands under its heading."""
    server, wanted = reading.server, reading.wanted
    kept = Kept(task, wanted.question, heading(reading.model), body)
    if server.mirror.get_document(uri) is not None:
        server.chats.kept[uri] = kept
        where = server.settings.relative(uri)
        said = f"Chat: answered. Choose the code action “Streetrace: {SHOW}” in {where}."
        return Ending("proposed", said, loud=True, facts=ending.facts)
    path = local_path(uri)
    text = folder.read(path) if path is not None else None
    change = _change(kept, text) if text is not None else None
    if path is None or text is None or change is None:
        await show_text(server, "Chat: an answer whose question has changed", body)
        return Ending("answered", "Chat: answered; its question has changed meanwhile.", loud=True)
    folder.replace(path, apply(text, (change,)))
    return Ending("answered", f"{ending.message} It is in {path.name}.", facts=ending.facts)


def left_off(
    reading: Reading, uri: str, task: Task, answer: Answer, notes: tuple[str, ...]
) -> bool:
    """Write what there is of an answer that ended early into a chat that is not open.

    ``notes`` say why. Gives whether it is written; where it can't be, the person is told the same.
    """
    server, wanted, path = reading.server, reading.wanted, local_path(uri)
    text = folder.read(path) if path is not None else None
    if path is None or text is None or server.mirror.get_document(uri) is not None:
        return False
    transcript = parse(text)
    if answer.text.strip():
        kept = Kept(task, wanted.question, heading(reading.model), answer.whole(notes))
        change = _change(kept, text)
    else:
        found = slot(transcript, task)
        if isinstance(found, str) or found.question != wanted.question:
            return False
        old = text[found.start : found.end]
        new = unanswered(old, found, notes, transcript.eol)
        change = Change(found.start, found.end, new)
    if change is None:
        return False
    try:
        folder.replace(path, apply(text, (change,)))
    except StreetraceError:
        return False
    return True


async def bring_in(server: StreetraceServer, document: Document) -> Ending:
    """Put a kept answer into its chat. In Kate, right behind the command that asks for it."""
    kept = server.chats.kept.get(document.uri)
    if kept is None:
        raise RefusedError("No answer waits for this chat.")
    async with document.writer:
        change = _change(kept, document.text)
        if change is None:
            del server.chats.kept[document.uri]
            await show_text(server, "Chat: an answer whose question has changed", kept.body)
            return Ending("answered", "Chat: its question has changed, so it is shown apart.")
        result = await uncancelled(
            apply_changes(
                server, document, (change,), "Streetrace: Chat", refuse=refuse_chat_document
            )
        )

    def shown(came: NotApplied | Landed) -> None:
        if isinstance(came, Landed):
            server.chats.kept.pop(document.uri, None)

    if isinstance(result, NotApplied):
        raise RefusedError(f"The answer is not in the chat: {result.why}.", "Try again.")
    if isinstance(result, Landed):
        shown(result)
    else:
        when_shown(server, document, result, shown)
    return Ending("applied", "Chat: the answer is in the chat.")


def _change(kept: Kept, text: str) -> Change | None:
    return filled(text, kept.task, kept.question, kept.head, kept.body)
