"""The doctor in the editor: a page, with progress, and only where the project is trusted."""

from __future__ import annotations

import pytest

from attacks.canaries import CANARIES, CHILDREN, NETWORK, assert_no_canary, audited, listening
from backends.asking import KEY
from backends.doctoring import INTERNAL, backend
from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.editor import Editor
from lsp.clients.neovim import Neovim
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import TEXT


async def examined(editor: Editor, *given: object) -> dict[str, object]:
    answer = await editor.execute("streetrace.doctor", *given)
    return await editor.finished(answer["job"])


@pytest.mark.parametrize("kind", SIX)
async def test_what_works_and_what_does_not(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure_user(
        'model = "local"\n'
        + backend("local", "ollama", faults.base)
        + backend("team", "openai", "http://127.0.0.1:9/v1", more='api_key = "${TEAM_KEY}"')
    )
    editor = await launch(kind, variables={"TEAM_KEY": KEY})
    ending = await examined(editor)
    assert ending["state"] == "answered"
    assert ending["message"] == "Doctor: 1 of 2 answer."
    assert ending["healthy"] is False
    local, team = ending["targets"]  # type: ignore[misc]
    assert (local["answered"], team["answered"]) == (True, False)
    assert "refused the connection" in team["problem"]
    assert team["nextStep"]
    shown = editor.window.words()
    assert "## ✓ local (the default)" in shown
    assert "- key: TEAM_KEY is set" in shown
    assert "- problem: " in shown
    assert not any(word in shown for word in INTERNAL)
    assert KEY not in shown + str(ending)


async def test_it_shows_progress_and_can_be_stopped(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.default = Reply(hold_after=0)
    machine.configure_user(backend("slow", "ollama", faults.base))
    editor = await launch(VSCode)
    job = (await editor.execute("streetrace.doctor"))["job"]
    await editor.until("progress", lambda: "Waiting for slow/demo" in editor.window.words())
    editor.press_cancel()
    ending = await editor.finished(job)
    assert ending["state"] == "cancelled"
    assert editor.window.documents == []


@pytest.mark.parametrize("kind", [VSCode, Bare])
async def test_without_an_open_document_the_workspaces_own_project_is_meant(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure(backend("ours", "ollama", faults.base))
    editor = await launch(kind)
    ending = await examined(editor)
    assert ending["message"] == "Doctor: It answers."
    assert "ours/demo" in editor.window.words()


@pytest.mark.parametrize(("kind", "answer"), [(VSCode, "Not now"), (Neovim, None), (Bare, None)])
async def test_an_untrusted_project_is_not_examined(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], answer: str | None
) -> None:
    machine.configure(listening(faults), trusted=False)
    editor = await launch(kind, watched=True, variables=CANARIES)
    editor.window.answer = answer
    editor.open(machine.write("app.py", TEXT))
    ending = await examined(editor)
    assert ending["state"] == "refused"
    assert "trust" in str(ending["message"])
    await editor.stop()
    assert faults.connections == []
    assert audited(editor, "import")  # the watch is on
    assert audited(editor, *NETWORK, *CHILDREN) == []
    assert_no_canary(editor, machine)


async def test_a_project_that_is_trusted_when_asked_is_examined(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(listening(faults, "ollama"), trusted=False)
    editor = await launch(VSCode, variables=CANARIES)
    editor.window.answer = "Trust"
    document = editor.open(machine.write("app.py", TEXT))
    ending = await examined(editor, {"uri": document.uri})
    assert ending["state"] == "answered"
    assert len(faults.requests) > 0
    assert "(you trust it)" in editor.window.documents[-1][1]


async def test_a_broken_configuration_is_shown_and_nothing_is_asked(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(backend("local", "ollama", faults.base) + "temperatur = [\n")
    editor = await launch(VSCode)
    ending = await examined(editor, {"uri": 7})
    assert (ending["state"], ending["healthy"], ending["targets"]) == ("answered", False, [])
    assert "✗ config.toml:" in editor.window.documents[-1][1]
    assert faults.connections == []
