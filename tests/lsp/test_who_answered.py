"""After an action an editor can say who answered, what it came to, and in the model's own words."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.extension import Extension
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, START, fixing, opened

USAGE = (7, 5)


async def test_the_last_event_of_an_edit_has_its_account_and_the_models_own_words(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK, usage=USAGE))
    editor, document = await opened(launch, machine, faults, VSCode)
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "applied", ending
    assert ending["account"] == "local/demo, 7 + 5 tokens"
    assert ending["explanation"] == "The area is a product. 😀"


async def test_a_change_under_review_has_the_same(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK, usage=USAGE))
    editor, document = await opened(launch, machine, faults, Extension)
    await editor.finished(await fixing(editor, document))
    answer = await editor.ask("streetrace/review/list", {"version": 1})
    (hunk,) = answer["documents"][0]["hunks"]
    assert hunk["account"] == "local/demo, 7 + 5 tokens"
    assert hunk["explanation"] == "The area is a product. 😀"


async def test_the_page_of_an_answer_ends_with_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text="It adds.", usage=USAGE))
    editor, document = await opened(launch, machine, faults, VSCode)
    job = await editor.begin(document, document.span(START, "naïve"), "Streetrace: Explain")
    ending = await editor.finished(job)
    assert (ending["account"], ending["explanation"]) == ("local/demo, 7 + 5 tokens", "")
    (page,) = (machine.state / "answers").glob("*.md")
    said = "It adds.\n\n> Streetrace: local/demo, 7 + 5 tokens\n"
    assert page.read_text("utf-8").endswith(said)
