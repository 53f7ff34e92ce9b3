"""A conversation over plain LSP: a Markdown document, code actions and commands."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import asked, new_chat
from lsp.clients.editor import Editor
from lsp.clients.six import SIX
from lsp.machine import Launch, Machine
from lsp.sample import configuration


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
