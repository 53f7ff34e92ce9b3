"""A whole answer for a chat that could not be written to meanwhile: into its file, or kept.

Where an editor has the chat open, the file is the editor's. It gets the answer at once where it
takes edits at any time; Kate takes them for 2 s after a command, and Eglot without our file loses
what was typed, so there the person asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.question import asked
from streetrace_lsp.chat.slots import Task, filled
from streetrace_lsp.chat.transcript import heading
from streetrace_lsp.edits.changes import Change, apply, compose
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply import Landed, NotApplied, apply_changes, when_shown
from streetrace_lsp.lsp.chat_documents import Kept, refuse_chat_document
from streetrace_lsp.lsp.jobs import Ending
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.lsp.chat_send import Reading
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

SHOW = "Show answer"


async def deliver(reading: Reading, uri: str, task: Task, body: str, ending: Ending) -> Ending:
    """Bring a whole answer to its chat; ``body`` is what stands under its heading."""
    server, wanted = reading.server, reading.wanted
    kept = Kept(task, wanted.question, heading(reading.model), body, reading.asked)
    if server.mirror.get_document(uri) is not None:
        server.chats.kept[uri] = kept
        where = server.settings.relative(uri)
        said = f"Chat: answered. Choose the code action “Streetrace: {SHOW}” in {where}."
        return Ending("proposed", said, loud=True, facts=ending.facts)
    path = local_path(uri)
    text = folder.read(path) if path is not None else None
    changes = _changes(kept, text) if text is not None else None
    if path is None or text is None or changes is None:
        await show_text(server, "Chat: an answer whose question has changed", body)
        return Ending("answered", "Chat: answered; its question has changed meanwhile.", loud=True)
    folder.replace(path, apply(text, changes))
    return Ending("answered", f"{ending.message} It is in {path.name}.", facts=ending.facts)


def with_kept(server: StreetraceServer, uri: str, text: str) -> str:
    """A chat with the answer that waits for it, if one does, as it will be once it is in."""
    kept = server.chats.kept.get(uri)
    changes = _changes(kept, text) if kept is not None else None
    return apply(text, changes) if changes is not None else text


async def bring_in(server: StreetraceServer, document: Document) -> Ending:
    """Put a kept answer into its chat, right behind the command that asks for it."""
    kept = server.chats.kept.get(document.uri)
    if kept is None:
        raise RefusedError("No answer waits for this chat.")
    async with document.writer:
        changes = _changes(kept, document.text)
        if changes is None:
            del server.chats.kept[document.uri]
            await show_text(server, "Chat: an answer whose question has changed", kept.body)
            return Ending("answered", "Chat: its question has changed, so it is shown apart.")
        result = await uncancelled(
            apply_changes(
                server, document, changes, "Streetrace: Chat", refuse=refuse_chat_document
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


def _changes(kept: Kept, text: str) -> tuple[Change, ...] | None:
    """What brings an answer into its chat, below its question where that is not there yet."""
    put: tuple[Change, ...] = ()
    if kept.asked.words:
        put = (asked(text, kept.asked.words, instead=kept.asked.instead),)
    change = filled(apply(text, put), kept.task, kept.question, kept.head, kept.body)
    return compose(put, (change,)) if change is not None else None
