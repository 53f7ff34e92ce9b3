"""The rest of what a program can do with a chat: let it go on, sum it up, change its model."""

from __future__ import annotations

from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import call, streamed
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.clients.window import path_of
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.test_chat_conversation import HEAD, USAGE
from lsp.test_chat_requests import started

COMPACTED = "the conversation so far in short; what stands above is no longer sent"


@pytest.mark.parametrize("kind", SIX)
async def test_an_answer_is_continued_and_the_chat_summed_up(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, chat, path = await started(launch, machine, faults, kind)
    faults.script(
        Reply(text="Code:\n\n```py\na = 1\nb =", finish="length"), Reply(text=" 2\n```\nDone.")
    )
    await call(editor, "send", chat=chat, text="Go.")
    assert streamed(editor) == "Code:\n\n```py\na = 1\nb =\n```"
    found = await call(editor, "continue", chat=chat, token="more")
    assert (found["state"], found["turn"], found["backend"]) == ("answered", 2, "local")
    # The pieces are those of the rest; the turn has all of it.
    assert streamed(editor, token="more") == " 2\n```\nDone."
    turns = (await call(editor, "read", chat=chat))["turns"]
    assert turns[1]["text"] == "Code:\n\n```py\na = 1\nb = 2\n```\nDone."
    parts = [part for part in editor.window.chat_parts if part.get("token") == "more"]
    assert [part["kind"] for part in parts if part["kind"] != "text"] == ["edits", "note", "usage"]

    faults.script(Reply(text="In short: code."))
    found = await call(editor, "compact", chat=chat, token="short", model="local/other")
    assert (found["state"], found["turn"], found["model"]) == ("answered", 3, "other")
    assert streamed(editor, token="short") == "In short: code."
    turns = (await call(editor, "read", chat=chat))["turns"]
    assert turns[2]["notes"][0] == COMPACTED
    answer = "Code:\n\n```py\na = 1\nb = 2\n```\nDone."
    other = HEAD.replace("demo", "other")
    assert path.read_text("utf-8") == (
        f"# Chat\n\n## You\n\nGo.\n\n{HEAD}{answer}\n\n{USAGE}"
        f"{other}In short: code.\n\n> Streetrace: {COMPACTED}\n{USAGE.replace('demo', 'other')}"
        "## You\n\n"
    )


@pytest.mark.parametrize("shown", [False, True], ids=["on disk", "open in the editor"])
@pytest.mark.parametrize("kind", SIX)
async def test_the_model_of_a_chat_is_changed(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], shown: bool
) -> None:
    editor, chat, path = await started(launch, machine, faults, kind)
    document = editor.open(path) if shown else None
    if isinstance(editor, Kate) and shown:
        with pytest.raises(ResponseError) as caught:
            await call(editor, "model", chat=chat, target="local/other")
        assert "streetrace.chat.model" in caught.value.data["nextStep"]
        return

    def text() -> str:
        return document.text if document is not None else path.read_text("utf-8")

    found = await call(editor, "model", chat=chat, target="local/other")
    assert found == {"version": 1, "chat": chat, "model": "local/other"}
    assert text() == "# Chat\n\n> Streetrace: model local/other\n\n## You\n\n"
    assert (await call(editor, "read", chat=chat))["model"] == "local/other"
    assert (await call(editor, "model", chat=chat, target=None))["model"] is None
    assert text() == "# Chat\n\n## You\n\n"


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("continue", {"chat": "x", "text": "y"}, "no field “text”"),
    ("compact", {"chat": "x", "token": []}, "token: takes"),
    ("model", {"chat": "x"}, "target: takes a target, or null"),
    ("model", {"chat": "x", "target": 1}, "target: takes a text"),
    ("insert", {"chat": "x"}, "target: takes an object"),
    ("insert", {"chat": "x", "target": {"uri": "a"}}, "target.position: takes an object"),
    (
        "insert",
        {"chat": "x", "target": {"uri": "a", "position": {"line": -1, "character": 0}}},
        "target.position.line: takes a whole number from 0",
    ),
    ("createFile", {"chat": "x", "path": ""}, "path: takes a text that is not empty"),
    ("createFile", {"chat": "x", "block": 0}, "block: takes a whole number from 1"),
]
HERE = {"uri": "file:///a", "position": {"line": 0, "character": 0}}
MORE: dict[str, dict[str, Any]] = {"model": {"target": None}, "insert": {"target": HERE}}


async def test_what_can_not_be_done_is_said_with_its_kind(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults, VSCode)
    for method, params, said in BAD:
        with pytest.raises(ResponseError) as caught:
            await call(editor, method, **params)
        assert (caught.value.code, said in caught.value.message) == (-32602, True), said
    for method in ("continue", "compact", "model", "insert", "createFile"):
        more = MORE.get(method, {})
        with pytest.raises(ResponseError) as caught:
            await call(editor, method, chat=f"{chat}x", **more)
        assert (caught.value.code, caught.value.data["kind"]) == (-32803, "no_chat"), method
        if method == "model":
            continue
        with pytest.raises(ResponseError) as caught:
            await call(editor, method, chat=chat, **more)
        assert (caught.value.code, caught.value.data["kind"]) == (-32803, "refused"), method
    with pytest.raises(ResponseError) as caught:
        await call(editor, "model", chat=chat, target="nobody/x")
    assert "nobody/x is not configured" in caught.value.message
    assert path_of(chat).read_text("utf-8") == "# Chat\n\n## You\n\n"
    assert path == path_of(chat)
    assert faults.connections == []


async def test_attachments_alone_are_refused_and_the_chat_stays_as_it_is(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat, path = await started(launch, machine, faults)
    before = path.read_text("utf-8")
    attached = [{"kind": "file", "argument": "app.py"}]
    with pytest.raises(ResponseError) as refused:
        await call(editor, "send", chat=chat, attachments=attached)
    assert "Write your question beside what you attach" in str(refused.value)
    document = editor.open(path)
    editor.type(document, document.position(len(before)), "@selection app.py:1-2\n")
    answer = await editor.execute("streetrace.chat.send", {"uri": chat})
    assert "Write your question beside what you attach" in answer["message"]
    assert path.read_text("utf-8") == before
    assert faults.requests == []
