"""A person who types while the model writes never loses a letter."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim, UntouchedNeovim
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import (
    ABOVE,
    BELOW,
    BLOCK,
    FIXED,
    TEXT,
    apply_result,
    fixing,
    held,
    opened,
    streaming,
    told,
)

OURS, THEIRS = "width * height", "width - height"


async def begun(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> tuple[Editor, Document, str]:
    """An editor whose *Fix* is in the middle of its stream."""
    faults.script(held())
    editor, document = await opened(launch, machine, faults, kind)
    job = await fixing(editor, document)
    await streaming(editor, faults, job)
    return editor, document, job


async def both_or_the_users_alone(
    editor: Editor, document: Document, ending: dict[str, object], both: str, alone: str
) -> None:
    if ending["state"] == "applied":
        assert document.text == both
    else:
        assert document.text == alone
        await told(editor, ending)


@pytest.mark.parametrize("kind", SIX)
async def test_typing_elsewhere_survives_beside_the_fix(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)
    editor.type(document, NOTHING["start"], ABOVE)
    editor.sync()
    editor.type(document, document.position(len(document.text)), BELOW)
    editor.sync()
    faults.release()
    ending = await editor.finished(job)
    if isinstance(editor, Kate):
        ending = await apply_result(editor, document)
    assert ending["state"] == "applied", ending
    assert document.text == ABOVE + FIXED + BELOW


@pytest.mark.parametrize("kind", [Neovim, Kate])
async def test_one_coarse_change_around_the_region_is_no_conflict(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)
    editor.type(document, NOTHING["start"], ABOVE)
    editor.type(document, document.position(len(document.text)), BELOW)
    editor.sync()  # Neovim merges both lines into one change, Kate sends the whole text
    faults.release()
    ending = await editor.finished(job)
    if isinstance(editor, Kate):
        ending = await apply_result(editor, document)
    assert ending["state"] == "applied", ending
    assert document.text == ABOVE + FIXED + BELOW


@pytest.mark.parametrize("kind", SIX)
async def test_typing_inside_leaves_the_users_text_and_says_so(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)
    editor.replace(document, "width + height", THEIRS)
    users = document.text
    faults.release()
    ending = await editor.finished(job)
    if isinstance(editor, Kate):  # it tells of the typing only with the next request
        ending = await apply_result(editor, document)
    assert ending["state"] in {"proposed", "refused"}
    await told(editor, ending)
    assert document.text == users


@pytest.mark.parametrize("kind", [Neovim, UntouchedNeovim, Eglot])
async def test_a_line_above_that_was_not_sent_yet_when_the_edit_arrives(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Neovim | Eglot]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)
    assert isinstance(editor, (Neovim, Eglot))
    editor.delays = True
    editor.interject = lambda: editor.type(document, NOTHING["start"], ABOVE)
    faults.release()
    await editor.until("the edit", lambda: editor.edits)
    editor.delays = False
    editor.clock.advance(0.5)
    ending = await editor.finished(job)
    await both_or_the_users_alone(editor, document, ending, ABOVE + FIXED, ABOVE + TEXT)


@pytest.mark.parametrize("kind", [Neovim, Eglot])
async def test_typing_inside_that_was_not_sent_yet_when_the_edit_arrives(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Neovim | Eglot]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)
    assert isinstance(editor, (Neovim, Eglot))
    users = document.text.replace("width + height", THEIRS)
    editor.delays = True
    editor.interject = lambda: editor.replace(document, "width + height", THEIRS)
    faults.release()
    # Eglot refuses it with an error, which is no answer to an edit.
    await editor.until("the edit", lambda: editor.edits or document.text == users)
    editor.delays = False
    editor.clock.advance(0.5)
    ending = await editor.finished(job)
    assert ending["state"] in {"proposed", "refused"}
    await told(editor, ending)
    assert document.text == users


@pytest.mark.parametrize("kind", [Neovim, Eglot])
async def test_typing_right_after_the_edit_is_not_taken_for_a_failure(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Neovim | Eglot]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)
    assert isinstance(editor, (Neovim, Eglot))
    editor.delays = True
    faults.release()
    await editor.until("the edit", lambda: editor.edits)
    editor.type(document, NOTHING["start"], ABOVE)
    editor.delays = False
    editor.clock.advance(0.5)
    ending = await editor.finished(job)
    assert ending["state"] == "applied", ending
    assert document.text == ABOVE + FIXED
    assert len(editor.edits) == 1


@pytest.mark.parametrize("kind", [VSCode, Helix, Neovim, Eglot])
async def test_typing_that_crosses_the_edit_on_the_wire(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, document, job = await begun(launch, machine, faults, kind)

    def type_and_send() -> None:
        editor.type(document, NOTHING["start"], ABOVE)
        editor.sync()

    editor.interject = type_and_send
    faults.release()
    ending = await editor.finished(job)
    await both_or_the_users_alone(editor, document, ending, ABOVE + FIXED, ABOVE + TEXT)
    if ending["state"] != "applied":
        assert (await apply_result(editor, document))["state"] == "applied"
        assert document.text == ABOVE + FIXED


async def test_a_discarded_preview_is_not_reported_as_applied(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, VSCode)
    assert isinstance(editor, VSCode)
    editor.discards = True
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "proposed"
    await told(editor, ending)
    assert document.text == TEXT

    editor.discards = False
    assert (await apply_result(editor, document))["state"] == "applied"
    assert document.text == FIXED


@pytest.mark.parametrize("kind", [VSCode, Eglot])
async def test_a_result_that_the_editor_rejects_is_kept_until_it_can_be_applied(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, kind)
    editor.read_only = True
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "proposed"
    await told(editor, ending)
    assert document.text == TEXT

    editor.read_only = False
    editor.type(document, NOTHING["start"], ABOVE)
    assert (await apply_result(editor, document))["state"] == "applied"
    assert document.text == ABOVE + FIXED


async def test_kate_gets_no_edit_before_its_user_asks_for_the_result(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, Kate)
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "proposed"
    assert "Apply result" in str(ending["message"])
    assert editor.edits == []
    assert (await apply_result(editor, document))["state"] == "applied"
    assert document.text == FIXED
    offered = await editor.actions(document, document.span("def area"))
    assert "Streetrace: Apply result" not in offered


async def test_kate_is_not_told_that_nothing_came_of_an_edit_that_is_there(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=BLOCK))
    editor, document = await opened(launch, machine, faults, Kate)
    await editor.finished(await fixing(editor, document))
    where = document.span("def area")
    result = (await editor.actions(document, where))["Streetrace: Apply result"]
    ending = await editor.finished((await editor.run(result))["job"])
    assert document.text == FIXED
    assert document.unsynced() is not None  # Kate tells of it with its next request
    assert "not applied" not in str(ending["message"]).lower()
    assert "Streetrace: Apply result" not in await editor.actions(document, where)
    assert document.text == FIXED


async def test_two_actions_on_one_document_both_arrive(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    other = '<<<<<<< SEARCH\n    return "naïve 🎈"\n=======\n    return "🎈"\n>>>>>>> REPLACE\n'
    faults.script(held(), Reply(text=other))
    editor, document = await opened(launch, machine, faults, Neovim)
    first = await fixing(editor, document)
    second = await editor.begin(document, document.span('return "naïve'), "Streetrace: Simplify")
    await streaming(editor, faults, first)
    faults.release()
    endings = [await editor.finished(job) for job in (first, second)]
    assert [ending["state"] for ending in endings] == ["applied", "applied"], endings
    assert document.text == FIXED.replace('"naïve 🎈"', '"🎈"')


async def test_a_document_that_is_closed_meanwhile_is_left_alone(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, job = await begun(launch, machine, faults, VSCode)
    editor.close(document)
    await editor.execute("streetrace.show")  # answered after didClose was handled
    faults.release()
    ending = await editor.finished(job)
    assert ending["state"] in {"proposed", "refused", "cancelled"}
    assert editor.edits == []
    assert document.path.read_bytes() == TEXT.encode()
