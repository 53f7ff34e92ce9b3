"""What waits for the person is there again after a restart, or is said to be gone."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from backends.fault_server import FaultServer
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.reviewing import (
    A1,
    A3,
    A4,
    A_DONE,
    B_DONE,
    A,
    B,
    choose,
    reviewing,
    with_changes,
)


def records(machine: Machine) -> list[Path]:
    """The files of the journal."""
    return sorted((machine.state / "reviews").glob("*.json"))


async def test_another_editor_goes_on_where_the_first_one_ended(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, c = await reviewing(launch, machine, faults, VSCode)
    for document in (a, b, c):
        editor.save(document)
    assert await editor.stop() == 0
    assert len(records(machine)) == 3
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in records(machine))

    a.path.write_text("# elsewhere\n" + a.path.read_text("utf-8"), "utf-8")
    second = await launch(Neovim)
    a = second.open(a.path)
    await choose(second, a, '    """Two', "Undo this change")
    assert a.text == "# elsewhere\n" + with_changes(A, A1, A3, A4)
    # The other two are not open yet.
    second.window.on_show_document = second.open
    await choose(second, a, "    return 30", "Undo all changes in all files")
    assert a.text == "# elsewhere\n" + A
    assert second.open(b.path).text == B
    await second.stop()
    assert records(machine) == []


async def test_an_edit_that_was_never_saved_is_not_applied_again(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, _ = await reviewing(launch, machine, faults, VSCode)
    editor.save(b)
    await editor.stop()
    second = await launch(VSCode)
    a, b = second.open(a.path), second.open(b.path)
    offered = await second.actions(a, a.span(a.text))
    assert "Streetrace: Undo this change" not in offered
    assert (a.text, b.text, second.edits) == (A, B_DONE, [])
    assert "Streetrace: Undo this change" in await second.actions(b, b.span("return 30"))


async def test_what_was_rewritten_elsewhere_leaves_the_review_with_one_line_in_the_log(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    editor.save(a)
    await editor.stop()
    rewritten = "# other\n" + A_DONE.replace("def a1():\n    return 10\n", "other = 1\n")
    a.path.write_text(rewritten, "utf-8")
    second = await launch(VSCode)
    a = second.open(a.path)
    await choose(second, a, '    """Two', "Undo all changes in this file")
    assert a.text == "# other\n" + A.replace("def a1():\n    return 1\n", "other = 1\n")
    lines = [line for line in second.connection.stderr if "a.py has changed elsewhere" in line]
    assert len(lines) == 1


async def test_a_journal_that_can_not_be_written_leaves_the_review_in_memory(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    (machine.state / "reviews").write_text("in the way", "utf-8")
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    await choose(editor, a, '    """Two', "Undo this change")
    assert a.text == with_changes(A, A1, A3, A4)
    await editor.stop()
    assert any("will not survive a restart" in line for line in editor.connection.stderr)


async def test_a_record_that_was_tampered_with_is_left_out(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, _ = await reviewing(launch, machine, faults, VSCode)
    editor.save(a)
    editor.save(b)
    await editor.stop()
    for path in records(machine):
        record = json.loads(path.read_text("utf-8"))
        if record["path"] == "a.py":
            record["layers"][0]["hunks"][0]["start"] += 1
            path.write_text(json.dumps(record), "utf-8")
        elif record["path"] == "lib/b.py":
            path.write_text("{", "utf-8")
    second = await launch(VSCode)
    for document in (second.open(a.path), second.open(b.path)):
        offered = await second.actions(document, document.span(document.text))
        assert "Streetrace: Undo this change" not in offered


async def test_a_document_that_is_closed_and_opened_again_goes_on(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    await choose(editor, a, "    return 10", "Keep this change")
    editor.save(a)
    editor.close(a)
    a = editor.open(a.path)
    await choose(editor, a, '    """Two', "Undo all changes in this file")
    assert a.text == with_changes(A, A1)
