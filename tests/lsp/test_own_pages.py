"""A page of Streetrace's own in front: the project is meant from which it was asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backends.fault_server import FaultServer
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.vscode import VSCode
from lsp.clients.window import path_of
from lsp.machine import Launch, Machine
from lsp.sample import TEXT, configuration


@pytest.fixture
async def reading(
    launch: Launch, machine: Machine, faults: FaultServer
) -> tuple[Editor, Document, Document]:
    """A file of a trusted project, and a page that was opened over it."""
    machine.configure(configuration(faults))
    elsewhere = machine.home / "notes.txt"
    elsewhere.write_text("of no project\n", "utf-8")
    editor = await launch(VSCode)
    editor.open(elsewhere)
    source = editor.open(machine.write("app.py", TEXT))
    await editor.actions(source, NOTHING, automatic=True)
    await editor.execute("streetrace.config.show", {"uri": source.uri})
    page = editor.open(path_of(editor.window.led[-1]["uri"]))
    await editor.actions(page, NOTHING, automatic=True)
    return editor, source, page


async def test_its_models_and_its_status_are_those_of_the_project(
    reading: tuple[Editor, Document, Document],
) -> None:
    editor, source, page = reading

    async def told(uri: str) -> tuple[Any, Any]:
        where = {"version": 1, "uri": uri}
        return (
            await editor.ask("streetrace/status", where),
            await editor.ask("streetrace/model/list", where),
        )

    in_page = await told(page.uri)
    assert in_page == await told(source.uri)
    assert in_page[0]["configured"]
    assert in_page[0]["project"]["trust"] == "trusted"
    assert in_page[1]["targets"]


async def test_a_model_is_chosen_for_the_project(
    reading: tuple[Editor, Document, Document],
) -> None:
    editor, source, page = reading
    answer = await editor.execute("streetrace.model", {"uri": page.uri, "target": "local/other"})
    assert answer["current"] == "local/other", answer
    status = await editor.ask("streetrace/status", {"version": 1, "uri": source.uri})
    assert status["model"] == "local/other"


async def test_the_document_that_was_shown_to_the_server_last_counts(
    reading: tuple[Editor, Document, Document],
) -> None:
    editor, source, page = reading
    (elsewhere,) = (one for one in editor.documents.values() if one.path.name == "notes.txt")
    await editor.ask("streetrace/status", {"version": 1, "uri": elsewhere.uri})
    status = await editor.ask("streetrace/status", {"version": 1, "uri": page.uri})
    assert status["project"] is None
    editor.type(source, source.position(0), "# mine\n")
    status = await editor.ask("streetrace/status", {"version": 1})
    assert status["project"] is not None


async def test_a_chat_about_a_page_is_one_about_the_project(
    reading: tuple[Editor, Document, Document], machine: Machine
) -> None:
    editor, _, page = reading
    answer = await editor.execute("streetrace.chat.new", {"uri": page.uri, "range": NOTHING})
    assert answer["path"] == str(machine.root / ".streetrace/chats/chat-1.md")
    assert path_of(answer["uri"]).read_text("utf-8") == "# Chat\n\n## You\n\n"


async def test_trust_is_asked_about_the_project(
    reading: tuple[Editor, Document, Document],
) -> None:
    editor, _, page = reading
    answer = await editor.execute("streetrace.trust", {"uri": page.uri})
    assert answer["message"].startswith("Trusted already: ")


async def test_the_name_of_a_page_is_not_that_of_the_file_it_is_about(
    reading: tuple[Editor, Document, Document],
) -> None:
    editor, source, _ = reading
    job = await editor.begin(source, source.span("area"), "Streetrace: Explain")
    await editor.finished(job)
    uri, text = editor.window.documents[-1]
    assert text.startswith("# Explain: app.py\n\n")
    assert re.fullmatch(r"Explain-[a-z0-9_]{8}\.md", path_of(uri).name)
