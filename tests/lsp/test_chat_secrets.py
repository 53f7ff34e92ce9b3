"""No secret in what is asked in a chat or by a program; and Apply puts each one back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import asked, new_chat
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.test_secrets import (
    ALL,
    DIFF,
    DOTENV,
    RULES,
    SOURCE,
    TEXT,
    TOKEN,
    WIRES,
    WORDS,
    assert_nothing_arrived,
    finished,
    git,
    started,
)


@pytest.mark.parametrize("wire", WIRES)
async def test_a_chat(launch: Launch, machine: Machine, faults: FaultServer, wire: str) -> None:
    machine.write(".env", f"TOKEN={DOTENV}\n")
    machine.write("rules.md", f"Call with {RULES}.\n")
    machine.write("new.py", "TOKEN = 1\n")
    git(machine, "init", "-q")
    git(machine, "add", "new.py")
    git(machine, "-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-qm", "x")
    machine.write("new.py", f'TOKEN = "{DIFF}"\n')
    editor, _ = await started(launch, machine, faults, wire)
    chat = await new_chat(editor)
    token = "WITHHELD_SECRET_0002"
    faults.script(Reply(text=f"app.py\n```python\nKEY = '{token}'\n```\n"))
    words = f"Not with {WORDS}: @file app.py, @file rules.md, @diff, @open\n"
    done = await asked(editor, chat, words)
    assert done["state"] == "answered", done
    assert_nothing_arrived(faults)
    assert "withheld: a secret in turn 1 (line 1: " in chat.text
    assert "2 secrets in File app.py (lines 3, 7: " in chat.text
    assert "a secret in What changed since the last commit" in chat.text
    # The conversation goes on, with the answer in it.
    faults.script(Reply(text="Yes."))
    await asked(editor, chat, "Sure? @file app.py\n")
    assert_nothing_arrived(faults)
    # No place-holder is put where a secret belongs: that of another file neither.
    source = editor.open(machine.root / "app.py")
    answer = await editor.execute("streetrace.chat.apply", {"uri": chat.uri})
    assert "a secret that was withheld" in answer["message"]
    assert source.text == TEXT
    refused = await asked(editor, chat, "And @file .env\n")
    assert refused["state"] == "refused", refused
    assert_nothing_arrived(faults)


def changed(key: str) -> str:
    """An answer that changes the line below a secret, which it has to repeat."""
    return (
        "app.py\n```python\n<<<<<<< SEARCH\n"
        f'    key = "{key}"\n    return api.cal(key)\n=======\n'
        f'    key = "{key}"\n    return api.call(key)\n>>>>>>> REPLACE\n```\n'
    )


async def applied(editor: Editor, chat: Document) -> dict[str, Any]:
    return await finished(editor, "streetrace.chat.apply", {"uri": chat.uri})


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["LF", "CRLF"])
async def test_apply_in_a_chat_leaves_a_secret_as_it_was(
    launch: Launch, machine: Machine, faults: FaultServer, wire: str, eol: str
) -> None:
    editor, _ = await started(launch, machine, faults, wire)
    text = TEXT.replace("\n", eol)
    source = editor.open(machine.write("other.py", text))
    chat = await new_chat(editor)
    # The first is that of the question.
    answer = changed("WITHHELD_SECRET_0003").replace("app.py", "other.py")
    faults.script(Reply(text=answer), Reply(text="You're welcome."))
    await asked(editor, chat, f"@file other.py, not with {WORDS}\n")
    # What follows changes nothing of what the place-holders of that answer stand for.
    await asked(editor, chat, f"And {RULES}, {DIFF}?\n")
    assert_nothing_arrived(faults)
    done = await applied(editor, chat)
    assert done["state"] == "applied", done
    assert source.text == text.replace("api.cal(", "api.call(")
    assert SOURCE not in chat.text


async def test_apply_knows_a_secret_again_after_a_restart(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await started(launch, machine, faults, "ollama")
    chat = await new_chat(editor)
    faults.script(Reply(text=changed(TOKEN)))
    await asked(editor, chat, "See @file app.py\n")
    await editor.stop()
    (kept,) = (machine.state / "stand-ins").glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert SOURCE not in kept.read_text("utf-8")
    # The file has another secret above by now, which has no place-holder.
    text = f'OTHER = "{DIFF}"\n{TEXT}'
    machine.write("app.py", text)
    path, written = machine.root / ".streetrace" / "chats" / "chat-1.md", chat.text
    path.write_text(written, "utf-8")
    editor = await launch(VSCode)
    chat, source = editor.open(path), editor.open(machine.root / "app.py")
    assert (await applied(editor, chat))["state"] == "applied"
    assert source.text == text.replace("api.cal(", "api.call(")
    # A secret that is nowhere any more is not made up.
    editor.replace(source, f'    key = "{SOURCE}"', f'    key = "{DIFF}"')
    editor.replace(source, f'KEY = "{SOURCE}"', f'KEY = "{DIFF}"')
    told = await editor.execute("streetrace.chat.apply", {"uri": chat.uri})
    assert "not applied" in told["message"]


async def test_each_place_holder_means_what_it_did_in_its_answer(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, source = await started(launch, machine, faults, "ollama")
    other = editor.open(machine.write("other.py", TEXT.replace(SOURCE, DIFF)))
    chats = [await new_chat(editor), await new_chat(editor)]
    for chat, name in zip(chats, ("app.py", "other.py"), strict=True):
        faults.script(Reply(text=changed(TOKEN).replace("app.py", name)))
        await asked(editor, chat, f"See @file {name}\n")
    for chat in chats:
        assert (await applied(editor, chat))["state"] == "applied"
    assert source.text == TEXT.replace("api.cal(", "api.call(")
    assert other.text == TEXT.replace("api.cal(", "api.call(").replace(SOURCE, DIFF)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            'app.py\n```python\n<<<<<<< SEARCH\nKEY = "{0}"\n=======\n>>>>>>> REPLACE\n```\n',
            "removes",
        ),
        (
            'app.py\n```python\n<<<<<<< SEARCH\nimport api\n=======\nimport api\nX = "{0}"\n'
            ">>>>>>> REPLACE\n```\n",
            "second place",
        ),
        (
            "app.py\n```python\n<<<<<<< SEARCH\nimport api\n=======\nimport api\n"
            'X = "WITHHELD_SECRET_0099"\n>>>>>>> REPLACE\n```\n',
            "a place-holder",
        ),
        ('new.py\n```python\nX = "{0}"\n```\n', "place"),
    ],
    ids=["removed", "in a second place", "made up", "in a new file"],
)
async def test_a_code_block_that_does_not_keep_a_secret_changes_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, answer: str, why: str
) -> None:
    editor, source = await started(launch, machine, faults, "ollama")
    chat = await new_chat(editor)
    faults.script(Reply(text=answer.format(TOKEN)))
    await asked(editor, chat, "See @file app.py\n")
    told = await editor.execute("streetrace.chat.apply", {"uri": chat.uri})
    assert why in told["message"]
    assert SOURCE not in told["message"]
    assert source.text == TEXT
    made = await editor.execute("streetrace.chat.create", {"uri": chat.uri, "path": "made.py"})
    assert "place-holder" in made["message"]
    assert not (machine.root / "new.py").exists()


@pytest.mark.parametrize("wire", WIRES)
async def test_what_a_program_asks(
    launch: Launch, machine: Machine, faults: FaultServer, wire: str
) -> None:
    editor, _ = await started(launch, machine, faults, wire)
    call = {"id": "call_1", "name": "read", "arguments": json.dumps({"key": SOURCE, "é": 'a"b'})}
    tool = {
        "name": "read",
        "description": f"Reads with {RULES}.",
        "parameters": {
            "type": "object",
            "properties": {"name": {"type": "string", "default": DIFF}},
        },
    }
    messages = [
        {"role": "system", "content": f"Call with {RULES}."},
        {
            "role": "user",
            "content": [{"type": "text", "text": TEXT}, {"type": "text", "text": WORDS}],
        },
        {"role": "assistant", "content": None, "toolCalls": [call]},
        {"role": "tool", "toolCallId": "call_1", "content": f"TOKEN={DOTENV}\n"},
    ]
    faults.script(Reply(text=f"With {TOKEN}."))
    given = {"version": 1, "messages": messages, "tools": [tool]}
    found = await editor.ask("streetrace/model/complete", given)
    assert_nothing_arrived(faults)
    sent = json.dumps(faults.requests[-1].json, ensure_ascii=False)
    assert '\\"b' in sent
    assert '"name": "read"' in sent
    # A reply shows the place-holder, and the program can see what it stands for.
    assert found["text"] == f"With {TOKEN}."
    assert found["placeholders"] == {TOKEN: RULES}
    said = " ".join(found["withheld"])
    for name in ("message 1", "message 2, part 2", "message 3, call 1", "message 4", "tool read."):
        assert f"a secret in {name}" in said
    assert "2 secrets in message 2, part 1 (lines 3, 7: " in said
    for secret in ALL:
        assert secret not in said


async def test_arguments_that_would_be_broken_are_not_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await started(launch, machine, faults, "openai")
    # What looks like the password ends in the middle of an escape.
    arguments = json.dumps({"password": 'g7Kp2wXz"q9Lm4vRt'})
    call = {"id": "call_1", "name": "read", "arguments": arguments}
    messages = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": None, "toolCalls": [call]},
        {"role": "tool", "toolCallId": "call_1", "content": "-"},
    ]
    with pytest.raises(ResponseError, match="a call of read hold a secret") as refused:
        await editor.ask("streetrace/model/complete", {"version": 1, "messages": messages})
    assert refused.value.data["kind"] == "refused"
    assert faults.requests == []
