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


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (True, "you accepted none of its changes"),
        (False, "it was discarded, or the editor could not apply it"),
    ],
)
async def test_what_the_person_discards_is_kept_whatever_the_editor_says(
    launch: Launch, machine: Machine, faults: FaultServer, says: bool, why: str
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(VSCode)
    assert isinstance(editor, VSCode)
    editor.discards, editor.says = True, says
    a, b, c, ending = await previewing(launch, machine, faults, editor)
    assert (ending["state"], a.text, b.text, c.text) == ("proposed", A, B, C)
    assert why in str(ending["message"])
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


def _discarding_b(editor: VSCode) -> None:
    """The person closes the preview of the second document, and only that."""

    def second() -> None:
        editor.discards = True
        editor.interject = third

    def third() -> None:
        editor.discards = False

    def first() -> None:
        editor.interject = second

    editor.interject = first


@pytest.mark.parametrize("why", ["discarded", "read-only", "changed"])
async def test_a_document_of_which_nothing_was_accepted_is_kept(
    launch: Launch, machine: Machine, faults: FaultServer, why: str
) -> None:
    machine.configure_user(PREVIEW + configuration(faults))
    editor = await launch(VSCode)
    assert isinstance(editor, VSCode)
    path = machine.write("lib/b.py", B)
    said = {
        "discarded": "lib/b.py: you accepted none of its changes",
        "read-only": "lib/b.py: the buffer is read-only",
        "changed": "kept: lib/b.py has changed in the same place meanwhile",
    }[why]
    if why == "discarded":
        _discarding_b(editor)
    elif why == "read-only":
        editor.locked.add(path.as_uri())
    else:
        editor.interject = lambda: editor.replace(editor.open(path), "return 1", "return 111")
    a, b, c, ending = await previewing(launch, machine, faults, editor)
    assert (a.text, c.text) == (A_DONE, C_DONE)
    assert b.text == (B.replace("return 1", "return 111") if why == "changed" else B)
    assert ending["state"] == "applied"
    assert "6 of 8 changes in a.py, lib/c.py" in str(ending["message"])
    assert said in str(ending["message"])
    assert "Apply result" in str(ending["message"])
    editor.locked.clear()
    if why == "changed":
        editor.undo(b)
    assert ending["proposal"]
    await apply_result_at_b(editor, b)
    assert (a.text, b.text, c.text) == (A_DONE, B_DONE, C_DONE)


async def apply_result_at_b(editor: Editor, b: Document) -> None:
    """Choose *Apply result* in the second document."""
    offered = await editor.actions(b, b.span("def b1"))
    job = (await editor.run(offered["Streetrace: Apply result"]))["job"]
    assert (await editor.finished(job))["state"] == "applied"
