"""Two things without which Helix is no home: no code action to resolve, and exact versions.

Helix asks for a code action that has to be resolved while its whole window stands still, and it
refuses an edit for another version of a document than its own.
"""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.helix import Helix
from lsp.clients.six import SIX
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, fixing, opened

TYPED = "# typed at the last moment 🚀\n"


@pytest.mark.parametrize("kind", SIX)
async def test_no_code_action_has_to_be_resolved(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, document = await opened(launch, machine, faults, kind)
    provider = editor.server_capabilities["codeActionProvider"]
    assert provider.get("resolveProvider", False) is False
    chat = await editor.execute("streetrace.chat.new")
    toml = machine.root / "sub/.streetrace.toml"
    toml.parent.mkdir()
    toml.write_text('[backends.x]\nprovider = "olama"\n', encoding="utf-8")
    places = [
        (document, document.span("def area")),
        (editor.open(machine.root / chat["path"]), NOTHING),
        (editor.open(toml), NOTHING),
    ]
    for where, area in places:
        offered = await editor.actions(where, area)
        assert offered, where.path
        for title, action in offered.items():
            assert "data" not in action, title
            command = action.get("command")
            runs = command if isinstance(command, str) else (command or {}).get("command")
            assert runs or action.get("edit"), f"{title} does nothing by itself"


async def test_an_edit_names_the_version_it_is_for(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, Helix)
    editor.type(document, NOTHING["start"], TYPED)
    version = document.version
    await editor.finished(await fixing(editor, document))
    ((params, result),) = editor.edits
    (change,) = params["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": document.uri, "version": version}
    assert result == {"applied": True}
    assert "changes" not in params["edit"]


async def test_an_edit_that_helix_refused_is_made_for_the_text_as_it_is_and_sent_again(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, Helix)
    editor.interject = lambda: editor.type(document, NOTHING["start"], TYPED)
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "applied", ending
    assert document.text == TYPED + FIXED
    (_, refused), (_, taken) = editor.edits
    versions = [
        params["edit"]["documentChanges"][0]["textDocument"]["version"]
        for params, _ in editor.edits
    ]
    assert versions[1] == versions[0] + 1
    assert not refused["applied"]
    assert taken["applied"]


async def test_an_edit_that_helix_keeps_refusing_is_not_said_to_be_there(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, Helix)
    editor.locked.add(document.uri)
    before = document.text
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "proposed", ending
    assert document.text == before
