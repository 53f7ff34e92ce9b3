"""Every change of an applied edit can be kept or undone alone, whatever the editor does."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer
from lsp.clients.editor import Editor
from lsp.clients.six import SIX
from lsp.machine import Launch, Machine
from lsp.reviewing import A, A1, A2, A3, A4, A_DONE, B_DONE, C_DONE, choose, reviewing, with_changes


@pytest.mark.parametrize("kind", SIX)
async def test_keep_one_and_undo_one(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, b, c = await reviewing(launch, machine, faults, kind)
    await choose(editor, a, "    return 10", "Keep this change")
    assert a.text == A_DONE
    await choose(editor, a, '    """Two', "Undo this change")
    assert a.text == with_changes(A, A1, A3, A4)
    assert (b.text, c.text) == (B_DONE, C_DONE)
