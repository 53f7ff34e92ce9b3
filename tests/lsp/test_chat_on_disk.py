"""An answer for a chat that no editor has open is in its file while it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attacks.canaries import audited
from backends.fault_server import FaultServer, Reply
from lsp.chatting import call, streamed
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate
from lsp.clients.vscode import VSCode
from lsp.clients.window import path_of
from lsp.clients.wire import Request, ResponseError
from lsp.machine import Launch, Machine
from lsp.sample import configuration
from lsp.test_chat_conversation import HEAD, USAGE

ASKED = "# Chat\n\n## You\n\nCount.\n\n"
WHOLE = f"{ASKED}{HEAD}one two three\n\n{USAGE}## You\n\n"


async def counting(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor] = VSCode
) -> tuple[Editor, str, Path, Request]:
    """A chat whose answer is held after its first word, which is on the disk."""
    machine.configure_user(configuration(faults))
    editor = await launch(kind)
    chat = (await call(editor, "create"))["chat"]
    faults.script(Reply(text="one two three", chunk=4, hold_after=1))
    request = editor.send("streetrace/chat/send", asking(chat, "Count."))
    await editor.until("the first part", lambda: streamed(editor) == "one ")
    # The server writes before it reads what comes next.
    await call(editor, "list")
    assert path_of(chat).read_text("utf-8").startswith(f"{ASKED}{HEAD}one")
    return editor, chat, path_of(chat), request


def asking(chat: str, text: str) -> dict[str, Any]:
    """The parameters of a question."""
    return {"version": 1, "chat": chat, "text": text}


async def test_a_killed_server_leaves_what_came_and_the_next_one_goes_on(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path, request = await counting(launch, machine, faults)
    await editor.restart(killed=True)
    request.future.cancel()
    faults.release()
    assert path.read_text("utf-8") == f"{ASKED}{HEAD}one "
    assert list(path.parent.glob(".chat-*")) == []
    turns = (await call(editor, "read", chat=chat))["turns"]
    assert [turn["text"] for turn in turns] == ["Count.", "one "]
    faults.script(Reply(text="two three"))
    job = (await editor.execute("streetrace.chat.continue", {"uri": chat}))["job"]
    assert (await editor.finished(job))["state"] == "answered"
    assert path.read_text("utf-8") == WHOLE
    assert faults.requests[-1].json["messages"][-2]["content"] == "one"


async def test_a_server_that_ends_says_that_the_answer_was_stopped(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _, path, request = await counting(launch, machine, faults)
    assert await editor.stop() == 0
    with pytest.raises(ResponseError):
        await request.future
    stopped = f"{ASKED}{HEAD}one \n\n> Streetrace: stopped\n\n## You\n\n"
    assert path.read_text("utf-8") == stopped


async def test_many_pieces_are_few_writes(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode, watched=True)
    chat = (await call(editor, "create"))["chat"]
    pieces = 400
    faults.script(Reply(text="one " * pieces, chunk=4, rate=200))
    assert (await call(editor, "send", chat=chat, text="Count."))["state"] == "answered"
    await editor.stop()
    writes = [one for one in audited(editor, "os.rename") if one.endswith(path_of(chat).name)]
    # The question, the first words and the end are written at once; most others wait.
    assert 3 < len(writes) < pieces / 5


async def test_what_is_written_elsewhere_in_the_file_meanwhile_stays(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    _, _, path, request = await counting(launch, machine, faults)
    text = path.read_text("utf-8")
    path.write_text(text.replace("# Chat", "# My chat, 😀") + "\n\n## You\n\nMine", "utf-8")
    faults.release()
    assert (await request.future)["state"] == "answered"
    assert path.read_text("utf-8") == (
        f"{ASKED.replace('# Chat', '# My chat, 😀')}{HEAD}one two three\n\n{USAGE}"
        "\n\n## You\n\nMine"
    )


async def test_who_writes_inside_the_answer_has_the_last_word(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _, path, request = await counting(launch, machine, faults)
    path.write_text(path.read_text("utf-8").replace("one", "ONE"), "utf-8")
    faults.release()
    assert (await request.future)["state"] == "refused"
    text = path.read_text("utf-8")
    assert text.startswith(f"{ASKED}{HEAD}ONE ")
    assert "you changed the answer while it was written" in text
    assert text.endswith("\n\n## You\n\n")
    assert editor.edits == []


@pytest.mark.parametrize("task", ["send", "regenerate", "continue", "compact"])
async def test_a_chat_that_is_opened_meanwhile_is_written_on_in_the_editor(
    launch: Launch, machine: Machine, faults: FaultServer, task: str
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    chat = (await call(editor, "create", text="Count."))["chat"]
    path = path_of(chat)
    if task != "send":
        faults.script(Reply(text="nil"))
        await call(editor, "send", chat=chat)
    faults.script(Reply(text="one two three", chunk=4, hold_after=1))
    job = (await editor.execute(f"streetrace.chat.{task}", {"uri": chat}))["job"]
    await editor.until("the first word", lambda: "writes, 4 characters" in editor.window.words())
    # The server writes before it reads what comes next.
    await call(editor, "list")
    held = path.read_text("utf-8")
    assert "one" in held
    document = editor.open(path)
    editor.replace(document, "# Chat", "# My chat")
    faults.release()
    assert (await editor.finished(job))["state"] == "answered"
    before = f"{HEAD}nil\n\n{USAGE}"
    note = "> Streetrace: the conversation so far in short; what stands above is no longer sent\n"
    answered = {
        "send": f"{HEAD}one two three\n\n{USAGE}",
        "regenerate": f"{HEAD}one two three\n\n{USAGE}",
        "continue": f"{HEAD}nilone two three\n\n{USAGE}",
        "compact": f"{before}{HEAD}one two three\n\n{note}{USAGE}",
    }[task]
    assert document.text == f"{ASKED.replace('# Chat', '# My chat')}{answered}## You\n\n"
    # The editor has it now, so the file is left to the editor.
    assert path.read_text("utf-8") == held


async def test_an_editor_that_takes_no_edits_then_gets_the_answer_when_it_asks(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path, request = await counting(launch, machine, faults, Kate)
    document = editor.open(path)
    faults.release()
    assert (await request.future)["state"] == "proposed"
    job = (await editor.execute("streetrace.chat.show", {"uri": chat}))["job"]
    await editor.until("the answer", lambda: document.text == WHOLE)
    await editor.actions(document, document.span("#"))
    assert (await editor.finished(job))["state"] == "applied"


async def test_a_chat_that_is_closed_meanwhile_goes_on_in_its_file(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    chat = (await call(editor, "create"))["chat"]
    document = editor.open(path_of(chat))
    faults.script(Reply(text="one two three", chunk=4, hold_after=2))
    request = editor.send("streetrace/chat/send", asking(chat, "Count."))
    await editor.until("the words", lambda: document.text.endswith("one two "))
    # What the editor saved last is older than what it showed.
    document.path.write_text(document.text.removesuffix("two "), "utf-8")
    editor.close(document)
    faults.release()
    assert (await request.future)["state"] == "answered"
    assert document.path.read_text("utf-8") == WHOLE
