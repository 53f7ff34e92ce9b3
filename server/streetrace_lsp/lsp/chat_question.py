"""A program's question into its chat: into the open document, or into the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.question import asked
from streetrace_lsp.edits.changes import apply
from streetrace_lsp.lsp.chat_documents import NoChatError
from streetrace_lsp.lsp.chat_writer import Writer
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


async def put_question(server: StreetraceServer, uri: str, words: str, *, instead: bool) -> None:
    """Write a question at the end of a chat, or in place of what is there to be sent.

    Raises `StreetraceError`.
    """
    document = server.mirror.get_document(uri)
    if document is not None:
        async with document.writer:
            change = asked(document.text, words, instead=instead)
            with Writer(server, document, change.start, change.end) as writer:
                await uncancelled(writer.write(change.text))
                if writer.stopped:
                    raise RefusedError(
                        f"The question is not in the chat: {writer.stopped}. Nothing was sent.",
                        "Try again.",
                    )
        return
    path = local_path(uri)
    text = folder.read(path) if path is not None else None
    if path is None or text is None:
        raise NoChatError("The chat is not there any more.")
    folder.replace(path, apply(text, (asked(text, words, instead=instead),)))
