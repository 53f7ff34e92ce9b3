"""Ten turns over plain LSP, with every client: the document is the same, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import asked, begun, sent
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate
from lsp.clients.six import SIX
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, configuration

USAGE = "> Streetrace: local/demo, 7 + 5 tokens\n\n"
HEAD = "## Assistant (local/demo)\n\n"
QUESTIONS = [
    "@selection app.py:3-5\n\nWhat does it do?",
    "And @file app.py as a whole?",
    "/explain @symbol untouched",
    "What is wrong? @diagnostics",
    "Fix it.",
    "@search Fläche",
    "@open é 😀",
    "use local/demo: tell me more",
    "Stop here.",
    "Bye.",
]
ANSWERS = [
    "It adds.",
    "\\## You\n\nhave a file.\n\n\\## Assistant (x)\n\n\\> Streetrace: ha",
    "# Title\n\n```py\nx = 1\n```",
    "Nothing.\x0c\u2028 é 😀",
    # No line of a merge conflict to VS Code: a blank stands behind it.
    BLOCK.rstrip("\n").replace("=======\n", "======= \n"),
    "!\\[track](http://example.org/a.png) and `vec![1]`",
    "One\n\n\nTwo",
    "again",
    "whole",
    "Bye.",
]
NOTES = {2: "> Streetrace: a code block was left open and is closed here\n"}
REPLIES = [
    *("It adds.\r\n", ANSWERS[1].replace("\\", ""), "# Title\n\n```py\nx = 1\n", ANSWERS[3]),
    *(BLOCK, ANSWERS[5].replace("\\", ""), "\n\nOne\n\n\nTwo\n\n", "more", "again"),
]


def expected(turns: int) -> str:
    """The chat after so many questions and answers."""
    said = [
        f"## You\n\n{question}\n\n{HEAD}{answer}\n\n{NOTES.get(number, '')}{USAGE}"
        for number, (question, answer) in enumerate(zip(QUESTIONS, ANSWERS, strict=True))
    ]
    return "# Chat\n\n" + "".join(said[:turns]) + "## You\n\n"


@pytest.mark.parametrize("kind", SIX)
async def test_ten_turns_end_in_the_same_document(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure(configuration(faults))
    faults.script(*(Reply(text=text) for text in REPLIES))
    editor = await launch(kind)
    source = editor.open(machine.write("app.py", TEXT))
    offered = await editor.actions(source, source.span("def area", "naïve"))
    answer = await editor.run(offered["Streetrace: Chat about this"])
    chat = editor.open(Path(answer["path"]))
    assert chat.text == "# Chat\n\n## You\n\n@selection app.py:3-5\n\n"
    assert (chat.path.parent / ".gitignore").read_text() == "*\n"

    await asked(editor, chat, "What does it do?")
    for number in range(1, 8):
        ending = await asked(editor, chat, QUESTIONS[number])
        assert ending["state"] in {"answered", "applied"}, ending
    assert chat.text == expected(8).replace("again", "more")

    # Regenerate asks once more and takes the place of the last answer.
    await sent(editor, chat, "regenerate")
    assert chat.text == expected(8)

    # Apply goes through the edit engine, into the open source file.
    code = await editor.actions(chat, chat.span("<<<<<<< SEARCH"))
    job = (await editor.run(code["Streetrace: Apply"]))["job"]
    await editor.until("the edit", lambda: source.text == FIXED)
    await editor.actions(source, source.span("def area"))
    assert (await editor.finished(job))["state"] in {"applied", "proposed"}

    # Fork copies the turns up to one, and leaves this chat alone.
    forked = await editor.execute("streetrace.chat.fork", {"uri": chat.uri, "turn": 4})
    assert (chat.path.parent / "chat-fork-1.md").read_text("utf-8") == expected(2)
    assert forked["uri"].endswith("chat-fork-1.md")
    assert chat.text == expected(8)

    editor.save(chat)
    assert await editor.stop() == 0
    editor = await launch(kind)
    chat = editor.open(chat.path)
    faults.script(Reply(text="half of it", chunk=4, hold_after=1))
    job = await begun(editor, chat, QUESTIONS[8])
    await faults.until(lambda: faults.held > 0)
    if not isinstance(editor, Kate):
        await editor.until("the first words", lambda: chat.text.endswith("half"))
    await editor.execute("streetrace.chat.stop", {"uri": chat.uri})
    assert (await editor.finished(job))["state"] == "cancelled"
    faults.release()
    editor.sync()
    faults.script(Reply(text="whole"), Reply(text="Bye."))
    # Where nothing could be written yet, there is nothing to regenerate.
    await sent(editor, chat, "send" if isinstance(editor, Kate) else "regenerate")
    assert chat.text == expected(9)
    await asked(editor, chat, QUESTIONS[9])
    assert chat.text == expected(10)
    editor.save(chat)
    assert chat.path.read_bytes().decode("utf-8") == expected(10)
    methods = {
        line.split('"method": "')[1].split('"')[0]
        for line in editor.connection.log
        if line.startswith("--> ") and '"method": "' in line
    }
    assert not {method for method in methods if method.startswith("streetrace/")}
