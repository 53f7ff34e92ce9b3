"""A file that an edit deleted comes back by the review's undo, also after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.reviewing import choose
from lsp.sample import configuration
from lsp.test_new_files import DELETING, FIXED, A

OLD = "# naïve 😀\x0c\nX = 1\n\nY = 2"
BACK, LEAVE = "Bring back old.py", "Leave old.py deleted"


async def deleted(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    kind: type[Editor] = VSCode,
    more: str = "",
) -> tuple[Editor, Document, Path]:
    """An editor in which an edit changed one file and deleted another."""
    machine.configure_user(more + configuration(faults))
    faults.script(Reply(text=DELETING))
    old = machine.write("old.py", OLD)
    editor = await launch(kind)
    a = editor.open(machine.write("a.py", A))
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert (ending["state"], a.text, old.exists()) == ("applied", FIXED, False), ending
    return editor, a, old


async def offered(editor: Editor, document: Document) -> set[str]:
    """The titles of what a person is offered at the top of a document who asks for it."""
    return set(await editor.actions(document, NOTHING))


@pytest.mark.parametrize("kind", [VSCode, Helix])
async def test_undoing_everything_brings_it_back(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, old = await deleted(launch, machine, faults, kind)
    await choose(editor, a, "    return w", "Undo all changes in all files")
    assert (a.text, editor.open(old).text) == (A, OLD)
    assert await offered(editor, a) & {f"Streetrace: {BACK}", "Streetrace: Next change"} == set()


async def test_it_comes_back_alone_after_a_restart(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, old = await deleted(launch, machine, faults)
    await choose(editor, a, "    return w", "Keep this change")
    await editor.restart(killed=True)
    actions = await editor.actions(a, NOTHING)
    ending = await editor.finished((await editor.run(actions[f"Streetrace: {BACK}"]))["job"])
    assert (ending["state"], ending["message"]) == ("applied", "Undone in old.py, not saved yet.")
    assert (a.text, editor.open(old).text) == (FIXED, OLD)
    assert f"Streetrace: {BACK}" not in await offered(editor, a)
    await editor.restart()
    assert f"Streetrace: {BACK}" not in await offered(editor, a)


async def test_a_file_that_shall_stay_away_leaves_the_review(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, old = await deleted(launch, machine, faults)
    actions = await editor.actions(a, NOTHING)
    await editor.run(actions[f"Streetrace: {LEAVE}"])
    assert f"Streetrace: {BACK}" not in await offered(editor, a)
    await choose(editor, a, "    return w", "Undo this change")
    assert (a.text, old.exists()) == (A, False)


async def test_it_is_shown_and_the_way_to_it_is_said(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, old = await deleted(launch, machine, faults)
    await editor.execute("streetrace.review.show", {"uri": old.as_uri()})
    shown = editor.window.documents[-1][1]
    assert "--- a/old.py" in shown
    assert "-X = 1\n" in shown
    texts = await editor.ask("streetrace/review/texts", {"version": 1, "uri": old.as_uri()})
    assert texts == {"version": 1, "before": OLD, "after": None}
    await choose(editor, a, "    return w", "Keep this change")
    answer = await editor.execute("streetrace.review.next", {})
    assert answer["message"] == f"The edit deleted old.py. “Streetrace: {BACK}” undoes that."


@pytest.mark.parametrize("text", [OLD, "mine\n"], ids=["the same", "another"])
@pytest.mark.parametrize("opens", [True, False])
async def test_a_file_that_somebody_made_again_is_left_alone(
    launch: Launch, machine: Machine, faults: FaultServer, text: str, opens: bool
) -> None:
    editor, a, old = await deleted(launch, machine, faults)
    old.write_text(text, "utf-8")
    if opens:
        mine = editor.open(old)
        assert f"Streetrace: {BACK}" not in await offered(editor, a)
        await choose(editor, a, "    return w", "Undo this change")
        assert mine.text == text
    else:
        await choose(editor, a, "    return w", "Undo all changes in all files")
        assert "old.py: it exists already" in editor.window.words()
    assert old.read_text("utf-8") == text
    assert a.text == A


async def test_in_direct_mode_nothing_is_followed(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _ = await deleted(launch, machine, faults, VSCode, 'review = "direct"\n')
    assert not {title for title in await offered(editor, a) if "old.py" in title}
