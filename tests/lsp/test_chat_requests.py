"""A program shows a chat in a face of its own: ``streetrace/chat/*``, over the same document."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import call, streamed
from lsp.clients.editor import Editor
from lsp.clients.vscode import VSCode
from lsp.clients.window import path_of
from lsp.clients.wire import REQUEST_CANCELLED, ResponseError
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, configuration
from lsp.test_chat_conversation import HEAD, USAGE

INVALID_PARAMS, REQUEST_FAILED = -32602, -32803
AREA = {"start": {"line": 2, "character": 0}, "end": {"line": 5, "character": 0}}


async def refused(editor: Editor, method: str, **params: Any) -> ResponseError:
    with pytest.raises(ResponseError) as caught:
        await call(editor, method, **params)
    return caught.value


async def started(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor] = VSCode
) -> tuple[Editor, str, Path]:
    """An editor and a new chat, which is not open in it; the user's configuration."""
    machine.configure_user(configuration(faults))
    editor = await launch(kind)
    chat = (await call(editor, "create"))["chat"]
    return editor, chat, path_of(chat)


async def test_every_kind_of_part_is_streamed_and_tells_of_the_same_answer(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    editor.open(machine.write("app.py", TEXT))
    faults.script(Reply(text=f"{BLOCK}\n```py\nopen", reasoning="Hm."))
    found = await call(
        editor,
        "send",
        chat=chat,
        text="## You\n\nfix > it",
        attachments=[{"kind": "file", "argument": "app.py"}, {"kind": "open"}],
        model="local/other",
    )
    parts = editor.window.chat_parts
    assert {part["turn"] for part in parts} == {2}
    assert not any("token" in part for part in parts)
    assert streamed(editor, "reasoning") == "Hm."
    turns = (await call(editor, "read", chat=chat))["turns"]
    assert streamed(editor) == turns[1]["text"] == f"{BLOCK}\n```py\nopen\n```"
    edits = next(part["blocks"] for part in parts if part["kind"] == "edits")
    assert edits == turns[1]["blocks"]
    notes = [part["text"] for part in parts if part["kind"] == "note"]
    assert notes == turns[1]["notes"]
    assert notes[0] == "a code block was left open and is closed here"
    usage = next(part for part in parts if part["kind"] == "usage")
    assert {usage[name] for name in ("model", "backend")} == {"other", "local"}
    assert usage["usage"] == found["usage"] == turns[1]["usage"]
    assert usage["cost"] == found["cost"]
    # What a program asks reads as one turn, and is sent as it was meant.
    asked = "# Chat\n\n## You\n\n@file app.py\n@open\n\n\\## You\n\nfix > it\n\n## Assistant ("
    assert path.read_text("utf-8").startswith(asked)
    assert turns[0]["text"] == "@file app.py\n@open\n\n## You\n\nfix > it"
    sent = faults.requests[-1].json
    assert sent["model"] == "other"
    assert sent["messages"][-1]["content"].startswith(turns[0]["text"])


async def test_the_chats_of_a_folder_are_listed(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, _ = await started(launch, machine, faults)
    assert (await call(editor, "list"))["chats"][0]["title"] == "chat-1"
    other = await call(editor, "create", folder=machine.root.as_uri(), text="Draft")
    await call(editor, "send", chat=chat, text="Why so\nslow?")
    found = await call(editor, "list", folder=str(machine.root))
    listed = {one["chat"]: (one["title"], one["turns"]) for one in found["chats"]}
    assert listed == {chat: ("Why so slow?", 2), other["chat"]: ("Draft", 1)}
    assert all(one["time"].endswith("Z") for one in found["chats"])
    # What the editor has not saved counts.
    document = editor.open(path_of(other["chat"]))
    editor.replace(document, "Draft", "Better")
    found = await call(editor, "list")
    assert {one["title"] for one in found["chats"]} == {"Why so slow?", "Better"}
    error = await refused(editor, "list", folder="/nowhere")
    assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "refused")


@pytest.mark.parametrize("shown", [False, True], ids=["on disk", "open in the editor"])
async def test_a_cancelled_request_ends_when_the_chat_says_so(
    launch: Launch, machine: Machine, faults: FaultServer, shown: bool
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    document = editor.open(path) if shown else None
    faults.script(Reply(text="one two", chunk=4, hold_after=1))
    request = editor.send("streetrace/chat/send", {"version": 1, "chat": chat, "text": "Count."})
    await editor.until("the first part", lambda: streamed(editor) == "one ")
    busy = await refused(editor, "send", chat=chat, text="And?")
    assert (busy.code, busy.data["kind"]) == (REQUEST_FAILED, "busy")
    assert (await call(editor, "read", chat=chat))["busy"]
    editor.cancel(request)
    with pytest.raises(ResponseError) as caught:
        await request.future
    assert caught.value.code == REQUEST_CANCELLED
    upstream = faults.requests[-1].connection
    await faults.until(lambda: upstream.closed is not None)
    assert upstream.closed_by == "client"
    text = document.text if document is not None else path.read_text("utf-8")
    assert text.startswith(f"# Chat\n\n## You\n\nCount.\n\n{HEAD}one")
    assert text.endswith("\n\n> Streetrace: stopped\n\n## You\n\n")
    assert not (await call(editor, "read", chat=chat))["busy"]


async def test_typing_in_the_editor_meanwhile_is_safe(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    document = editor.open(path)
    faults.script(Reply(text="one two three", chunk=4, hold_after=1))
    request = editor.send("streetrace/chat/send", {"version": 1, "chat": chat, "text": "Count."})
    await editor.until("the first words", lambda: document.text.endswith("one "))
    editor.replace(document, "# Chat", "# Counting")
    editor.type(document, document.position(len(document.text)), "\n\n## You\n\nAnd mine")
    faults.release()
    found = await request.future
    assert (found["state"], streamed(editor)) == ("answered", "one two three")
    assert document.text.startswith("# Counting\n\n## You\n\nCount.\n\n")
    assert "one two three" in document.text
    assert document.text.endswith("## You\n\nAnd mine")
    turns = (await call(editor, "read", chat=chat))["turns"]
    assert [turn["text"] for turn in turns] == ["Count.", "one two three", "And mine"]


async def test_a_chat_that_is_opened_meanwhile_gets_the_answer_in_the_editor(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    faults.script(Reply(text="one two", chunk=4, hold_after=1))
    request = editor.send("streetrace/chat/send", {"version": 1, "chat": chat, "text": "Count."})
    await editor.until("the first part", lambda: streamed(editor) == "one ")
    document = editor.open(path)
    faults.release()
    assert (await request.future)["state"] == "answered"
    assert document.text == f"# Chat\n\n## You\n\nCount.\n\n{HEAD}one two\n\n{USAGE}## You\n\n"
    assert path.read_text("utf-8").startswith("# Chat\n\n## You\n\nCount.")


async def test_a_failure_stands_in_the_chat_and_is_the_error_of_the_request(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    faults.script(Reply(status=401, message="no"))
    error = await refused(editor, "send", chat=chat, text="Why?")
    assert (error.code, error.data["kind"], error.data["backend"]) == (
        REQUEST_FAILED,
        "auth",
        "local",
    )
    assert error.data["nextStep"]
    question = "# Chat\n\n## You\n\nWhy?\n\n"
    assert path.read_text("utf-8").startswith(f"{question}> Streetrace: {error.message}")
    # A program shows it itself.
    assert editor.window.messages == []
    # Without a text the same is asked again.
    faults.script(Reply(text="So."))
    await call(editor, "send", chat=chat)
    assert path.read_text("utf-8") == f"{question}{HEAD}So.\n\n{USAGE}## You\n\n"
    # What came before an end that came too early stays.
    faults.script(Reply(text="half", finish=None))
    error = await refused(editor, "regenerate", chat=chat)
    assert (error.data["kind"], streamed(editor)) == ("cut", "So.half")
    written = path.read_text("utf-8")
    assert written.startswith(f"{question}{HEAD}half\n\n> Streetrace: {error.message}")
    assert written.endswith("\n\n## You\n\n")
    error = await refused(editor, "send", chat=chat, text="See @file none.py")
    assert "no file none.py" in error.message
    assert (error.data["kind"], error.data["backend"]) == ("not_attached", None)
    # Another question in its place.
    faults.script(Reply(text="Yes."))
    assert (await call(editor, "send", chat=chat, text="So?", replace=True))["turn"] == 4
    assert path.read_text("utf-8").endswith(f"## You\n\nSo?\n\n{HEAD}Yes.\n\n{USAGE}## You\n\n")
    error = await refused(editor, "regenerate", chat=chat, model="nobody/x")
    assert error.data["kind"] == "target"


async def test_a_project_that_is_not_trusted_sends_nothing(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults), trusted=False)
    editor = await launch(VSCode)
    chat = (await call(editor, "create"))["chat"]
    editor.window.answer = "Not now"
    error = await refused(editor, "send", chat=chat, text="Why?")
    assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "untrusted")
    assert "streetrace.trust" in error.data["nextStep"]
    assert len(editor.window.questions) == 1
    assert faults.connections == []
    assert "## You\n\nWhy?\n\n> Streetrace: " in path_of(chat).read_text("utf-8")


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("read", {"version": 2, "chat": "x"}, "version"),
    ("read", {}, "chat: takes a text"),
    ("create", {"selection": AREA}, "selection: needs the uri"),
    ("create", {"uri": "file:///a", "selection": {"start": {}}}, "selection.start.line"),
    ("create", {"uri": "file:///a", "folder": "/a"}, "folder: is not taken"),
    ("create", {"title": "x"}, "no field “title”"),
    ("send", {"chat": "x", "text": 1}, "text: takes a text"),
    ("send", {"chat": "x", "attachments": [{"kind": "web"}]}, "attachments[0].kind"),
    (
        "send",
        {"chat": "x", "attachments": [{"kind": "file", "argument": "a\nb"}]},
        "attachments[0].argument",
    ),
    ("send", {"chat": "x", "token": True}, "token: takes"),
    ("send", {"chat": "x", "replace": 1}, "replace: takes true or false"),
    ("fork", {"chat": "x", "turn": 0}, "turn: takes a whole number from 1"),
    ("apply", {"chat": "x", "block": "1"}, "block: takes a whole number"),
    ("regenerate", {"chat": "x", "text": "y"}, "no field “text”"),
]


async def test_parameters_that_cannot_be_taken_are_named(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    for method, params, said in BAD:
        error = await refused(editor, method, **params)
        assert (error.code, said in error.message) == (INVALID_PARAMS, True), error.message


async def test_what_is_no_chat_is_neither_read_nor_written(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    plain = machine.write("notes.md", "## You\n\nHi\n")
    outside = machine.root.parent / "outside.md"
    outside.write_text("## You\n\nHi\n")
    path.with_name("link.md").symlink_to(outside)
    for uri in (plain.as_uri(), path.with_name("link.md").as_uri(), f"{chat}x", "untitled:a"):
        for method in ("read", "send", "regenerate", "fork", "apply"):
            error = await refused(editor, method, chat=uri)
            assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "no_chat"), method
    assert outside.read_text() == plain.read_text() == "## You\n\nHi\n"
    for method in ("send", "regenerate", "apply"):
        error = await refused(editor, method, chat=chat)
        assert (error.code, error.data["kind"]) == (REQUEST_FAILED, "refused"), method
    assert faults.connections == []


async def test_code_is_applied_to_an_open_file_and_after_agreement(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, _ = await started(launch, machine, faults)
    place = machine.write("app.py", TEXT)
    other = "```py\nclass Window:\n    frame = None\n```"
    faults.script(Reply(text=BLOCK), Reply(text=other))
    await call(editor, "send", chat=chat, text="Fix @file app.py")
    source = editor.open(place)
    assert (await call(editor, "apply", chat=chat))["state"] == "applied"
    assert source.text == FIXED
    error = await refused(editor, "apply", chat=chat)
    assert error.data["kind"] == "refused"
    # The block looks like something else than the lines: nothing is applied before somebody agrees.
    await call(editor, "send", chat=chat, text="Other? @selection app.py:3-5")
    found = await call(editor, "apply", chat=chat)
    assert (found["state"], source.text) == ("proposed", FIXED)
    assert "Lines 3 to 5 of app.py look different" in found["message"]
    job = (await editor.execute("streetrace.apply", {"proposal": found["proposal"]}))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert "class Window" in source.text
    # A program shows all of this itself.
    assert editor.window.messages == []


async def test_a_chat_keeps_its_line_ends_and_its_turns_have_plain_ones(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    path.write_bytes(b"# Chat\r\n\r\n## You\r\n\r\n")
    faults.script(Reply(text="one\ntwo"))
    await call(editor, "send", chat=chat, text="a\nb")
    text = f"# Chat\n\n## You\n\na\nb\n\n{HEAD}one\ntwo\n\n{USAGE}## You\n\n"
    assert path.read_bytes().decode("utf-8") == text.replace("\n", "\r\n")
    turns = (await call(editor, "read", chat=chat))["turns"]
    assert [turn["text"] for turn in turns] == ["a\nb", "one\ntwo"]
    assert streamed(editor) == "one\ntwo"


async def test_no_secret_is_sent_and_the_program_hears_of_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    secret = "ghp_VVVVVV0123456789abcdefghijABCDEFGHIJ"
    machine.write("keys.py", f'KEY = "{secret}"\n')
    attached = [{"kind": "file", "argument": "keys.py"}]
    found = await call(editor, "send", chat=chat, text=f"Is {secret} it?", attachments=attached)
    assert secret not in str(faults.requests[-1].json)
    assert len(found["withheld"]) == 2
    assert f"Is {secret} it?" in path.read_text("utf-8")
    error = await refused(editor, "send", chat=chat, text="And @file .env?")
    assert error.data["kind"] == "not_attached"


async def test_two_chats_answer_at_once(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, _ = await started(launch, machine, faults)
    other = (await call(editor, "create"))["chat"]
    faults.script(Reply(text="a" * 40, hold_after=3), Reply(text="b" * 40, hold_after=3))
    both = [
        editor.send("streetrace/chat/send", {"version": 1, "chat": one, "text": "?"})
        for one in (chat, other)
    ]
    await faults.until(lambda: faults.held == 2)
    faults.release()
    await asyncio.gather(*(one.future for one in both))
    for one in (chat, other):
        turns = (await call(editor, "read", chat=one))["turns"]
        assert streamed(editor, chat=one) == turns[1]["text"]
        assert len(turns[1]["text"]) == 40
