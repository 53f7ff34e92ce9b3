"""What an editor with one line for progress and messages leaves there to read."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.neovim import Neovim
from lsp.machine import Launch, Machine
from lsp.sample import START, TEXT, configuration


@pytest.mark.parametrize("kind", [Helix, Neovim, Eglot])
async def test_the_reason_comes_after_the_end_of_the_progress(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure(configuration(faults), trusted=False)
    editor = await launch(kind)
    document = editor.open(machine.write("app.py", TEXT))
    offered = await editor.actions(document, document.span(START, "naïve"))
    ending = await editor.finished((await editor.run(offered["Streetrace: Fix"]))["job"])
    assert ending["state"] == "refused"
    await editor.stop()

    came = [line for line in editor.connection.log if line.startswith("<--")]
    ends = [place for place, line in enumerate(came) if '"kind": "end"' in line]
    reasons = [place for place, line in enumerate(came) if 'window/showMessage"' in line]
    assert len(ends) == 1
    assert ends[0] < reasons[-1], "the reason was overwritten"
