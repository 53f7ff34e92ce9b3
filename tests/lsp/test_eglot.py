"""Emacs without our ``streetrace.el``: an edit could overwrite lines that no server ever saw.

So edits come only in answer to a code action of the very document, while no key is read.
"""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.chatting import begun, new_chat
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot, EglotAlone
from lsp.machine import Launch, Machine
from lsp.sample import (
    ABOVE,
    BLOCK,
    FIXED,
    START,
    TEXT,
    WRONG,
    apply_result,
    configuration,
    fixing,
    opened,
    told,
)

KEYS = "typed = 1\n"
ANSWER = "It adds, “€” é 😀.\n"
TWO_FILES = f"""{BLOCK}
other.py
<<<<<<< SEARCH
one
=======
two
>>>>>>> REPLACE
"""


async def fixed(
    launch: Launch, machine: Machine, faults: FaultServer, reply: str = BLOCK
) -> tuple[EglotAlone, Document, dict[str, object]]:
    """Emacs, after *Fix* has ended."""
    faults.script(Reply(text=reply))
    editor, document = await opened(launch, machine, faults, EglotAlone)
    assert isinstance(editor, EglotAlone)
    return editor, document, await editor.finished(await fixing(editor, document))


async def test_the_result_waits_until_it_is_asked_for(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, ending = await fixed(launch, machine, faults)
    assert ending["state"] == "proposed"
    assert editor.edits == []
    await told(editor, ending)
    assert "Choose the code action “Streetrace: Apply result”" in str(ending["message"])
    assert (await apply_result(editor, document))["state"] == "applied"
    assert document.text == FIXED


async def test_keys_that_are_pressed_while_the_result_comes_are_kept(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, _ = await fixed(launch, machine, faults)
    editor.delays = True
    editor.type(document, NOTHING["start"], ABOVE)
    editor.interject = lambda: editor.type(document, NOTHING["start"], KEYS)
    offered = await editor.actions(document, document.span(START, "naïve"))
    job = (await editor.run(offered["Streetrace: Apply result"]))["job"]
    assert editor.interject is None, "the command was answered before the edit was there"
    assert document.text == KEYS + ABOVE + FIXED
    editor.clock.advance(0.5)
    assert (await editor.finished(job))["state"] == "applied"
    assert document.text == KEYS + ABOVE + FIXED


async def test_typing_inside_that_was_not_told_is_kept(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, _ = await fixed(launch, machine, faults)
    editor.delays = True
    mine = WRONG.replace("width + height", "width - height")
    editor.replace(document, WRONG, mine)
    ending = await apply_result(editor, document)
    assert ending["state"] == "refused"
    assert document.text == TEXT.replace(WRONG, mine)
    assert editor.edits == []


async def test_a_result_that_is_asked_for_in_another_buffer_stays(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    """Only the buffer at hand was told of."""
    editor, document, ending = await fixed(launch, machine, faults)
    other = editor.open(machine.write("other.py", "one\n"))
    await editor.actions(other, NOTHING)
    editor.delays = True
    editor.replace(document, WRONG, "mine\n")
    await editor.actions(other, NOTHING)
    job = (await editor.execute("streetrace.apply", {"proposal": ending["proposal"]}))["job"]
    refused = await editor.finished(job)
    assert refused["state"] == "refused"
    assert "app.py only by a code action in it" in str(refused["message"])
    assert editor.edits == []
    assert document.text == TEXT.replace(WRONG, "mine\n")


async def test_a_result_for_several_files_stays_as_a_whole(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=TWO_FILES))
    editor, document = await opened(launch, machine, faults, EglotAlone)
    other = editor.open(machine.write("other.py", "one\n"))
    ending = await editor.finished(await fixing(editor, document))
    if ending["state"] != "proposed":
        pytest.fail(str(ending))
    refused = await apply_result(editor, document)
    assert refused["state"] == "refused"
    assert "streetrace.el" in str(refused["message"])
    assert (document.text, other.text) == (TEXT, "one\n")


async def test_undo_of_a_change_comes_with_its_command(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, _ = await fixed(launch, machine, faults)
    await apply_result(editor, document)
    editor.delays = True
    editor.interject = lambda: editor.type(document, NOTHING["start"], KEYS)
    offered = await editor.actions(document, document.span("élégant"))
    job = (await editor.run(offered["Streetrace: Undo this change"]))["job"]
    assert document.text == KEYS + TEXT
    editor.clock.advance(0.5)
    assert (await editor.finished(job))["state"] == "applied"


async def test_an_answer_of_a_chat_waits_until_it_is_asked_for(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=ANSWER))
    editor = await launch(EglotAlone)
    assert isinstance(editor, EglotAlone)
    chat = await new_chat(editor)
    job = await begun(editor, chat, "What is it?")
    ending = await editor.finished(job)
    assert ending["state"] == "proposed"
    assert editor.edits == []
    editor.delays = True
    editor.type(chat, NOTHING["start"], ABOVE)
    offered = await editor.actions(chat, NOTHING)
    editor.interject = lambda: editor.type(chat, NOTHING["start"], KEYS)
    job = (await editor.run(offered["Streetrace: Show answer"]))["job"]
    editor.clock.advance(0.5)
    assert (await editor.finished(job))["state"] == "applied"
    assert chat.text.startswith(KEYS + ABOVE)
    assert ANSWER in chat.text


@pytest.mark.parametrize("kind", [Eglot, EglotAlone])
async def test_trust_is_asked_for_when_emacs_has_left_the_command(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text=ANSWER))
    machine.configure(configuration(faults), trusted=False)
    path = machine.write("app.py", TEXT)
    editor = await launch(kind)
    document = editor.open(path)
    editor.window.answer = "Trust"
    ending = await editor.finished(
        await editor.begin(document, document.span(START, "naïve"), "Streetrace: Explain")
    )
    assert ending["state"] == "answered"
    assert len(editor.window.questions) == 1


@pytest.mark.parametrize("kind", [Eglot, EglotAlone])
async def test_a_command_that_asks_does_not_make_emacs_wait(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    """Eglot gives a command up after 10 seconds, and its question with it."""
    editor, document = await opened(launch, machine, faults, kind)
    await editor.execute("streetrace.model", {"uri": document.uri})
    await editor.until("the question", lambda: editor.window.questions)
    assert "Which one from now on?" in editor.window.questions[0]["message"]


async def test_what_is_typed_behind_an_emoji_is_sent_as_it_was_typed(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    """Eglot counts in code points (utf-32), in which 😀 is one."""
    faults.script(Reply(text=ANSWER))
    line = 'a = "😀😀"; b = 1\n'
    editor, document = await opened(launch, machine, faults, Eglot, line)
    editor.type(document, document.after("b = "), "2 + ")
    job = await editor.begin(document, document.span("b = 2"), "Streetrace: Explain")
    assert (await editor.finished(job))["state"] == "answered"
    assert 'a = "😀😀"; b = 2 + 1\n' in faults.requests[-1].json["messages"][-1]["content"]


async def test_code_comes_in_behind_an_emoji_where_the_cursor_was(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="```py\nc + \n```\n"))
    line = 'a = "😀😀"; b = 1\n'
    editor, document = await opened(launch, machine, faults, Eglot, line)
    chat = await new_chat(editor)
    await editor.finished(await begun(editor, chat, "And c?"))
    target = {"uri": document.uri, "position": document.after("b = ")}
    answer = await editor.execute("streetrace.chat.insert", {"uri": chat.uri, "target": target})
    assert (await editor.finished(answer["job"]))["state"] == "applied"
    assert document.text == 'a = "😀😀"; b = c + 1\n'


@pytest.mark.parametrize("kind", [Eglot, EglotAlone])
async def test_any_number_of_models_is_a_question(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    """A page of ours belongs to no server in Emacs, so nothing could be chosen on it."""
    models = ", ".join(f'm{number} = "m{number}"' for number in range(9))
    machine.configure_user(
        'model = "local/m0"\n[backends.local]\nprovider = "ollama"\n'
        f'api_base = "{faults.base}"\nmodels = {{ {models} }}\n'
    )
    editor = await launch(kind)
    editor.window.answer = "local/m8"
    editor.open(machine.write("app.py", TEXT))
    await editor.execute("streetrace.model", {})
    await editor.until("the question", lambda: editor.window.questions)
    offered = [one["title"] for one in editor.window.questions[-1]["actions"]]
    assert offered == [*(f"local/m{number}" for number in range(9)), "As configured"]
    await editor.until("the answer", lambda: "local/m8 answers" in " ".join(editor.window.messages))
    assert editor.window.documents == []
