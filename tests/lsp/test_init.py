"""A first configuration from the editor: into the document, never into the file behind its back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, fixing

TITLE = "Streetrace: Write a configuration for what is on this machine"
NAME = ".streetrace.toml"


@pytest.fixture
def variables(faults: FaultServer) -> Iterator[dict[str, str]]:
    """Ollama is there, and nothing else, whatever this machine has."""
    with FaultServer() as gone:
        dead = gone.base
    names = ("LM_STUDIO_API_BASE", "LLAMAFILE_API_BASE", "HOSTED_VLLM_API_BASE")
    yield {"OLLAMA_HOST": faults.base} | dict.fromkeys(names, dead)


def right(text: str, faults: FaultServer) -> None:
    table: dict[str, Any] = tomllib.loads(text)
    assert table["model"] == "ollama"
    assert table["backends"]["ollama"]["api_base"] == faults.base


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix, Eglot, Kate])
@pytest.mark.parametrize("saved", [True, False], ids=["saved", "not on disk"])
async def test_an_empty_document_is_filled_and_the_file_is_left_to_the_editor(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    variables: dict[str, str],
    kind: type[Editor],
    saved: bool,
) -> None:
    path = machine.write(NAME, "\n") if saved else machine.root / NAME
    editor = await launch(kind, variables=variables)
    document = editor.open(path)
    offered = await editor.actions(document, NOTHING)
    assert TITLE in offered
    await editor.run(offered[TITLE])
    await editor.until("the message", lambda: "filled in" in editor.window.words())
    right(document.text, faults)
    assert (path.read_text() == "\n") if saved else not path.exists()
    assert TITLE not in await editor.actions(document, NOTHING)


async def test_what_was_written_serves_after_one_question(
    launch: Launch, machine: Machine, faults: FaultServer, variables: dict[str, str]
) -> None:
    editor = await launch(VSCode, variables=variables)
    editor.window.answer = "Trust"
    document = editor.open(machine.root / NAME)
    answer = await editor.execute("streetrace.init", {"uri": document.uri})
    assert answer["uri"] == document.uri
    assert "save it" in answer["message"]
    assert editor.window.questions == []
    editor.save(document)
    faults.script(Reply(text=BLOCK), Reply(text=BLOCK))
    code = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, code))
    assert ending["state"] == "applied", ending
    assert code.text == FIXED
    assert len(editor.window.questions) == 1


@pytest.mark.parametrize("kind", [VSCode, Helix])
async def test_with_no_document_open_the_editor_makes_the_file(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    variables: dict[str, str],
    kind: type[Editor],
) -> None:
    editor = await launch(kind, variables=variables)
    answer = await editor.execute("streetrace.init")
    assert "filled in" in answer["message"]
    right(editor.open(machine.root / NAME).text, faults)


async def test_an_editor_that_makes_no_files_is_told_the_command(
    launch: Launch, machine: Machine, variables: dict[str, str]
) -> None:
    editor = await launch(Bare, variables=variables)
    answer = await editor.execute("streetrace.init", {"folder": machine.root.as_uri()})
    assert "streetrace-lsp init" in answer["message"]
    assert not (machine.root / NAME).exists()
    assert editor.edits == []


async def test_a_file_that_holds_anything_stays(
    launch: Launch, machine: Machine, faults: FaultServer, variables: dict[str, str]
) -> None:
    path = machine.write(NAME, "# mine\n")
    code = machine.write("app.py", TEXT)
    editor = await launch(VSCode, variables=variables)
    for given in ({}, {"uri": code.as_uri()}, {"uri": path.as_uri()}):
        answer = await editor.execute("streetrace.init", given)
        assert "stays as it is" in answer["message"]
    document = editor.open(path)
    assert TITLE not in await editor.actions(document, NOTHING)
    assert TITLE not in await editor.actions(editor.open(code), NOTHING)
    assert path.read_text() == "# mine\n"
    assert editor.edits == []
    assert faults.requests == []


async def test_what_a_person_writes_meanwhile_stays(
    launch: Launch, machine: Machine, faults: FaultServer, variables: dict[str, str]
) -> None:
    editor = await launch(VSCode, variables=variables)
    document = editor.open(machine.root / NAME)
    start = {"line": 0, "character": 0}
    editor.interject = lambda: editor.type(document, start, "# mine\n")
    answer = await editor.execute("streetrace.init", {"uri": document.uri})
    assert "was not written" in answer["message"]
    assert document.text == "# mine\n"


async def test_a_link_is_not_written_through(
    launch: Launch, machine: Machine, variables: dict[str, str]
) -> None:
    elsewhere = machine.home / "elsewhere"
    (machine.root / NAME).symlink_to(elsewhere)
    editor = await launch(VSCode, variables=variables)
    answer = await editor.execute("streetrace.init")
    assert "is a link" in answer["message"]
    assert not elsewhere.exists()
