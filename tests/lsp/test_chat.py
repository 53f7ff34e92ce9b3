"""A chat in the editor: what is sent, what comes of typing meanwhile, and how it fails."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backends import fault_embeddings
from backends.fault_server import FaultServer, Reply
from lsp.chatting import asked, begun, new_chat, sent
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import TEXT, configuration

HEAD = "## Assistant (local/demo)\n\n"
USAGE = "> Streetrace: local/demo, 7 + 5 tokens\n\n"
COMMANDS = [
    *("send", "regenerate", "continue", "compact", "stop", "show", "fork", "open", "model"),
    *("apply", "insert", "create"),
]


def messages(faults: FaultServer, number: int = -1) -> list[dict[str, str]]:
    """What a model was sent."""
    found: list[dict[str, str]] = faults.requests[number].json["messages"]
    return found


def commit(machine: Machine, name: str) -> None:
    """Make the folder a repository of git's, with this file in it."""
    named = ("-c", "user.name=x", "-c", "user.email=x@localhost")
    for command in (("init", "-q"), ("add", name), (*named, "commit", "-qm", "x")):
        subprocess.run(["git", *command], cwd=machine.root, check=True, capture_output=True)


async def started(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor] = VSCode
) -> tuple[Editor, Document]:
    """An editor with a new chat; the user's own configuration names the model."""
    machine.configure_user(configuration(faults))
    editor = await launch(kind)
    return editor, await new_chat(editor)


def recorded(machine: Machine) -> list[tuple[object, ...]]:
    """The task, outcome, prompt tokens and cost in nano-dollars of each request."""
    with closing(sqlite3.connect(machine.state / "usage.sqlite3")) as connection:
        rows = connection.execute(
            "SELECT task, outcome, prompt_tokens, cost FROM requests ORDER BY at"
        )
        return list(rows)


async def test_every_attachment_is_sent_as_it_is_now(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", TEXT))
    machine.write("prices.py", "def round_price(cents):\n    return cents\n")
    editor.replace(source, "untouched", "touched")
    diagnostic = {"range": source.span("touched"), "message": "too\nbad", "source": "lint"}
    await editor.actions(source, source.span("touched"), diagnostics=[diagnostic])
    await asked(
        editor,
        chat,
        "See @file app.py, @selection app.py:8 and @symbol round_price; @diagnostics\n"
        "/explain\n@search round price\n```\n@file none.py\n```\n",
    )
    said = messages(faults)[-1]["content"]
    assert "File app.py:\n```python\n" + source.text + "```" in said
    assert "Lines 8 to 8 of app.py:\n```python\ndef touched() -> str:\n```" in said
    assert "Lines 1 to 2 of prices.py:\n```python\ndef round_price(cents):" in said
    assert "Diagnostics:\n```\napp.py:8: too bad\n```" in said
    assert "/explain means:\n```\nExplain this code" in said
    assert said.count("def round_price(cents)") == 1, "what two attach is sent once"


async def test_a_chat_is_about_the_very_lines_whatever_the_file_is_called(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.write("app.py", "theirs = 1\n")
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    source = editor.open(machine.write("my notes/é app.py", "first = 1\nsecond = 2\n"))
    chat = await new_chat(editor, uri=source.uri, range=source.span("second"))
    assert '@selection "my notes/é app.py:2-2"\n\n' in chat.text
    await asked(editor, chat, "What is it?")
    assert "second = 2" in messages(faults)[-1]["content"]
    # Of a file outside of the workspace folder nothing is sent, nor of its namesake inside.
    outside = machine.root.parent / "app.py"
    outside.write_text("ours = 1\n", "utf-8")
    source = editor.open(outside)
    chat = await new_chat(editor, uri=source.uri, range=source.span("ours"))
    ending = await asked(editor, chat, "What is it?")
    assert "outside of the workspace folder" in str(ending["message"])
    assert len(faults.requests) == 1


async def test_what_is_said_of_a_file_that_may_not_be_sent_is_not_sent_either(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.write(".gitignore", "private.py\n")
    editor, chat = await started(launch, machine, faults)
    for name in ("app.py", "private.py", ".env.local"):
        source = editor.open(machine.write(name, "value = hunter2x\n"))
        diagnostic = {"range": source.span("value"), "message": f"hunter2x, in {name}"}
        await editor.actions(source, source.span("value"), diagnostics=[diagnostic])
    await asked(editor, chat, "What of these: @diagnostics")
    said = messages(faults)[-1]["content"]
    assert "Diagnostics:\n```\napp.py:1: hunter2x, in app.py\n```" in said


async def test_what_is_attached_twice_is_sent_once_and_old_files_may_be_gone(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    gone = machine.write("gone.py", "gone = 1\n")
    machine.write("here.py", "here = 1\n")
    await asked(editor, chat, "See @file gone.py @file here.py")
    gone.unlink()
    await asked(editor, chat, "@file here.py again")
    content = [one["content"] for one in messages(faults)]
    assert [text.count("here = 1") for text in content] == [0, 1, 0, 0]
    assert not any("gone = 1" in text for text in content)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("@file none.py", "There is no file none.py"),
        ("@file ../outside.py", "outside of the workspace folder"),
        ("@file link.py", "outside of the workspace folder"),
        ("@file .env.local", "files of this name hold secrets"),
        ("@file .git/config", "files in .git are never sent"),
        ("@file big.txt", "larger than 256 KiB"),
        ("@file blob", "no UTF-8"),
        ("@selection app.py:900", "has no line 900"),
        ("@symbol nowhere", "no definition"),
        ("@search qwertz", "nothing in the workspace folder"),
        ("@diff", "needs a trusted project"),
        ("@selection", "needs a place"),
    ],
)
async def test_what_may_not_be_sent_stops_the_question_and_says_why(
    launch: Launch, machine: Machine, faults: FaultServer, words: str, why: str
) -> None:
    outside = machine.root.parent / "outside.py"
    outside.write_text("secret = 1\n")
    (machine.root / "link.py").symlink_to(outside)
    machine.write("app.py", TEXT)
    machine.write(".env.local", "KEY=1\n")
    machine.write(".git/config", "[core]\n")
    machine.write("big.txt", "x" * 300_000)
    (machine.root / "blob").write_bytes(b"\xff\xfe\x00")
    editor, chat = await started(launch, machine, faults)
    ending = await asked(editor, chat, f"Look at {words}")
    assert ending["state"] == "refused"
    assert why in str(ending["message"])
    question = f"# Chat\n\n## You\n\nLook at {words}\n\n"
    assert chat.text == f"{question}> Streetrace: {ending['message']}\n\n"
    assert faults.requests == []


async def test_git_runs_in_a_trusted_project_and_shows_no_secret_file(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    import subprocess

    def git(*arguments: str) -> None:
        settings = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        command = ["git", *settings, *arguments]
        subprocess.run(command, cwd=machine.root, check=True, capture_output=True)

    machine.configure(configuration(faults))
    marker = machine.root / "ran"
    source = machine.write("größe.py", "x = 1\n")
    secret = machine.write(".env", "KEY=1\n")
    git("init")
    git("add", "-A")
    git("commit", "-m", "one")
    git("config", "core.fsmonitor", f"touch {marker}; false")
    git("config", "diff.external", f"touch {marker}; false")
    source.write_text("x = 2\n")
    secret.write_text("KEY=2\n")
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    await asked(editor, chat, "What is @diff")
    said = messages(faults)[-1]["content"]
    assert "-x = 1\n+x = 2\n" in said
    assert "KEY" not in said
    assert not marker.exists()


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix, Eglot])
async def test_typing_elsewhere_and_behind_while_it_streams_is_safe(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text="one two three four", chunk=4, hold_after=1))
    editor, chat = await started(launch, machine, faults, kind)
    job = await begun(editor, chat, "Count.")
    await editor.until("the first words", lambda: chat.text.endswith("one "))
    editor.type(chat, NOTHING["start"], "above é 😀\n")
    editor.replace(chat, "Count.", "Count, please.")
    editor.type(chat, chat.position(len(chat.text)), "\n\nand typed ahead")
    editor.sync()
    faults.release()
    assert (await editor.finished(job))["state"] == "answered"
    assert chat.text == (
        "above é 😀\n# Chat\n\n## You\n\nCount, please.\n\n"
        f"{HEAD}one two three four\n\n{USAGE}## You\n\n\n\nand typed ahead"
    )


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix, Eglot])
async def test_who_types_inside_the_answer_has_the_last_word(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text="one two three four", chunk=4, hold_after=1))
    editor, chat = await started(launch, machine, faults, kind)
    job = await begun(editor, chat, "Count.")
    await editor.until("the first words", lambda: chat.text.endswith("one "))
    editor.replace(chat, "one", "1 is one")
    editor.sync()
    faults.release()
    ending = await editor.finished(job)
    assert ending["state"] == "refused"
    assert "you changed the answer" in str(ending["message"])
    assert ending["message"] in editor.window.messages
    note = "you changed the answer while it was written, so the rest was left out"
    assert chat.text == (
        f"# Chat\n\n## You\n\nCount.\n\n{HEAD}1 is one \n\n> Streetrace: {note}\n\n## You\n\n"
    )


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix, Eglot])
async def test_typing_right_before_an_edit_arrives_loses_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text="one two"))
    editor, chat = await started(launch, machine, faults, kind)
    if isinstance(editor, (Neovim, Eglot)):
        editor.delays = True
    editor.interject = lambda: editor.type(chat, NOTHING["start"], "# typed 🚀\n")
    job = await begun(editor, chat, "Count.")
    await editor.until("an edit", lambda: len(editor.edits) > 0)
    seen = 0
    while editor.window.final(job) is None:
        seen = len(editor.edits)
        editor.clock.advance(1)
        await editor.until(
            "more", lambda seen=seen: len(editor.edits) > seen or editor.window.final(job)
        )
    editor.sync()
    body = f"# Chat\n\n## You\n\nCount.\n\n{HEAD}one two\n\n{USAGE}## You\n\n"
    assert chat.text == "# typed 🚀\n" + body


async def test_an_error_is_one_line_under_the_question_and_goes_with_the_next_send(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(status=400, message="no such thing"), Reply(text="Now."))
    editor, chat = await started(launch, machine, faults)
    ending = await asked(editor, chat, "When?")
    assert ending["state"] == "failed"
    line = " ".join(str(ending["message"]).split())
    assert chat.text == f"# Chat\n\n## You\n\nWhen?\n\n> Streetrace: {line}\n\n"
    assert ending["message"] in editor.window.messages
    await sent(editor, chat, "send")
    assert chat.text == f"# Chat\n\n## You\n\nWhen?\n\n{HEAD}Now.\n\n{USAGE}## You\n\n"


async def test_a_cut_answer_stays_and_continue_writes_on_inside_its_code_block(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(
        Reply(text="So:\n\n```py\nx = 1\ny =", finish="length"), Reply(text=" 2\n```\nDone.")
    )
    editor, chat = await started(launch, machine, faults)
    await asked(editor, chat, "Code!")
    assert "> Streetrace: local stopped at its token limit." in chat.text
    assert "y =\n```\n\n> Streetrace: a code block" in chat.text
    assert (await sent(editor, chat, "continue"))["state"] == "answered"
    assert chat.text == (
        f"# Chat\n\n## You\n\nCode!\n\n{HEAD}So:\n\n```py\nx = 1\ny = 2\n```\nDone.\n\n"
        f"{USAGE}## You\n\n"
    )
    assert messages(faults)[-2]["content"].endswith("y =")


async def test_a_failed_regenerate_keeps_the_answer(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="Good."), Reply(status=400))
    editor, chat = await started(launch, machine, faults)
    await asked(editor, chat, "Well?")
    before = chat.text
    ending = await sent(editor, chat, "regenerate")
    assert ending["state"] == "failed"
    assert before.removesuffix("\n## You\n\n") in chat.text
    assert chat.text.count("Good.") == chat.text.count("## You\n") - 1 == 1


async def test_a_long_history_is_cut_from_the_oldest_and_the_chat_says_so(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    long = "".join(f"## You\n\n{n} {'word ' * 2000}\n\n{HEAD}{n} ok\n\n" for n in range(12))
    editor.type(chat, chat.before("## You"), long)
    await asked(editor, chat, "Last?")
    note = chat.text.split("> Streetrace: ")[1]
    assert "turns were not sent: local (demo) has room for" in note
    sent_now = messages(faults)
    assert sent_now[1]["role"] == "user"
    assert sent_now[-1]["content"] == "Last?"
    left_out = int(note.split()[2])
    assert len(sent_now) - 1 == 25 - left_out


async def test_compacting_keeps_the_text_and_sends_the_short_of_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="A."), Reply(text="In short: a."), Reply(text="B."))
    editor, chat = await started(launch, machine, faults)
    await asked(editor, chat, "a?")
    await sent(editor, chat, "compact")
    await asked(editor, chat, "b?")
    note = "> Streetrace: the conversation so far in short; what stands above is no longer sent\n"
    assert chat.text == (
        f"# Chat\n\n## You\n\na?\n\n{HEAD}A.\n\n{USAGE}{HEAD}In short: a.\n\n{note}{USAGE}"
        f"## You\n\nb?\n\n{HEAD}B.\n\n{USAGE}## You\n\n"
    )
    assert messages(faults)[1:] == [
        {"role": "user", "content": "What was said so far, in short:\n\nIn short: a.\n\nb?"}
    ]


async def test_a_chat_that_is_not_open_is_written_on_the_disk(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.default = Reply(text="Here.")
    editor, chat = await started(launch, machine, faults)
    editor.type(chat, chat.position(len(chat.text)), "Where?\n")
    editor.save(chat)
    editor.close(chat)
    job = (await editor.execute("streetrace.chat.send", {"uri": chat.uri}))["job"]
    assert (await editor.finished(job))["state"] == "answered"
    text = f"# Chat\n\n## You\n\nWhere?\n\n{HEAD}Here.\n\n{USAGE}## You\n\n"
    assert chat.path.read_text("utf-8") == text
    assert editor.edits == []


async def test_a_chat_is_the_same_however_its_address_is_escaped(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="one two three", chunk=4, hold_after=1))
    editor, chat = await started(launch, machine, faults)
    editor.type(chat, chat.position(len(chat.text)), "Count.\n")
    editor.save(chat)
    editor.close(chat)
    escaped = chat.uri.replace("chat-1", "chat%2D1")
    job = (await editor.execute("streetrace.chat.send", {"uri": escaped}))["job"]
    await faults.until(lambda: faults.held == 1)
    again = await editor.execute("streetrace.chat.send", {"uri": chat.uri})
    assert "An answer is being written" in again["message"]
    stopped = await editor.execute("streetrace.chat.stop", {"uri": chat.uri})
    assert stopped["cancelled"] == [job]
    assert (await editor.finished(job))["state"] == "cancelled"


async def test_a_chat_that_is_closed_meanwhile_gets_the_rest_on_the_disk(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="one two three", chunk=4, hold_after=1))
    editor, chat = await started(launch, machine, faults)
    job = await begun(editor, chat, "Count.")
    await editor.until("the first words", lambda: chat.text.endswith("one "))
    editor.save(chat)
    editor.close(chat)
    faults.release()
    assert (await editor.finished(job))["state"] == "answered"
    text = f"# Chat\n\n## You\n\nCount.\n\n{HEAD}one two three\n\n{USAGE}## You\n\n"
    assert chat.path.read_text("utf-8") == text


async def test_the_model_of_a_chat_stands_in_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    first = await editor.execute(
        "streetrace.chat.model", {"uri": chat.uri, "target": "local/other"}
    )
    await editor.finished(first["job"])
    assert chat.text.startswith("# Chat\n\n> Streetrace: model local/other\n\n## You\n\n")
    await asked(editor, chat, "Who?")
    assert "## Assistant (local/other)" in chat.text
    again = await editor.execute("streetrace.chat.model", {"uri": chat.uri, "target": None})
    await editor.finished(again["job"])
    assert chat.text.startswith("# Chat\n\n## You\n\nWho?")
    wrong = await editor.execute("streetrace.chat.model", {"uri": chat.uri, "target": "n@ n"})
    assert "message" in wrong


async def test_code_goes_to_the_cursor_or_into_a_new_file_or_over_the_selection(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", "def one():\n    return 2\n\nend = 0\n"))
    chat = await new_chat(editor, uri=source.uri, range=source.span("def one", "2\n"))
    faults.script(
        Reply(text="```python\ndef one():\n    return 1\n```\nand\n\nfile.py\n```py\nn = 1\n```\n")
    )
    await asked(editor, chat, "Fix it.")
    offered = await editor.actions(chat, chat.span("return 1"))
    assert "Streetrace: Create file.py" not in offered
    await editor.finished((await editor.run(offered["Streetrace: Apply"]))["job"])
    assert source.text == "def one():\n    return 1\n\nend = 0\n"
    await editor.actions(source, source.span("end"))
    offered = await editor.actions(chat, chat.span("n = 1"))
    await editor.finished((await editor.run(offered["Streetrace: Create file.py"]))["job"])
    assert editor.documents[(machine.root / "file.py").as_uri()].text == "n = 1\n"
    # A file that is there is never overwritten, so nobody is offered to make it.
    assert "Streetrace: Create file.py" not in await editor.actions(chat, chat.span("n = 1"))
    lenses = await editor.ask("textDocument/codeLens", {"textDocument": {"uri": chat.uri}})
    assert "Create file.py" not in {one["command"]["title"] for one in lenses}
    here = {"start": source.before("end"), "end": source.before("end")}
    await editor.actions(source, here)
    job = (await editor.execute("streetrace.chat.insert", {"uri": chat.uri, "block": 2}))["job"]
    await editor.finished(job)
    assert source.text == "def one():\n    return 1\n\nn = 1\nend = 0\n"


async def test_code_is_inserted_where_the_place_is_by_now(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", "one = 1\ntwo = 2\n😀 = 3\n"))
    faults.script(Reply(text="```py\nn = 1\n```\n"))
    await asked(editor, chat, "What?")
    here = {"start": source.before("😀"), "end": source.before("😀")}
    await editor.actions(source, here)
    editor.replace(source, "one = 1\n", "# Numbers\n\none = 1\n")
    editor.replace(source, "😀 = 3\n", "😀 = 3\nfour = 4\n")
    job = (await editor.execute("streetrace.chat.insert", {"uri": chat.uri}))["job"]
    await editor.finished(job)
    inserted = "# Numbers\n\none = 1\ntwo = 2\nn = 1\n😀 = 3\nfour = 4\n"
    assert source.text == inserted
    # Of a line that became another one nobody can say where in it the cursor was.
    middle = source.span("wo = 2")
    await editor.actions(source, middle)
    editor.replace(source, "two = 2", "too, many = 2, 3")
    answer = await editor.execute("streetrace.chat.insert", {"uri": chat.uri})
    assert "Where to?" in answer["message"]
    assert source.text == inserted.replace("two = 2", "too, many = 2, 3")


MEAN = "def mean(prices):\n    if not prices:\n        return 0\n    return sum(prices)\n\n"
TOTAL = "def total(prices):\n    for price in prices:\n        add(price)\n    return all\n"
SHORT = "def total(prices):\n    return sum(prices)\n"


@pytest.mark.parametrize("above", [MEAN, "LIMITS = {'x': 7}\nNAMES = ['y']\n", "\n"])
async def test_code_goes_over_the_very_lines_that_were_asked_about(
    launch: Launch, machine: Machine, faults: FaultServer, above: str
) -> None:
    editor, _ = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", TOTAL))
    chat = await new_chat(editor, uri=source.uri, range=source.span("def total", "all\n"))
    faults.script(Reply(text=f"```python\n{SHORT}```\n"))
    await asked(editor, chat, "Fix it.")
    editor.replace(source, TOTAL, above + TOTAL)
    job = (await editor.execute("streetrace.chat.apply", {"uri": chat.uri}))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert source.text == above + SHORT


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("LIMITS = {'x': 7}\nNAMES = ['y']\n# ÄÖ\n# ÜÉ\n", "look different"),
        (MEAN + TOTAL.replace("all", "prices"), "may be others by now"),
        (MEAN + TOTAL + TOTAL, "may be others by now"),
    ],
)
async def test_lines_that_have_become_others_are_not_replaced_unasked(
    launch: Launch, machine: Machine, faults: FaultServer, now: str, why: str
) -> None:
    editor, _ = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", TOTAL))
    chat = await new_chat(editor, uri=source.uri, range=source.span("def total", "all\n"))
    faults.script(Reply(text=f"```python\n{SHORT}```\n"))
    await asked(editor, chat, "Fix it.")
    editor.replace(source, TOTAL, now)
    answer = await editor.execute("streetrace.chat.apply", {"uri": chat.uri})
    assert why in answer["message"]
    assert source.text == now


async def test_after_a_restart_lines_are_replaced_when_the_person_agrees(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", TOTAL))
    folder = machine.write(".streetrace/chats/.gitignore", "*\n").parent
    said = (
        f"# Chat\n\n## You\n\n@selection app.py:1-4\n\nFix it.\n\n{HEAD}```python\n{SHORT}```\n\n"
    )
    (folder / "chat-9.md").write_text(said, "utf-8")
    chat = editor.open(folder / "chat-9.md")
    answer = await editor.execute("streetrace.chat.apply", {"uri": chat.uri})
    assert "may be others by now" in answer["message"]
    assert source.text == TOTAL
    offered = await editor.actions(source, source.span("def total"))
    job = (await editor.run(offered["Streetrace: Apply result"]))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert source.text == SHORT


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_says_something_useful_without_arguments(
    launch: Launch, machine: Machine, command: str
) -> None:
    editor = await launch(VSCode)
    answer = await editor.execute(f"streetrace.chat.{command}")
    assert answer["message"] in editor.window.messages
    chat = await new_chat(editor)
    given: list[Any] = [{"uri": chat.uri}, {"uri": 3}, "nonsense"]
    for one in given:
        assert await editor.execute(f"streetrace.chat.{command}", one)


async def test_a_linked_folder_is_never_written_through(
    launch: Launch, machine: Machine, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (machine.root / ".streetrace").mkdir()
    (machine.root / ".streetrace/chats").symlink_to(elsewhere)
    editor = await launch(VSCode)
    answer = await editor.execute("streetrace.chat.new")
    assert "leads elsewhere" in answer["message"]
    assert list(elsewhere.iterdir()) == []


async def test_an_untrusted_project_asks_nobody(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults), trusted=False)
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    ending = await asked(editor, chat, "Hello?")
    assert ending["state"] == "refused"
    assert faults.connections == []


async def test_only_what_fits_the_moment_is_offered(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="one two", chunk=4, hold_after=1))
    editor, chat = await started(launch, machine, faults)
    assert await editor.actions(chat, NOTHING, automatic=True) == {}
    assert "Streetrace: Send" not in await editor.actions(chat, NOTHING)
    job = await begun(editor, chat, "Count.")
    await editor.until("the first words", lambda: chat.text.endswith("one "))
    offered = await editor.actions(chat, NOTHING, automatic=True)
    assert set(offered) == {"Streetrace: Stop"}
    busy = await editor.execute("streetrace.chat.send", {"uri": chat.uri})
    assert "being written" in busy["message"]
    await editor.run(offered["Streetrace: Stop"])
    assert (await editor.finished(job))["state"] == "cancelled"
    assert chat.text.endswith(f"{HEAD}one \n\n> Streetrace: stopped\n\n## You\n\n")
    offered = await editor.actions(chat, NOTHING)
    assert {"Streetrace: Regenerate", "Streetrace: Continue"} <= set(offered)
    at_turn = await editor.actions(chat, chat.span("Count"))
    assert "Streetrace: Fork here" in at_turn


async def test_outline_folding_and_lenses_follow_the_turns(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="```py\nx = 1\n```"))
    editor, chat = await started(launch, machine, faults)
    await asked(editor, chat, "Code é 😀?")
    editor.type(chat, chat.position(len(chat.text)), "More?")
    about = {"textDocument": {"uri": chat.uri}}
    outline = await editor.ask("textDocument/documentSymbol", about)
    assert [one["name"] for one in outline] == [
        "You: Code é 😀?",
        "local/demo: ```py x = 1 ```",
        "You: More?",
    ]
    folds = await editor.ask("textDocument/foldingRange", about)
    assert [(one["startLine"], one["endLine"]) for one in folds] == [(2, 4), (6, 12), (14, 16)]
    lenses = await editor.ask("textDocument/codeLens", about)
    assert [(one["command"]["title"], one["range"]["start"]["line"]) for one in lenses] == [
        ("Send", 14),
        ("Regenerate", 6),
        ("Continue", 6),
        ("Apply", 8),
        ("Insert at cursor", 8),
    ]


async def test_completion_and_hover_in_a_question(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    source = editor.open(machine.write("app.py", TEXT))
    machine.write("src/my file.py", "y = 1\n")
    machine.write(".env", "KEY=1\n")
    await editor.actions(source, source.span("def area", "naïve"))

    async def offered(words: str) -> dict[str, str]:
        editor.replace(chat, chat.text, f"# Chat\n\n## You\n\n{words}")
        end = chat.position(len(chat.text))
        found = await editor.at("completion", chat, end)
        return {
            one["label"]: one["textEdit"]["newText"] for one in (found or {"items": []})["items"]
        }

    assert set(await offered("😀 @f")) == {"@file PATH"}
    assert await offered("@file m") == {"src/my file.py": '"src/my file.py"'}
    assert ".env" not in await offered("@file ")
    assert set(await offered("@symbol ar")) == {"area"}
    assert set(await offered("@selection ")) == {"app.py:3-5"}
    assert "/explain" in await offered("/ex")
    assert "local/demo:" in await offered("use l") or "demo:" in str(await offered("use "))
    assert await offered("plain words ") == {}
    await offered("see @file app.py now")
    shown = await editor.at("hover", chat, chat.after("see @fi"))
    assert "about" in shown["contents"]["value"]
    assert "def area" in shown["contents"]["value"]
    assert shown["range"] == chat.span("@file app.py")
    await offered("see @file .env now")
    shown = await editor.at("hover", chat, chat.after("see @fi"))
    assert "secrets" in shown["contents"]["value"]
    assert faults.requests == []


async def test_in_kate_an_answer_waits_until_it_is_asked_for(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="Here."))
    editor, chat = await started(launch, machine, faults, Kate)
    job = await begun(editor, chat, "Where?")
    editor.clock.advance(2.5)
    assert (await editor.finished(job))["state"] == "proposed"
    waiting = await editor.execute("streetrace.chat.send", {"uri": chat.uri})
    assert "Show answer" in waiting["message"]
    offered = await editor.actions(chat, NOTHING)
    assert "Streetrace: Show answer" in offered
    editor.replace(chat, "Where?", "Where else?")
    job = (await editor.run(offered["Streetrace: Show answer"]))["job"]
    ending = await editor.finished(job)
    assert "its question has changed" in str(ending["message"])
    assert "Streetrace: Show answer" not in await editor.actions(chat, NOTHING)


async def test_chats_are_listed_and_the_newest_opens(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    editor.type(chat, chat.position(len(chat.text)), "First\nquestion")
    editor.save(chat)
    answer = await editor.execute("streetrace.chat.open")
    assert [one["title"] for one in answer["chats"]] == ["First question"]
    assert editor.window.documents[-1][0] == chat.uri


async def test_a_chat_of_a_repository_can_not_choose_a_provider(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    editor.replace(chat, "## You", "> Streetrace: model anthropic/claude-x\n\n## You")
    ending = await asked(editor, chat, "Hello?")
    assert ending["state"] == "refused"
    assert "not configured" in str(ending["message"])
    assert faults.requests == []


async def test_leaving_in_the_middle_of_an_answer_ends_the_server(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="one two", chunk=4, hold_after=1))
    editor, chat = await started(launch, machine, faults)
    await begun(editor, chat, "Count.")
    await editor.until("the first words", lambda: chat.text.endswith("one "))
    seen = len(editor.edits)
    assert await editor.stop() == 0
    assert len(editor.edits) == seen
    await faults.until(lambda: all(one.closed is not None for one in faults.connections))


async def test_without_a_workspace_folder_no_file_of_the_servers_own_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, chat = await started(launch, machine, faults)
    (machine.state / "secret.json").write_text("{}", "utf-8")
    await editor.stop()
    place = machine.state / ".streetrace/chats/chat-1.md"
    place.parent.mkdir(parents=True)
    place.write_text("# Chat\n\n## You\n\nSee @file secret.json", "utf-8")
    editor = await launch(VSCode)
    chat = editor.open(place)
    ending = await sent(editor, chat, "send")
    assert "There is no file secret.json" in str(ending["message"])


async def test_a_read_only_buffer_does_not_lose_the_answer(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="Here."))
    editor, chat = await started(launch, machine, faults)
    editor.type(chat, chat.position(len(chat.text)), "Where?")
    editor.read_only = True
    ending = await sent(editor, chat, "send")
    assert ending["state"] == "proposed"
    editor.read_only = False
    offered = await editor.actions(chat, NOTHING)
    job = (await editor.run(offered["Streetrace: Show answer"]))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert chat.text == f"# Chat\n\n## You\n\nWhere?\n\n{HEAD}Here.\n\n{USAGE}## You\n\n"


async def test_a_search_goes_by_meaning_where_a_model_for_it_is_configured(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(
        configuration(faults)
        + 'embedding_model = "vectors"\n\n[defaults]\nembedding_backend = "local"\n'
    )
    for name in "abcdefg":
        machine.write(f"{name}.py", f"price = '{name}'\n")
    # The query, then the seven pieces: g means the same as the query.
    vectors = [[1.0, 0.0], *([0.0, 1.0] for _ in range(6)), [1.0, 0.1]]
    faults.script(fault_embeddings.ollama(vectors), Reply(text="Here."))
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    await asked(editor, chat, "@search price")
    assert faults.requests[0].json["input"][0] == "price"
    said = messages(faults)[-1]["content"]
    assert said.index("price = 'g'") < said.index("price = 'a'")
    assert said.count("price = '") == 6


async def test_a_search_by_meaning_is_paid_for_and_sees_no_secret(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    secret = "ghp_QRSTUV0123456789abcdefghijABCDEFGH12"
    searching = 'embedding_model = "vectors"\n\n[defaults]\nembedding_backend = "local"\n'
    prices = "[prices.vectors]\ninput = 100\noutput = 0\n[prices.demo]\ninput = 0\noutput = 0\n"
    budget = "[budget]\nday = 0.05\n"
    machine.configure_user(configuration(faults) + searching + prices + budget)
    for name in "abcdefg":
        machine.write(f"{name}.py", f"price = '{secret}'  # {name}\n")
    vectors = [[1.0, 0.0], *([0.0, 1.0] for _ in range(6)), [1.0, 0.1]]
    faults.script(fault_embeddings.ollama(vectors), Reply(text="Here."))
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    done = await asked(editor, chat, f"@search price of {secret}")
    assert done["state"] == "answered", done
    assert len(faults.requests) == 2
    assert secret.encode() not in b"".join(request.body for request in faults.requests)
    # f.py has no room among the six: only the other model was asked about it.
    withheld = str(done["withheld"])
    assert "a secret in @search (line 1" in withheld
    assert "a secret in @search: Lines 1 to 1 of f.py" in withheld
    assert recorded(machine) == [("embed", "done", 3, 300_000), ("chat", "done", 7, 0)]
    # What is left of the budget does not suffice for another search of this size.
    machine.configure_user(
        configuration(faults) + searching + prices + budget.replace("0.05", "0.01")
    )
    refused = await asked(editor, chat, "@search price")
    assert "$0.01 a day" in str(refused["message"])
    assert len(faults.requests) == 2
    assert len(recorded(machine)) == 2


async def test_a_preview_of_a_search_asks_no_model(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(
        configuration(faults)
        + 'embedding_model = "vectors"\n\n[defaults]\nembedding_backend = "local"\n'
    )
    machine.write("a.py", "price = 1\n")
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    editor.type(chat, chat.position(len(chat.text)), "@search price\n")
    seen = await editor.execute("streetrace.prompt.preview", {"uri": chat.uri})
    assert faults.connections == []
    assert "ranked by words here" in seen["notes"][0]
    faults.script(Reply(text="Here."))
    sending = {"preview": seen["preview"]}
    await editor.finished((await editor.execute("streetrace.chat.send", sending))["job"])
    (request,) = faults.requests
    assert request.json["messages"] == seen["messages"]


@pytest.mark.parametrize("words", ["@selection app.yaml:2-3", "@search prices", "@diff"])
async def test_a_piece_of_a_file_is_looked_through_as_the_kind_of_file_that_it_is_of(
    launch: Launch, machine: Machine, faults: FaultServer, words: str
) -> None:
    searching = 'embedding_model = "vectors"\n\n[defaults]\nembedding_backend = "local"\n'
    machine.configure(configuration(faults) + searching)
    machine.write("app.yaml", "prices: 1\n")
    commit(machine, "app.yaml")
    machine.write("app.yaml", "prices: 1\n# prices\npassword: hunter2x\n")
    if words.startswith("@search"):
        faults.script(fault_embeddings.ollama([[1.0, 0.0], [1.0, 0.0]]), Reply(text="Here."))
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    ending = await asked(editor, chat, f"Why? {words}")
    assert ending["state"] == "answered", ending
    assert "password: WITHHELD_SECRET_0001" in messages(faults)[-1]["content"]
    assert not any("hunter2x" in str(request.json) for request in faults.requests)


async def test_a_broken_search_model_stops_only_searches(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults) + '\n[defaults]\nembedding_backend = "local"\n')
    machine.write("a.py", "price = 1\n")
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    assert (await asked(editor, chat, "Hello?"))["state"] == "answered"
    ending = await asked(editor, chat, "@search price")
    assert ending["state"] == "failed"
    assert "embedding model" in str(ending["message"])


async def test_trust_is_asked_for_before_anything_is_attached(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults), trusted=False)
    editor = await launch(VSCode)
    editor.window.answer = "Trust"
    chat = await new_chat(editor)
    ending = await asked(editor, chat, "What is @diff")
    assert "no commit to compare with" in str(ending["message"])
    assert len(editor.window.questions) == 1
