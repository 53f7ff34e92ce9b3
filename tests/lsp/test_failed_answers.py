"""After an answer that failed: what there is of it can be read, and the request made again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backends.fault_server import HTML, FaultServer, Reply, body_of
from backends.test_faults import BAD_BYTES, BAD_FRAMES, OLLAMA, OPENAI
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, START, TEXT, configuration, fixing, opened

AGAIN = "Streetrace: Try “Fix” again"
BROKEN = {
    "no end": Reply(text=BLOCK, finish=None),
    "error in the stream": Reply(text=BLOCK, stream_error="out of memory"),
    "token limit": Reply(text=BLOCK, finish="length"),
}


async def again(editor: Editor, document: Document) -> dict[str, Any] | None:
    """The code action that makes the failed request again, where it is offered."""
    return (await editor.actions(document, document.span(START, "naïve"))).get(AGAIN)


async def failed(editor: Editor, document: Document) -> tuple[str, dict[str, Any]]:
    job = await fixing(editor, document)
    ending = await editor.finished(job)
    assert ending["state"] in {"failed", "refused"}, ending
    assert editor.edits == []
    assert document.text == TEXT
    return job, ending


@pytest.mark.parametrize("wire", [OLLAMA, OPENAI], ids=lambda wire: wire.name)
@pytest.mark.parametrize("name", [*BROKEN, "cut", "malformed frame", "no UTF-8"])
async def test_what_came_of_a_broken_answer_can_be_read_and_the_request_made_again(
    launch: Launch, machine: Machine, faults: FaultServer, name: str, wire: Any
) -> None:
    whole = Reply(text=BLOCK, chunk=8)
    broken = {
        **BROKEN,
        "cut": replace(whole, cut_after=len(body_of(whole, wire=wire.name)) * 2 // 3),
        "malformed frame": replace(whole, raw_after=(6, BAD_FRAMES[wire])),
        "no UTF-8": replace(whole, raw_after=(6, BAD_BYTES[wire])),
    }[name]
    machine.configure_user(configuration(faults, wire.name))
    editor = await launch(VSCode)
    document = editor.open(machine.write("app.py", TEXT))
    faults.default = broken
    job, ending = await failed(editor, document)
    assert "streetrace.show" in str(ending["message"])
    assert await editor.execute("streetrace.show") == {"shown": job}
    assert "The area is a product." in editor.window.documents[-1][1]

    faults.default = Reply(text=BLOCK)
    offered = await again(editor, document)
    assert offered is not None
    ending = await editor.finished((await editor.run(offered))["job"])
    assert ending["state"] == "applied", ending
    assert document.text == FIXED
    assert await again(editor, document) is None


async def test_a_web_page_leaves_nothing_to_read(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    faults.default = HTML
    _, ending = await failed(editor, document)
    assert "web page" in str(ending["message"])
    assert "streetrace.show" not in str(ending["message"])
    assert await again(editor, document) is not None


async def test_once_the_text_has_changed_the_old_place_is_not_offered_any_more(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, Bare)
    faults.default = Reply(finish=None)
    await failed(editor, document)
    assert await again(editor, document) is not None
    editor.replace(document, "untouched", "touched")
    assert await again(editor, document) is None


async def test_trying_again_asks_the_model_and_not_the_kept_answers(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(f"{configuration(faults)}\n[cache]\nttl = 600\n")
    faults.default = Reply(text="It computes an area.")
    editor = await launch(VSCode)
    document = editor.open(machine.write("app.py", TEXT))
    asked = {
        "uri": document.uri,
        "range": document.span(START, "naïve"),
        "action": "explain",
    }
    for fresh, requests, cached in ((False, 1, False), (False, 1, True), (True, 2, False)):
        given = {**asked, "fresh": True} if fresh else asked
        ending = await editor.finished((await editor.execute("streetrace.action", given))["job"])
        assert ending["state"] == "answered", ending
        assert ending["cached"] is cached
        assert len([r for r in faults.requests if r.path == "/api/chat"]) == requests
