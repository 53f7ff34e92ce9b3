"""``review`` in the configuration: apply and review, ask first, or apply and ask nothing more."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.reviewing import (
    A2,
    A3,
    A4,
    A_DONE,
    ANSWER,
    B_DONE,
    C_DONE,
    A,
    B,
    C,
    apply_result_at,
    choose,
    reviewing,
    with_changes,
)
from lsp.sample import configuration

PREVIEW = 'review = "preview"\n'


async def previewing(
    launch: Launch, machine: Machine, faults: FaultServer, editor: Editor
) -> tuple[Document, Document, Document, dict[str, object]]:
    a, b, c = (
        editor.open(machine.write(name, text))
        for name, text in (("a.py", A), ("lib/b.py", B), ("lib/c.py", C))
    )
    faults.script(Reply(text=ANSWER))
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    return a, b, c, ending


async def test_direct_applies_and_reviews_nothing(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode, 'review = "direct"\n')
    offered = await editor.actions(a, a.span(a.text))
    assert not [title for title in offered if "change" in title]
    assert not (machine.state / "reviews").exists()


async def test_a_project_can_not_ask_for_less_care_than_its_user(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure('review = "direct"\n')
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    assert "Streetrace: Undo this change" in await editor.actions(a, a.span("return 10"))


async def test_a_project_that_nobody_trusts_may_ask_for_more_care(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    machine.configure(PREVIEW, trusted=False)
    a, _, _, ending = await previewing(launch, machine, faults, await launch(Helix))
    assert (ending["state"], a.text) == ("proposed", A)
    assert 'review = "preview"' in str(ending["message"])


async def test_without_annotations_the_result_waits_and_is_reviewed_once_applied(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(Helix)
    a, b, c, ending = await previewing(launch, machine, faults, editor)
    assert (ending["state"], a.text, b.text, c.text) == ("proposed", A, B, C)
    await apply_result_at(editor, a)
    assert (a.text, b.text, c.text) == (A_DONE, B_DONE, C_DONE)
    await choose(editor, a, "    return 10", "Undo this change")
    assert a.text == with_changes(A, A2, A3, A4)


async def test_the_editor_asks_where_it_can(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(VSCode)
    a, b, c, ending = await previewing(launch, machine, faults, editor)
    assert (ending["state"], a.text, b.text, c.text) == ("applied", A_DONE, B_DONE, C_DONE)
    assert "8 of 8 changes" in str(ending["message"])
    for params, _ in editor.edits:
        (annotation,) = params["edit"]["changeAnnotations"].values()
        assert annotation["needsConfirmation"] is True
    await choose(editor, a, "    return 10", "Undo this change")
    assert a.text == with_changes(A, A2, A3, A4)


async def test_what_the_person_discards_is_kept_though_the_editor_says_applied(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(VSCode)
    assert isinstance(editor, VSCode)
    editor.discards = True
    a, b, c, ending = await previewing(launch, machine, faults, editor)
    assert (ending["state"], a.text, b.text, c.text) == ("proposed", A, B, C)
    assert "you accepted none of its changes" in str(ending["message"])
    assert "Streetrace: Undo this change" not in await editor.actions(a, a.span(a.text))
    editor.discards = False
    await apply_result_at(editor, a)
    assert (a.text, b.text, c.text) == (A_DONE, B_DONE, C_DONE)


async def test_a_part_that_the_person_accepts_is_reviewed(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(VSCode)
    assert isinstance(editor, VSCode)
    editor.accepts = {1}
    a, b, c, ending = await previewing(launch, machine, faults, editor)
    assert a.text == with_changes(A, A2)
    assert (ending["state"], "3 of 8 changes" in str(ending["message"])) == ("applied", True)
    editor.accepts = None
    editor.type(a, NOTHING["start"], "# above\n")
    await choose(editor, a, '    """Two', "Undo all changes in all files")
    assert (a.text, b.text, c.text) == (f"# above\n{A}", B, C)


@pytest.mark.parametrize("title", ["Keep this change", "Undo this change"])
async def test_a_preview_that_an_editor_refuses_is_kept(
    launch: Launch, machine: Machine, faults: FaultServer, title: str
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(VSCode)
    editor.read_only = True
    a, _, _, ending = await previewing(launch, machine, faults, editor)
    assert (ending["state"], a.text) == ("proposed", A)
    assert "read-only" in str(ending["message"])
    assert f"Streetrace: {title}" not in await editor.actions(a, a.span(a.text))
