"""A conversation over plain LSP: a Markdown document, code actions and commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate
from lsp.clients.six import SIX
from lsp.machine import Launch, Machine
from lsp.sample import configuration


async def new_chat(editor: Editor, **given: object) -> Document:
    """Start a chat and open it, as the person would."""
    answer = await editor.execute("streetrace.chat.new", given)
    return editor.open(Path(answer["path"]))


async def asked(editor: Editor, chat: Document, words: str) -> dict[str, object]:
    """Write a question at the end of a chat and send it; returns the final event."""
    editor.type(chat, chat.position(len(chat.text)), words)
    return await sent(editor, chat, "send")


async def sent(editor: Editor, chat: Document, command: str) -> dict[str, object]:
    job = (await editor.execute(f"streetrace.chat.{command}", {"uri": chat.uri}))["job"]
    if isinstance(editor, Kate):
        editor.clock.advance(2.5)
    ending = await editor.finished(job)
    if not isinstance(editor, Kate):
        return ending
    assert ending["state"] == "proposed", ending
    job = (await editor.execute("streetrace.chat.show", {"uri": chat.uri}))["job"]
    ending = await editor.finished(job)
    await editor.execute("streetrace.chat.stop")
    return ending


@pytest.mark.parametrize("kind", SIX)
async def test_two_turns_over_plain_lsp(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure(configuration(faults))
    faults.script(Reply(text="It adds.\n\n## You\n\nno, I"), Reply(text="# Sure\n\n```py\nx = 1\n"))
    editor = await launch(kind)
    chat = await new_chat(editor)
    await asked(editor, chat, "What does it do?")
    await asked(editor, chat, "And é 😀?\n")
    assert chat.text == (
        "# Chat\n\n## You\n\nWhat does it do?\n\n"
        "## Assistant (local/demo)\n\nIt adds.\n\n\\## You\n\nno, I\n\n"
        "> Streetrace: local/demo, 7 + 5 tokens\n\n"
        "## You\n\nAnd é 😀?\n\n"
        "## Assistant (local/demo)\n\n# Sure\n\n```py\nx = 1\n```\n\n"
        "> Streetrace: a code block was left open and is closed here\n"
        "> Streetrace: local/demo, 7 + 5 tokens\n\n"
        "## You\n\n"
    )
    messages = faults.requests[-1].json["messages"]
    assert [one["role"] for one in messages] == ["system", "user", "assistant", "user"]
    assert messages[2]["content"] == "It adds.\n\n## You\n\nno, I"
