"""Ten turns by ``streetrace/chat/*``, with every client: the document of the other face."""

from __future__ import annotations

from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import call, streamed
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate
from lsp.clients.six import SIX
from lsp.clients.window import path_of
from lsp.machine import Launch, Machine
from lsp.sample import FIXED, TEXT, configuration
from lsp.test_chat_conversation import ANSWERS, HEAD, QUESTIONS, REPLIES, expected

AREA = {"start": {"line": 2, "character": 0}, "end": {"line": 5, "character": 0}}
STOPPED = "> Streetrace: stopped\n\n"


async def answered(
    editor: Editor, chat: str, method: str, document: Document | None, **params: Any
) -> dict[str, Any]:
    """Ask, and where Kate has the chat open have it take the answer."""
    found = await call(editor, method, chat=chat, **params)
    if isinstance(editor, Kate) and document is not None:
        assert found["state"] == "proposed"
        await taken(editor, document, "streetrace.chat.show", {"uri": chat})
        return {**found, "state": "answered"}
    return found


async def taken(editor: Editor, document: Document, command: str, argument: Any) -> None:
    """Run a command that brings an edit in, until the server knows the text."""
    before = len(editor.edits)
    job = (await editor.execute(command, argument))["job"]
    if isinstance(editor, Kate):
        await editor.until("the edit", lambda: len(editor.edits) > before)
        # Kate tells of its text with its next request.
        await editor.actions(document, document.span("#"))
    assert (await editor.finished(job))["state"] in {"applied", "proposed"}


@pytest.mark.parametrize("shown", [False, True], ids=["on disk", "open in the editor"])
@pytest.mark.parametrize("kind", SIX)
async def test_ten_turns_end_in_the_document_of_the_other_face(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], shown: bool
) -> None:
    machine.configure(configuration(faults))
    faults.script(*(Reply(text=text) for text in REPLIES))
    editor = await launch(kind)
    source = editor.open(machine.write("app.py", TEXT))
    made = await call(editor, "create", uri=source.uri, selection=AREA)
    assert made["version"] == 1
    chat, path = made["chat"], path_of(made["chat"])
    assert path.read_text() == "# Chat\n\n## You\n\n@selection app.py:3-5\n\n"
    document = editor.open(path) if shown else None

    def text() -> str:
        return document.text if document is not None else path.read_bytes().decode("utf-8")

    questions = ["What does it do?", *QUESTIONS[1:]]
    for number in range(8):
        asked = {"text": questions[number], "token": number}
        found = await answered(editor, chat, "send", document, **asked)
        assert (found["state"], found["turn"]) == ("answered", 2 * number + 2)
        assert (found["model"], found["backend"]) == ("demo", "local")
        assert found["usage"] == {"promptTokens": 7, "completionTokens": 5}
        turns = (await call(editor, "read", chat=chat))["turns"]
        assert len(turns) == 2 * number + 2
        assert streamed(editor, token=number, turn=found["turn"], chat=chat) == turns[-1]["text"]
        assert turns[-1]["usage"] == found["usage"]
        assert turns[-2]["text"] == QUESTIONS[number]
    assert text() == expected(8).replace("again", "more")
    assert turns[0]["attachments"] == [{"kind": "selection", "argument": "app.py:3-5"}]
    assert [turn["role"] for turn in turns] == ["user", "assistant"] * 8
    assert turns[3]["text"] == ANSWERS[1].replace("\\", "")

    found = await answered(editor, chat, "regenerate", document, token="again")
    assert (found["state"], found["turn"]) == ("answered", 16)
    assert streamed(editor, token="again") == "again"
    assert text() == expected(8)

    # The block of the fifth answer; one before it was shown in the third.
    edits = [part for part in editor.window.chat_parts if part["kind"] == "edits"]
    block = next(part["blocks"][0]["block"] for part in edits if part["turn"] == 10)
    applied = await call(editor, "apply", chat=chat, block=block)
    if applied["state"] == "proposed":
        assert isinstance(editor, Kate)
        proposal = {"proposal": applied["proposal"]}
        await taken(editor, source, "streetrace.apply", proposal)
    assert source.text == FIXED

    forked = await call(editor, "fork", chat=chat, turn=4)
    assert path_of(forked["chat"]).read_text("utf-8") == expected(2)
    assert text() == expected(8)

    if document is not None:
        editor.save(document)
    assert await editor.stop() == 0
    editor = await launch(kind)
    document = editor.open(path) if shown else None
    waits = isinstance(editor, Kate) and shown
    faults.script(Reply(text="half of it", chunk=4, hold_after=1))
    request = editor.send(
        "streetrace/chat/send", {"version": 1, "chat": chat, "text": QUESTIONS[8]}
    )
    await faults.until(lambda: faults.held > 0)
    await editor.until("the first part", lambda: streamed(editor) == "half")
    await editor.execute("streetrace.chat.stop", {"uri": chat})
    found = await request.future
    assert (found["state"], found["turn"], found["usage"]) == ("cancelled", 18, None)
    faults.release()
    # Where nothing could be written yet, nothing was.
    stopped = f"{QUESTIONS[8]}\n\n{HEAD}half\n\n{STOPPED}## You\n\n"
    assert text() == expected(8) + ("" if waits else stopped)
    faults.script(Reply(text="whole"), Reply(text="Bye."))
    if waits:
        await answered(editor, chat, "send", document, text=QUESTIONS[8])
    else:
        await answered(editor, chat, "regenerate", document)
    assert text() == expected(9)
    await answered(editor, chat, "send", document, text=QUESTIONS[9])
    if document is not None:
        editor.save(document)
    assert path.read_bytes().decode("utf-8") == expected(10)
    assert editor.violations == []
