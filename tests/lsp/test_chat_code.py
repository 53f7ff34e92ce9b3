"""A code block of a chat goes into files that are not open, and its edits are reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import asked, call, new_chat
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.clients.window import path_of
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.reviewing import choose
from lsp.sample import BLOCK, FIXED, TEXT, configuration

OPENS: tuple[type[Editor], ...] = (VSCode, Neovim, Helix, Eglot)
NEW = "file.py\n```py\nn = 1\n```\n"


async def told(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], answer: str
) -> tuple[Editor, Document]:
    """A chat with an answer in an editor that opens what it is asked to show."""
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=answer))
    editor = await launch(kind)
    editor.window.on_show_document = lambda path: editor.open(path) if path.is_file() else None
    chat = await new_chat(editor)
    await asked(editor, chat, "Fix it.")
    return editor, chat


def documents(editor: Editor, path: Path) -> list[Document]:
    """The open documents of a file: none or one."""
    return [document for document in editor.documents.values() if document.path == path]


@pytest.mark.parametrize("kind", OPENS)
async def test_a_file_that_is_not_open_is_opened_edited_and_reviewed(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    path = machine.write("app.py", TEXT)
    editor, chat = await told(launch, machine, faults, kind, BLOCK)
    assert documents(editor, path) == []
    offered = await editor.actions(chat, chat.span("<<<<<<< SEARCH"))
    ending = await editor.finished((await editor.run(offered["Streetrace: Apply"]))["job"])
    assert ending["state"] == "applied", ending
    (source,) = documents(editor, path)
    assert (source.text, path.read_text("utf-8")) == (FIXED, TEXT)
    await choose(editor, source, "    return width", "Undo this change")
    assert source.text == TEXT


@pytest.mark.parametrize("kind", [Kate, Bare])
async def test_an_editor_that_opens_nothing_is_told_what_to_open(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    path = machine.write("app.py", TEXT)
    editor, chat = await told(launch, machine, faults, kind, BLOCK)
    answer = await editor.execute("streetrace.chat.apply", {"uri": chat.uri})
    assert answer["message"] == "app.py is not open in the editor. Open it, and try again."
    source = editor.open(path)
    job = (await editor.execute("streetrace.chat.apply", {"uri": chat.uri}))["job"]
    await editor.until("the edit", lambda: source.text == FIXED)
    await editor.actions(source, NOTHING)
    assert (await editor.finished(job))["state"] in {"applied", "proposed"}


async def test_a_program_applies_to_a_file_that_is_not_open(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    path = machine.write("app.py", TEXT)
    editor, chat = await told(launch, machine, faults, VSCode, BLOCK)
    found = await call(editor, "apply", chat=chat.uri)
    assert found["state"] == "applied", found
    (source,) = documents(editor, path)
    assert source.text == FIXED
    # An editor that shows no document although it says that it can.
    editor.replace(source, "height  # 😀 right, élégant 🎈", "height")
    editor.save(source)
    editor.close(source)
    editor.window.on_show_document = lambda path: None
    path.write_text(TEXT, "utf-8")
    found = await call(editor, "apply", chat=chat.uri)
    assert found["state"] == "refused"
    assert "app.py is not open; open it first" in found["message"]
    assert path.read_text("utf-8") == TEXT


@pytest.mark.parametrize("kind", [VSCode, Helix])
@pytest.mark.parametrize("face", ["command", "request"])
async def test_a_new_file_is_reviewed_as_the_edit_that_it_is(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], face: str
) -> None:
    editor, chat = await told(launch, machine, faults, kind, NEW)
    path = machine.root / "file.py"
    if face == "command":
        job = (await editor.execute("streetrace.chat.create", {"uri": chat.uri}))["job"]
        ending = await editor.finished(job)
    else:
        ending = await call(editor, "createFile", chat=chat.uri)
    assert ending["state"] == "applied"
    assert ending["message"] == "Chat: made file.py, not saved yet."
    (made,) = documents(editor, path)
    assert made.text == "n = 1\n"
    await choose(editor, made, "n = 1", "Undo this change")
    assert not path.exists()


async def test_a_new_file_that_the_editor_does_not_open_is_reviewed_all_the_same(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await told(launch, machine, faults, VSCode, NEW)
    path = machine.root / "file.py"

    def writes(params: dict[str, Any]) -> dict[str, Any]:
        path.write_text(params["edit"]["documentChanges"][1]["edits"][0]["newText"], "utf-8")
        return {"applied": True}

    editor.apply_edit = writes  # type: ignore[method-assign]
    assert (await call(editor, "createFile", chat=chat.uri))["state"] == "applied"
    del editor.apply_edit
    assert documents(editor, path) == []
    job = (await editor.execute("streetrace.review.undo", {"all": True}))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert not path.exists()


@pytest.mark.parametrize("kind", SIX)
async def test_a_program_inserts_a_block_where_it_says(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, chat = await told(launch, machine, faults, kind, NEW)
    source = editor.open(machine.write("other.py", "# 😀\nend = 0\n"))
    target = {"uri": source.uri, "position": source.before("end")}
    found = await call(editor, "insert", chat=chat.uri, block=1, target=target)
    if isinstance(editor, Kate):
        assert found["state"] == "proposed"
        job = (await editor.execute("streetrace.apply", {"proposal": found["proposal"]}))["job"]
        await editor.until("the edit", lambda: "n = 1" in source.text)
        await editor.actions(source, NOTHING)
        await editor.finished(job)
    else:
        assert (found["state"], found["proposal"]) == ("applied", None)
    assert source.text == "# 😀\nn = 1\nend = 0\n"
    offered = await editor.actions(source, source.span("n = 1"))
    assert "Streetrace: Undo this change" in offered
    nowhere = {**target, "uri": path_of(source.uri).with_name("no.py").as_uri()}
    with pytest.raises(ResponseError) as caught:
        await call(editor, "insert", chat=chat.uri, target=nowhere)
    assert caught.value.data["nextStep"] == "Open it, and try again."


async def test_a_file_that_is_there_is_never_made_anew(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    mine = machine.write("file.py", "mine\n")
    editor, chat = await told(launch, machine, faults, VSCode, NEW)
    found = await call(editor, "createFile", chat=chat.uri)
    assert found["state"] == "refused"
    assert "it exists already" in found["message"]
    assert (mine.read_text("utf-8"), found["proposal"]) == ("mine\n", None)
    other = await call(editor, "createFile", chat=chat.uri, path="other.py")
    assert other["state"] == "applied"
    with pytest.raises(ResponseError) as caught:
        await call(editor, "createFile", chat=chat.uri, path="../out.py")
    assert "../out.py is not made" in caught.value.message
