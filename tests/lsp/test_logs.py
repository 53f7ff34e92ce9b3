"""What the log says, where, and what it never says."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, TEXT, configuration, fixing


@pytest.mark.parametrize("trace", ["off", "messages", "verbose"])
async def test_the_client_gets_the_log_at_the_level_it_asks_for_and_nothing_private(
    launch: Launch, machine: Machine, faults: FaultServer, trace: str
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=BLOCK))
    editor = await launch(VSCode, variables={"STREETRACE_LOG": "debug"})
    editor.notify("$/setTrace", {"value": trace})
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "applied", ending
    await editor.stop()  # everything that it wrote is here now
    logged, errors = "\n".join(editor.window.logged), "\n".join(editor.connection.stderr)
    assert ("state=applied" in logged) == (trace != "off")
    for private in ("width + height", "width * height", "The area is a product"):
        assert private not in logged
        assert private not in errors
    assert "state=applied" in errors


async def test_without_a_selection_the_function_around_the_cursor_is_meant(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=BLOCK))
    editor = await launch(Neovim)
    document = editor.open(machine.write("app.py", TEXT))
    place = document.before("return width")
    cursor = {"start": place, "end": place}
    await editor.finished(await editor.begin(document, cursor, "Streetrace: Fix"))
    prompt = faults.requests[-1].json["messages"][-1]["content"]
    assert "Selected (lines 3 to 5):" in prompt
