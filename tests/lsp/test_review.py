"""Every change of an applied edit can be kept or undone alone, whatever the editor does."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer
from lsp.clients.editor import Editor
from lsp.clients.six import SIX
from lsp.machine import Launch, Machine
from lsp.reviewing import (
    A1,
    A3,
    A4,
    A_DONE,
    B3,
    B_DONE,
    C2,
    C_DONE,
    A,
    B,
    C,
    choose,
    reviewing,
    with_changes,
)

MINE = ("    return x * 10\n", "    return x * 10  # mine 😀\n")


@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
@pytest.mark.parametrize("kind", SIX)
async def test_eight_changes_in_three_files_and_a_restart(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], killed: bool
) -> None:
    editor, a, b, c = await reviewing(launch, machine, faults, kind)

    def texts() -> tuple[str, str, str]:
        return a.text, b.text, c.text

    await choose(editor, a, "    return 10", "Keep this change")
    await choose(editor, b, "    return 30", "Keep this change")
    await choose(editor, c, "EDGES", "Keep this change")
    assert texts() == (A_DONE, B_DONE, C_DONE)

    await choose(editor, a, '    """Two', "Undo this change")
    assert texts() == (with_changes(A, A1, A3, A4), B_DONE, C_DONE)
    await choose(editor, c, "SIDES", "Undo this change")
    assert texts() == (with_changes(A, A1, A3, A4), B_DONE, with_changes(C, C2))

    editor.replace(a, *MINE)
    await editor.actions(a, a.span("mine"))
    assert texts() == (with_changes(A, A1, A3, A4, MINE), B_DONE, with_changes(C, C2))

    await noted(editor, machine, "mine")
    await editor.restart(killed=killed)
    await choose(editor, a, "    return 30", "Undo all changes in all files")
    assert texts() == (with_changes(A, A1), with_changes(B, B3), with_changes(C, C2))

    offered = await editor.actions(a, a.span(a.text))
    assert not [title for title in offered if "change" in title]


async def noted(editor: Editor, machine: Machine, text: str) -> None:
    """Wait until the journal has what was typed last: a killed server says nothing more."""

    def written() -> bool:
        folder = machine.state / "reviews"
        return any(text in path.read_text("utf-8") for path in folder.glob("*.json"))

    while not written():
        await editor.actions(
            next(iter(editor.documents.values())),
            {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        )
