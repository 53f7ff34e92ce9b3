"""A preview of a chat, or of what a program asks, is what follows, on the wire."""

from __future__ import annotations

import subprocess

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import new_chat, sent
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.sample import TEXT, configuration
from lsp.test_preview import SECRET, opened
from streetrace_lsp.requests.display import escape_controls


def committed(machine: Machine) -> None:
    """Commit the file as it is, and put a secret into it."""
    for command in (
        ("init", "-q"),
        ("add", "app.py"),
        ("-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-qm", "x"),
    ):
        subprocess.run(["git", *command], cwd=machine.root, check=True, capture_output=True)
    machine.write("app.py", f'{TEXT}\nKEY = "{SECRET}"\n')


async def chat_with_secrets(machine: Machine, editor: Editor) -> Document:
    """A chat whose question attaches a file and a diff with a secret in each."""
    committed(machine)
    chat = await new_chat(editor)
    editor.type(chat, chat.position(len(chat.text)), "Why? @file app.py @diff\n")
    return chat


@pytest.mark.parametrize("kind", [VSCode, Helix])
@pytest.mark.parametrize("wire", ["openai", "ollama"])
async def test_what_was_looked_at_of_a_chat_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer, wire: str, kind: type[Editor]
) -> None:
    agents = machine.write("AGENTS.md", f"Say “product”, never {SECRET}.\n")
    machine.trust_file(agents)
    editor, source = await opened(launch, machine, faults, wire, kind)
    chat = await chat_with_secrets(machine, editor)
    here = chat.span("Why")
    offered = await editor.actions(chat, here)
    assert "Streetrace: Send as previewed" not in offered
    seen = await editor.run(offered["Streetrace: Preview what is sent"])
    assert faults.connections == []
    assert SECRET not in str(seen)
    assert "Say “product”" in seen["messages"][0]["content"]
    assert {"File app.py", "What changed since the last commit", "AGENTS.md"} == set(seen["files"])
    assert len(seen["withheld"]) == 2
    assert (seen["cost"], seen["leftOut"], seen["notes"]) == ([0, 0], [], [])
    (page,) = (machine.state / "answers").glob("Chat-*.md")
    said = page.read_text("utf-8")
    for message in seen["messages"]:
        assert escape_controls(message["content"]) in said
    # What changes afterwards changes nothing of it.
    agents.write_text("Say something else.\n", "utf-8")
    editor.type(source, {"line": 0, "character": 0}, "# new\n")
    faults.script(Reply(text="Because."))
    offered = await editor.actions(chat, here, automatic=True)
    done = await editor.finished(
        (await editor.run(offered["Streetrace: Send as previewed"]))["job"]
    )
    assert done["state"] == "answered", done
    (request,) = faults.requests
    assert request.json["messages"] == seen["messages"]
    assert SECRET.encode() not in request.body
    assert done["withheld"] == seen["withheld"]
    assert f"withheld: {seen['withheld'][0]}" in chat.text


async def test_sending_a_chat_equals_its_preview(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults)
    chat = await chat_with_secrets(machine, editor)
    seen = await editor.execute("streetrace.prompt.preview", {"uri": chat.uri})
    faults.script(Reply(text="Because."))
    await sent(editor, chat, "send")
    assert faults.requests[-1].json["messages"] == seen["messages"]


async def test_a_long_chat_is_cut_in_its_preview_as_when_it_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(
        configuration(faults, "openai") + "max_tokens = 200\ncontext_windows = {demo = 2048}\n"
    )
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    old = f"Old {SECRET}. {'word ' * 1500}"
    editor.type(
        chat,
        chat.position(len(chat.text)),
        f"{old}\n\n## Assistant (local/demo)\n\nYes.\n\n## You\n\nAnd {SECRET[::-1]}, now?\n",
    )
    seen = await editor.execute("streetrace.prompt.preview", {"uri": chat.uri})
    assert [one["role"] for one in seen["messages"]] == ["system", "user"]
    assert seen["leftOut"] == ["the first 2 turns, since local (demo) has room for 1,679 tokens"]
    faults.script(Reply(text="Yes."))
    done = await sent(editor, chat, "send")
    assert faults.requests[-1].json["messages"] == seen["messages"]
    assert done["withheld"] == seen["withheld"]
    assert "the first 2 turns were not sent" in chat.text


async def test_a_chat_or_configuration_that_changed_is_not_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults)
    chat = await new_chat(editor)
    nothing = await editor.execute("streetrace.prompt.preview", {"uri": chat.uri})
    assert "Write your question" in nothing["message"]
    editor.type(chat, chat.position(len(chat.text)), "Why?\n")
    seen = await editor.execute("streetrace.prompt.preview", {"uri": chat.uri})
    machine.configure(configuration(faults, "ollama"))
    sending = {"preview": seen["preview"]}
    done = await editor.finished((await editor.execute("streetrace.chat.send", sending))["job"])
    assert "The configuration has changed since the preview" in str(done["message"])
    editor.replace(chat, "Why?", "Why not?")
    assert "Streetrace: Send as previewed" not in await editor.actions(chat, chat.span("Why"))
    done = await editor.finished((await editor.execute("streetrace.chat.send", sending))["job"])
    assert "The chat has changed since the preview" in str(done["message"])
    answer = await editor.execute("streetrace.chat.send", {"preview": "preview-77"})
    assert "not kept any more" in answer["message"]
    assert faults.requests == []


async def test_a_preview_of_a_chat_before_trust_uses_nothing_of_the_project(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.trust_file(machine.write("AGENTS.md", "Say “product”.\n"))
    with FaultServer() as own:
        machine.configure_user(configuration(own))
        machine.configure(configuration(faults, "openai"), trusted=False)
        editor = await launch(VSCode)
        chat = await new_chat(editor)
        editor.type(chat, chat.position(len(chat.text)), "Why?\n")
        seen = await editor.execute("streetrace.prompt.preview", {"uri": chat.uri})
        assert "is not trusted, so nothing in it is used" in seen["notes"][0]
        assert "product" not in str(seen["messages"])
        assert seen["withheld"] == ["AGENTS.md (the project is not trusted)"]
        assert editor.window.questions == []
        assert [own.connections, faults.connections] == [[], []]


async def test_what_a_program_previewed_of_its_chat_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults)
    committed(machine)
    chat = (await editor.ask("streetrace/chat/create", {"version": 1}))["chat"]
    words = f"Why {SECRET}? @file app.py"
    seen = await editor.execute("streetrace.prompt.preview", {"uri": chat, "text": words})
    assert faults.connections == []
    assert seen["withheld"][0].startswith("a secret in turn 1")
    machine.write("app.py", "other = 1\n")
    faults.script(Reply(text="Because."))
    given = {"version": 1, "chat": chat, "text": words, "preview": seen["preview"]}
    found = await editor.ask("streetrace/chat/send", given)
    (request,) = faults.requests
    assert request.json["messages"] == seen["messages"]
    assert SECRET.encode() not in request.body
    assert found["withheld"] == seen["withheld"]
    # It is about that question alone, and that chat.
    for wrong in ({"text": "And why not?"}, {"preview": "preview-77"}):
        with pytest.raises(ResponseError, match="preview"):
            await editor.ask("streetrace/chat/send", {**given, **wrong})
    assert len(faults.requests) == 1


async def test_what_a_program_previewed_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults)
    call = {"id": "call_1", "name": "read", "arguments": f'{{"key": "{SECRET}"}}'}
    tool = {"name": "read", "description": SECRET, "parameters": {"type": "object"}}
    messages = [
        {"role": "user", "content": [{"type": "text", "text": one} for one in ("Why", "?")]},
        {"role": "assistant", "content": None, "toolCalls": [call]},
        {"role": "tool", "toolCallId": "call_1", "content": f"It is {SECRET}."},
    ]
    asking = {"messages": messages, "tools": [tool], "maxTokens": 99}
    seen = await editor.execute("streetrace.prompt.preview", asking)
    assert faults.connections == []
    assert len(seen["withheld"]) == 3
    (page,) = (machine.state / "answers").glob("*.md")
    assert SECRET not in page.read_text("utf-8") + str(seen)
    assert '"key": "WITHHELD_SECRET_' in page.read_text("utf-8").replace("\\", "")
    faults.script(Reply(text="So."))
    sending = {"version": 1, "preview": seen["preview"]}
    found = await editor.ask("streetrace/model/complete", sending)
    (request,) = faults.requests
    # A content of null may be left away on the wire.
    assert request.json["messages"] == [
        {name: value for name, value in one.items() if value is not None}
        for one in seen["messages"]
    ]
    assert [one["function"] for one in request.json["tools"]] == seen["tools"]
    assert request.json["max_tokens"] == 99
    assert SECRET.encode() not in request.body
    assert found["withheld"] == seen["withheld"]
    machine.configure(configuration(faults, "ollama"))
    for wrong in ({}, {"preview": "preview-77"}, {"messages": messages}):
        with pytest.raises(ResponseError, match="preview"):
            await editor.ask("streetrace/model/complete", {**sending, **wrong})
    assert len(faults.requests) == 1
    answer = await editor.execute("streetrace.prompt.preview", {"messages": []})
    assert "takes a list with at least one message" in answer["message"]
