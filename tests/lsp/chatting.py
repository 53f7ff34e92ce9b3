"""What a person does in a chat, whatever their editor: ask, send, wait, and see the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate


async def new_chat(editor: Editor, **given: object) -> Document:
    """Start a chat and open it."""
    answer = await editor.execute("streetrace.chat.new", given)
    return editor.open(Path(answer["path"]))


async def begun(editor: Editor, chat: Document, words: str, command: str = "send") -> str:
    """Write at the end of a chat and run a command; returns the job."""
    if words:
        editor.type(chat, chat.position(len(chat.text)), words)
    answer = await editor.execute(f"streetrace.chat.{command}", {"uri": chat.uri})
    assert "job" in answer, answer
    return str(answer["job"])


async def asked(editor: Editor, chat: Document, words: str) -> dict[str, object]:
    """Write a question at the end of a chat and send it; returns the final event."""
    return await shown(editor, chat, await begun(editor, chat, words))


async def sent(editor: Editor, chat: Document, command: str) -> dict[str, object]:
    """Run a command of the chat to its end."""
    return await shown(editor, chat, await begun(editor, chat, "", command))


async def shown(editor: Editor, chat: Document, job: str) -> dict[str, object]:
    """Wait for an answer and, in Kate, for it to be put into the chat."""
    if isinstance(editor, Kate):
        editor.clock.advance(2.5)
    ending = await editor.finished(job)
    if not isinstance(editor, Kate) or ending["state"] != "proposed":
        return ending
    before = len(editor.edits)
    job = (await editor.execute("streetrace.chat.show", {"uri": chat.uri}))["job"]
    await editor.until("the answer", lambda: len(editor.edits) > before)
    # Kate tells of its text with its next request.
    await editor.actions(chat, chat.span("#"))
    return await editor.finished(job)


async def call(editor: Editor, method: str, **params: Any) -> dict[str, Any]:
    """Ask ``streetrace/chat/METHOD``, as a program does that shows chats itself."""
    return dict(await editor.ask(f"streetrace/chat/{method}", {"version": 1, **params}))


def streamed(editor: Editor, kind: str = "text", **where: Any) -> str:
    """What was streamed of one kind, as one text."""
    parts = [part for part in editor.window.chat_parts if part["kind"] == kind]
    return "".join(
        part["text"] for part in parts if all(part.get(name) == one for name, one in where.items())
    )
