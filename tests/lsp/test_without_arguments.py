"""Commands from a list, as Helix runs them: what they mean, and how a choice is made on a page."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.helix import Helix
from lsp.clients.window import path_of
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, opened


def two(faults: FaultServer) -> str:
    return (
        'model = "local/one"\n\n[backends.local]\nprovider = "ollama"\n'
        f'api_base = "{faults.base}"\nmodels = {{ one = "demo", two = "demo" }}\n\n'
        f'[backends.other]\nprovider = "ollama"\napi_base = "{faults.base}"\nmodel = "demo"\n'
    )


async def page(editor: Editor, command: str, *given: object) -> Document:
    """The page that a command opens, opened as an editor does."""
    before = len(editor.window.documents)
    answer = await editor.execute(command, *given)
    assert "on the page" in answer["message"]
    assert answer["message"] in editor.window.messages
    await editor.until("a page", lambda: len(editor.window.documents) > before)
    uri, text = editor.window.documents[-1]
    shown = editor.open(path_of(uri))
    for title in await editor.actions(shown, NOTHING):
        assert f"- {title}\n" in text, "the page names what can be chosen"
    return shown


async def test_an_action_is_chosen_for_the_lines_that_were_asked_about_last(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, Helix)
    lines = document.span("width + height")
    at = {"start": lines["start"], "end": lines["start"]}
    await editor.actions(document, at)
    editor.type(document, NOTHING["start"], "# above\n")
    shown = await page(editor, "streetrace.action")
    assert "About `app.py`, line" in shown.text
    offered = await editor.actions(shown, NOTHING)
    ending = await editor.finished((await editor.run(offered["Streetrace: Fix"]))["job"])
    assert ending["state"] == "applied", ending
    assert document.text == f"# above\n{FIXED}"


async def test_where_nothing_was_asked_about_it_is_the_whole_document(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults, Helix)
    shown = await page(editor, "streetrace.prompt.preview")
    assert "About all of `app.py`" in shown.text
    offered = await editor.actions(shown, NOTHING)
    answer = await editor.run(offered["Streetrace: Preview Explain"])
    assert TEXT in answer["messages"][-1]["content"]
    assert faults.requests == []


async def test_a_comparison_is_of_the_configured_models(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(two(faults))
    editor = await launch(Helix)
    editor.open(machine.write("app.py", TEXT))
    shown = await page(editor, "streetrace.compare")
    assert "Each is asked: local/one, local/two, other/" in shown.text
    offered = await editor.actions(shown, NOTHING)
    ending = await editor.finished(
        (await editor.run(offered["Streetrace: Compare Explain"]))["job"]
    )
    assert "3 of 3 answered" in ending["message"]


async def test_a_backend_or_a_model_to_fetch_is_chosen(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(two(faults))
    editor = await launch(Helix)
    editor.open(machine.write("app.py", TEXT))
    shown = await page(editor, "streetrace.backend.test")
    offered = await editor.actions(shown, NOTHING)
    assert list(offered) == [
        "Streetrace: Test local",
        "Streetrace: Test other",
        "Streetrace: Test all of them",
    ]
    ending = await editor.finished((await editor.run(offered["Streetrace: Test other"]))["job"])
    assert ending["state"] == "answered"
    shown = await page(editor, "streetrace.model.pull")
    offered = await editor.actions(shown, NOTHING)
    assert list(offered) == ["Streetrace: Pull demo for local", "Streetrace: Pull demo for other"]
    faults.script(Reply(text="x"))
    ending = await editor.finished(
        (await editor.run(offered["Streetrace: Pull demo for other"]))["job"]
    )
    assert ending["message"] == "demo is there: other/demo."


async def test_more_models_than_a_question_holds_are_chosen_on_a_page(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    names = ", ".join(f'm{number} = "demo"' for number in range(9))
    machine.configure(
        f'model = "local/m0"\n\n[backends.local]\nprovider = "ollama"\n'
        f'api_base = "{faults.base}"\nmodels = {{ {names} }}\n'
    )
    editor = await launch(Helix)
    editor.open(machine.write("app.py", TEXT))
    shown = await page(editor, "streetrace.model")
    assert "The model here is local/m0." in shown.text
    offered = await editor.actions(shown, NOTHING)
    answer = await editor.run(offered["Streetrace: local/m8"])
    assert answer["current"] == "local/m8"
    back = await editor.run(offered["Streetrace: As configured"])
    assert back["current"] == "local/m0"


async def test_the_chat_used_last_is_meant_and_not_the_one_opened_last(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults, Helix)
    chats = [
        editor.open(path_of((await editor.execute("streetrace.chat.new"))["uri"])) for _ in range(2)
    ]
    editor.type(chats[0], {"line": len(chats[0].text.split("\n")) - 1, "character": 0}, "Why?")
    await editor.finished((await editor.execute("streetrace.chat.send"))["job"])
    assert "Why?" in str(faults.requests[-1].json)
    assert "## Assistant" in chats[0].text
    await editor.actions(chats[1], NOTHING)
    assert "write" in (await editor.execute("streetrace.chat.send"))["message"].lower()


async def test_a_client_without_pages_is_told_in_a_message(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults, Bare)
    said = await editor.execute("streetrace.model.pull")
    assert "Pass “model”" in said["message"]
    assert said["message"] in editor.window.messages


@pytest.mark.parametrize("command", ["streetrace.action", "streetrace.prompt.preview"])
async def test_without_any_document_it_says_what_to_do(
    launch: Launch, machine: Machine, command: str
) -> None:
    editor = await launch(Helix)
    assert "Select code" in (await editor.execute(command))["message"]
