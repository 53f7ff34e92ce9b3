"""The same session under six clients that behave differently, and one result."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import (
    BLOCK,
    FIXED,
    START,
    TEXT,
    apply_result,
    configuration,
    fenced,
    fixing,
    opened,
)

OFFERED = {
    "Streetrace: Explain",
    "Streetrace: Fix",
    "Streetrace: Refactor",
    "Streetrace: Simplify",
    "Streetrace: Document",
    "Streetrace: Add types",
    "Streetrace: Write tests",
}


async def fix(editor: Editor, document: Document) -> dict[str, object]:
    """*Fix* to its end, as the person at this editor sees it through."""
    job = await fixing(editor, document)
    if isinstance(editor, Kate):
        editor.clock.advance(2.5)
    ending = await editor.finished(job)
    if isinstance(editor, Kate):
        assert ending["state"] == "proposed"
        return await apply_result(editor, document)
    return ending


def touched(editor: Editor) -> list[tuple[int, int]]:
    """The lines that the edits of the server replaced: first, and the one after the last."""
    ranges = [
        edit["range"]
        for params, _ in editor.edits
        for change in params["edit"]["documentChanges"]
        for edit in change["edits"]
    ]
    return [(place["start"]["line"], place["end"]["line"]) for place in ranges]


@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("kind", SIX)
async def test_select_fix_explain_undo(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], eol: str
) -> None:
    text, fixed = TEXT.replace("\n", eol), FIXED.replace("\n", eol)
    faults.script(Reply(text=BLOCK), Reply(text="# Why\n\nIt adds, é 😀."))
    machine.configure(configuration(faults))
    editor = await launch(kind)
    document = editor.open(machine.write("app.py", text))
    selection = document.span(START, "naïve")
    assert set(await editor.actions(document, selection)) >= OFFERED
    cursor = {"start": selection["start"], "end": selection["start"]}
    assert await editor.actions(document, cursor, automatic=True) == {}
    assert "Streetrace: Fix" in await editor.actions(document, cursor)

    line = document.before("    return width +")["line"]
    ending = await fix(editor, document)
    assert ending["state"] == "applied", ending
    assert document.on_disk() == fixed
    assert touched(editor) == [(line, line + 1)]
    editor.save(document)
    assert document.path.read_bytes() == fixed.encode()

    job = await editor.begin(document, selection, "Streetrace: Explain")
    assert (await editor.finished(job))["state"] == "answered"
    shown = [text for _, text in editor.window.documents] + editor.window.messages
    assert any("It adds, é 😀." in text for text in shown)
    assert document.on_disk() == fixed

    editor.undo(document)
    assert document.on_disk() == text


@pytest.mark.parametrize("kind", [VSCode, Kate])
async def test_a_fenced_selection_is_replaced(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure_user(configuration(faults).replace("search-replace", "selection"))
    faults.script(Reply(text=fenced()))
    editor = await launch(kind)
    document = editor.open(machine.write("app.py", TEXT))
    ending = await fix(editor, document)
    assert ending["state"] == "applied", ending
    assert document.text == FIXED


async def test_the_same_through_litellm(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults, "openai"))
    faults.script(Reply(text=BLOCK))
    editor = await launch(VSCode, variables={"OPENAI_API_KEY": "sk-of-this-test"})
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "applied", ending
    assert document.text == FIXED
    assert faults.requests[-1].path == "/v1/chat/completions"


@pytest.mark.parametrize("kind", [VSCode, Bare])
async def test_a_diagnostic_is_fixed_by_a_quick_fix(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, kind)
    where = document.span("width + height")
    message = "operands look wrong"
    diagnostic = {"range": where, "message": message, "severity": 1, "source": "checker"}
    at = {"start": where["start"], "end": where["start"]}
    offered = await editor.actions(
        document, at, diagnostics=[diagnostic], automatic=True, only=["quickfix"]
    )
    (title,) = offered
    assert message in title
    job = (await editor.run(offered[title]))["job"]
    await editor.finished(job)
    assert message in faults.requests[-1].body.decode()


# Commands whose very use is to ask the configured models something.
ASKING = {"streetrace.doctor", "streetrace.backend.test"}


async def test_every_command_says_something_useful_without_arguments(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, Helix)
    commands = editor.conformity.commands
    assert commands >= {
        "streetrace.action",
        "streetrace.cancel",
        "streetrace.apply",
        "streetrace.show",
        "streetrace.trust",
    }
    for command in sorted(commands - ASKING):
        opened_before = len(editor.window.documents)
        answer = await editor.execute(command)
        # A document that opens says all there is to say.
        if len(editor.window.documents) == opened_before:
            assert answer.get("message"), command
            assert answer["message"] in editor.window.messages
    assert faults.requests == []
    # The one backend that there is.
    for command in sorted(ASKING):
        ending = await editor.finished((await editor.execute(command))["job"])
        assert ending["message"], command
    assert document.text == TEXT


async def test_a_command_is_answered_while_the_model_still_writes(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK, hold_after=2))
    editor, document = await opened(launch, machine, faults, Helix)
    job = await fixing(editor, document)
    await faults.until(lambda: faults.held > 0)
    assert editor.window.final(job) is None
    editor.clock.advance(25)  # Helix would have given up the command by now
    faults.release()
    assert (await editor.finished(job))["state"] == "applied"
    assert document.text == FIXED
