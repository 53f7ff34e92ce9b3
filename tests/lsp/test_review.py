"""Every change of an applied edit can be kept or undone alone, whatever the editor does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.reviewing import (
    A1,
    A2,
    A3,
    A4,
    A_DONE,
    ANSWER,
    B1,
    B3,
    B_DONE,
    C2,
    C_DONE,
    A,
    B,
    C,
    apply_result_at,
    block,
    choose,
    reviewing,
    with_changes,
)
from lsp.sample import configuration

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
        return any(text in said for said in map(read, (machine.state / "reviews").glob("*.json")))

    def read(path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except FileNotFoundError:  # nothing of it waits any more
            return ""

    while not written():
        await editor.actions(
            next(iter(editor.documents.values())),
            {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        )


async def ask_for(editor: Editor, command: str, **argument: Any) -> dict[str, Any]:
    """Run a command of the review; returns its answer, or how its job ended."""
    answer = await editor.execute(f"streetrace.review.{command}", *([argument] if argument else []))
    return await editor.finished(answer["job"]) if "job" in answer else dict(answer)


async def known(editor: Editor, document: Document) -> None:
    """Any request: what was typed is told before it."""
    await editor.actions(document, NOTHING)


async def lenses(editor: Editor, document: Document) -> list[int]:
    """The lines above which the editor shows *Undo*."""
    params = {"textDocument": {"uri": document.uri}}
    found = await editor.ask("textDocument/codeLens", params) or []
    return [one["range"]["start"]["line"] for one in found if one["command"]["title"] == "Undo"]


@pytest.mark.parametrize("kind", SIX)
async def test_the_editors_own_undo_and_redo_are_noticed(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, b, _ = await reviewing(launch, machine, faults, kind)
    editor.undo(a)
    assert a.text == A
    at = a.before("    return 1\n")
    offered = await editor.actions(a, {"start": at, "end": at}, automatic=True)
    assert not [title for title in offered if "change" in title]
    editor.replace(a, A, A_DONE)
    await choose(editor, a, "    x = 4", "Undo this change")
    assert a.text == with_changes(A, A1, A2, A3)
    assert b.text == B_DONE


@pytest.mark.parametrize("kind", SIX)
async def test_a_change_across_an_edge_is_left_with_a_reason_until_it_is_taken_back(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, kind)
    at = a.before("    x = 4")
    offered = await editor.actions(a, {"start": at, "end": at}, automatic=True)
    undo = offered["Streetrace: Undo this change"]
    editor.replace(a, "def a4():\n    x = 4\n", "")
    cut = a.text
    await known(editor, a)
    answer = await editor.run(undo)
    assert "you changed it together with the lines around it" in answer["message"]
    assert a.text == cut
    editor.undo(a)
    await choose(editor, a, "    x = 4", "Undo this change")
    assert a.text == with_changes(A, A1, A2, A3)


async def test_lines_added_at_an_edge_leave_it_uncertain(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    editor.replace(a, "    return x * 10\n", "    return y\n    # and more\n")
    typed = a.text
    ending = await ask_for(editor, "undo", uri=a.uri)
    assert (ending["state"], a.text) == ("refused", typed)
    assert "you added lines at its edge" in ending["message"]
    assert "line 19" in ending["message"]


async def test_a_change_that_is_gone_gets_a_clear_answer(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    at = a.before("    return 10")
    offered = await editor.actions(a, {"start": at, "end": at})
    keep, undo = (offered[f"Streetrace: {name} this change"] for name in ("Keep", "Undo"))
    await editor.run(keep)
    assert "was kept already" in (await editor.run(undo))["message"]
    await choose(editor, a, '    """Two', "Undo this change")
    assert (await ask_for(editor, "undo", hunk="review-0.1.1"))["message"] == (
        "This change is not under review any more."
    )
    assert a.text == with_changes(A, A1, A3, A4)


async def test_commands_without_arguments_go_by_where_the_person_is(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, c = await reviewing(launch, machine, faults, VSCode)
    await editor.actions(b, b.span("return 30"), automatic=True)
    assert (await ask_for(editor, "undo"))["state"] == "applied"
    assert (a.text, b.text, c.text) == (A_DONE, with_changes(B, B1), C_DONE)
    assert len((await ask_for(editor, "keep"))["kept"]) == 1
    assert "nothing to review in lib/b.py" in (await ask_for(editor, "keep", uri=b.uri))["message"]
    assert len((await ask_for(editor, "keep", all=True))["kept"]) == 6
    for command in ("keep", "undo", "next", "previous", "show"):
        assert "nothing to review" in (await ask_for(editor, command))["message"]


async def test_the_whole_edit_is_undone_by_its_name(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, c = await reviewing(launch, machine, faults, VSCode)
    edit = (await ask_for(editor, "next"))["hunk"].split(".")[0]
    ending = await ask_for(editor, "undo", proposal=edit, uri=a.uri)
    assert (a.text, b.text, c.text) == (A, B_DONE, C_DONE), ending
    await ask_for(editor, "undo", proposal=edit)
    assert (a.text, b.text, c.text) == (A, B, C)
    assert "No change of this edit" in (await ask_for(editor, "undo", proposal=edit))["message"]


async def test_next_and_previous_go_round_the_files(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, c = await reviewing(launch, machine, faults, VSCode)
    await editor.actions(a, a.span("# naïve 😀 1"))
    seen = [await ask_for(editor, "next") for _ in range(9)]
    places = [(one["uri"], one["range"]["start"]["line"]) for one in seen]
    assert places[0] == (a.uri, 2)
    assert len(set(places[:8])) == 8
    assert places[8] == places[0]
    assert [one["uri"] for one in seen[4:8]].count(c.uri) == 2
    back = await ask_for(editor, "previous")
    assert (back["uri"], back["range"]) == (seen[7]["uri"], seen[7]["range"])
    assert len(editor.window.documents) >= 10


async def test_where_nothing_can_be_shown_the_place_is_said(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, Bare)
    await editor.actions(a, a.span("# naïve 😀 1"))
    assert (await ask_for(editor, "next"))["message"] == "The next change is in a.py, line 3."


async def test_the_changes_are_shown_as_a_diff(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, c = await reviewing(launch, machine, faults, VSCode)
    editor.replace(a, *MINE)
    await ask_for(editor, "show", uri=a.uri)
    assert "+    return x * 10  # mine 😀\n" in editor.window.documents[-1][1]
    await ask_for(editor, "show", all=True)
    text = editor.window.documents[-1][1]
    assert "```diff\n--- a/lib/c.py\n+++ b/lib/c.py\n" in text
    assert "-UNUSED = 1\n" in text
    assert (a.text, c.text) == (with_changes(A_DONE, MINE), C_DONE)


async def test_lenses_stand_above_the_changes_that_wait_and_follow(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, _ = await reviewing(launch, machine, faults, VSCode)
    assert await lenses(editor, a) == [2, 7, 13, 18]
    editor.type(a, NOTHING["start"], "# above\n")
    assert await lenses(editor, a) == [3, 8, 14, 19]
    await choose(editor, a, "    return 10", "Keep this change")
    await editor.until(
        "lenses asked for again",
        lambda: any("codeLens/refresh" in x for x in editor.connection.log),
    )
    assert await lenses(editor, a) == [8, 14, 19]
    await choose(editor, b, "    return 10", "Keep all changes in this file")
    assert await lenses(editor, b) == []


async def test_asked_by_itself_away_from_the_changes_nothing_is_offered(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    assert await editor.actions(a, NOTHING, automatic=True) == {}
    offered = await editor.actions(a, NOTHING)
    assert {"Streetrace: Next change", "Streetrace: Undo all changes in this file"} <= set(offered)
    assert not [one for one in offered.values() if "change" in one["title"] and one.get("tags")]


async def test_a_second_edit_over_the_first_is_undone_first(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    again = ("    return 10\n", "    return 100\n")
    faults.script(Reply(text=block("a.py", *again)))
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    assert a.text == with_changes(A_DONE, again), ending
    await choose(editor, a, "    return 100", "Undo this change")
    assert a.text == A_DONE
    await choose(editor, a, "    return 10", "Undo this change")
    assert a.text == with_changes(A, A2, A3, A4)


async def waiting(editor: Editor, document: Document) -> list[dict[str, Any]]:
    """The changes of a document that wait for the person."""
    editor.sync()
    listed = await editor.ask("streetrace/review/list", {"version": 1})
    return [
        hunk for one in listed["documents"] if one["uri"] == document.uri for hunk in one["hunks"]
    ]


@pytest.mark.parametrize("kind", SIX)
async def test_an_edit_that_comes_again_is_reviewed_once(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, *_ = await reviewing(launch, machine, faults, kind)
    await choose(editor, a, "    return 10", "Undo all changes in this file")
    assert a.text == A
    faults.script(Reply(text=block("a.py", *A1) + block("a.py", *A3)))
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    if ending["state"] == "proposed":
        ending = await apply_result_at(editor, a)
    editor.sync()
    assert a.text == with_changes(A, A1, A3)
    assert len(await waiting(editor, a)) == 2, ending
    # Taken back and made once more by the editor itself, it is still one.
    editor.undo(a)
    assert (a.text, await waiting(editor, a)) == (A, [])
    editor.replace(a, A, with_changes(A, A1, A3))
    assert len(await waiting(editor, a)) == 2


async def test_what_was_taken_back_is_not_reviewed(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=ANSWER))
    editor = await launch(VSCode)
    a, b, _ = (
        editor.open(machine.write(name, text))
        for name, text in (("a.py", A), ("lib/b.py", B), ("lib/c.py", C))
    )
    editor.locked.add(b.uri)
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    assert (ending["state"], a.text) == ("proposed", A)
    assert "nothing to review" in (await ask_for(editor, "undo"))["message"]


async def test_a_file_that_the_edit_made_is_deleted(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text="new.py\n```python\nNEW = 1\n```\n" + block("a.py", *A1)))
    editor = await launch(VSCode)
    a = editor.open(machine.write("a.py", A))
    ending = await editor.finished(await editor.begin(a, a.span("# naïve 😀 2"), "Streetrace: Fix"))
    new = editor.documents[(machine.root / "new.py").as_uri()]
    assert new.text == "NEW = 1\n", ending
    await choose(editor, new, "NEW", "Undo this change")
    assert not new.path.exists()
    assert a.text == with_changes(A, A1)
    await choose(editor, a, "    return 10", "Undo this change")
    assert a.text == A


async def test_a_file_that_the_edit_made_is_not_deleted_with_words_of_the_person_in_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text="new.py\n```python\nNEW = 1\n```\n" + block("a.py", *A1)))
    editor = await launch(VSCode)
    a = editor.open(machine.write("a.py", A))
    await editor.finished(await editor.begin(a, a.span("# naïve 😀 2"), "Streetrace: Fix"))
    new = editor.documents[(machine.root / "new.py").as_uri()]
    editor.type(new, new.before("1"), "10 + ")
    at = new.before("NEW")
    offered = await editor.actions(new, {"start": at, "end": at})
    answer = await editor.run(offered["Streetrace: Undo this change"])
    ending = await editor.finished(answer["job"])
    assert (ending["state"], new.text) == ("refused", "NEW = 10 + 1\n")
    assert "new.py: you have changed the file since the edit made it" in ending["message"]
    await choose(editor, a, "    return 10", "Undo all changes in all files")
    assert (a.text, new.text) == (A, "NEW = 10 + 1\n")


@pytest.mark.parametrize("kind", SIX)
async def test_an_undo_meets_what_is_typed_above_it_at_that_moment(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, kind)
    typed = "# typed above\n"
    at = a.before("    return 30")
    offered = await editor.actions(a, {"start": at, "end": at})
    editor.interject = lambda: editor.type(a, NOTHING["start"], typed)
    answer = await editor.run(offered["Streetrace: Undo this change"])
    await editor.finished(answer["job"])
    await known(editor, a)
    # An editor that compares no versions puts it on the wrong line; then it is taken back.
    possible = {typed + A_DONE, typed + with_changes(A, A1, A2, A4)}
    await editor.until("the text", lambda: a.text in possible)
    await known(editor, a)
    assert a.text in possible
    await choose(editor, a, "    x = 4", "Undo this change")
    assert a.text in {typed + with_changes(A, A1, A2, A3), typed + with_changes(A, A1, A2)}
