"""A client that shows reviews in its own way is told what waits, where, and what stood there."""

from __future__ import annotations

from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING
from lsp.clients.extension import Extension
from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.reviewing import A1, A2, A_DONE, A, B, C, choose, reviewing, with_changes
from lsp.sample import configuration

LIST, TEXTS = "streetrace/review/list", "streetrace/review/texts"


async def listed(editor: Any) -> dict[str, Any]:
    return dict(await editor.ask(LIST, {"version": 1}))


async def hunks(editor: Any, document: Document) -> list[dict[str, Any]]:
    found = [one for one in (await listed(editor))["documents"] if one["uri"] == document.uri]
    return list(found[0]["hunks"]) if found else []


async def test_what_waits_is_listed_with_its_place_and_what_was_there(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, c = await reviewing(launch, machine, faults, Extension)
    answer = await listed(editor)
    assert sorted(one["path"] for one in answer["documents"]) == ["a.py", "lib/b.py", "lib/c.py"]
    first, second, *_ = await hunks(editor, a)
    assert first["range"] == a.span("    return 10\n")
    assert (first["old"], first["state"], first["title"]) == (A1[0], "open", "Fix")
    assert second["range"] == a.span('    """Two → 2."""\n')
    assert (second["old"], first["doubt"]) == ("", "")
    removed = (await hunks(editor, c))[0]
    assert (removed["range"]["start"], removed["old"]) == (removed["range"]["end"], "UNUSED = 1\n")
    assert len({one["proposal"] for one in (await hunks(editor, b))} | {first["proposal"]}) == 1


async def test_each_decision_is_heard_of_and_places_follow_the_text(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, Extension)
    assert isinstance(editor, Extension)
    before = editor.review_changes
    assert before > 0
    await choose(editor, a, "    return 10", "Keep this change")
    await editor.until("the news", lambda: editor.review_changes > before)
    assert len(await hunks(editor, a)) == 3
    editor.type(a, NOTHING["start"], "# 😀 above\n")
    editor.replace(a, '"""Two', '"""Mine and two')
    found = await hunks(editor, a)
    assert found[0]["range"] == a.span('    """Mine and two → 2."""\n')
    assert [one["state"] for one in found] == ["edited", "open", "open"]


async def test_a_client_that_shows_no_reviews_hears_nothing(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, VSCode)
    await choose(editor, a, "    return 10", "Keep this change")
    assert not [line for line in editor.connection.log if "review/changed" in line]
    assert len(await hunks(editor, a)) == 3


async def test_the_sides_of_a_diff(launch: Launch, machine: Machine, faults: FaultServer) -> None:
    editor, a, b, _ = await reviewing(launch, machine, faults, Extension)
    await choose(editor, a, "    return 10", "Keep this change")
    sides = await editor.ask(TEXTS, {"version": 1, "uri": a.uri})
    assert (sides["before"], sides["after"]) == (with_changes(A, A1), A_DONE)
    await choose(editor, b, "    return 10", "Undo all changes in this file")
    sides = await editor.ask(TEXTS, {"version": 1, "uri": b.uri})
    assert (sides["before"], sides["after"]) == (B, B)
    with pytest.raises(ResponseError, match="nothing in it is under review"):
        await editor.ask(TEXTS, {"version": 1, "uri": (machine.root / "none.py").as_uri()})


async def test_a_result_that_waits_is_listed_until_it_is_applied(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text="a.py\n<<<<<<< SEARCH\n" + A1[0] + "=======\n" + A1[1] +
                        ">>>>>>> REPLACE\n"))  # fmt: skip
    editor = await launch(Extension)
    a = editor.open(machine.write("a.py", A))
    editor.locked.add(a.uri)
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    assert ending["state"] == "proposed", ending
    (waiting,) = (await listed(editor))["proposals"]
    assert waiting["title"] == "Fix"
    assert waiting["parts"] == [{"uri": a.uri, "path": "a.py", "kind": "change"}]
    sides = await editor.ask(TEXTS, {"version": 1, "uri": a.uri, "proposal": waiting["proposal"]})
    assert (sides["before"], sides["after"]) == (A, with_changes(A, A1))
    editor.locked.clear()
    job = (await editor.execute("streetrace.apply", {"proposal": waiting["proposal"]}))["job"]
    await editor.finished(job)
    assert (await listed(editor))["proposals"] == []
    assert a.text == with_changes(A, A1)


async def test_a_command_goes_by_the_position_that_the_client_names(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, b, _ = await reviewing(launch, machine, faults, Extension)
    await editor.actions(b, b.span("return 30"), automatic=True)
    where = {"uri": a.uri, "position": a.before('    """Two')}
    after = await editor.execute("streetrace.review.next", where)
    assert (after["uri"], after["range"]) == (a.uri, a.span("    return 30\n"))
    job = (await editor.execute("streetrace.review.undo", where))["job"]
    await editor.finished(job)
    assert A2[0] in a.text
    assert '"""Two' not in a.text
    beyond = {"uri": a.uri, "position": {"line": 9999, "character": 0}}
    assert len((await editor.execute("streetrace.review.keep", beyond))["kept"]) == 1


async def test_an_action_that_needs_words_says_so_in_its_argument(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(Extension)
    c = editor.open(machine.write("c.py", C))
    offered = await editor.actions(c, c.span("SIDES"))
    needs = {
        title
        for title, one in offered.items()
        if one["command"]["arguments"][0].get("instruction") == ""
    }
    assert needs == {"Streetrace: Ask", "Streetrace: Edit with an instruction"}
