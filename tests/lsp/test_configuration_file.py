"""What is wrong in ``.streetrace.toml`` is shown where it stands, and goes when it is right."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, configuration, fixing

BACKEND = '[backends.local]\nprovider = "ollama"\n'
WHOLE = 'model = "local/demo"\n' + BACKEND
WRONG = {
    "typo": ('modle = "local/demo"\n' + BACKEND, "modle", "model"),
    "wrong type": (BACKEND + 'temperature = "hot"\n', '"hot"', "number"),
    "unknown key": (BACKEND + "zebra_stripes = 1\n", "zebra_stripes", ""),
    "behind an emoji": ('tasks = { "fix" = "local/😀é", explain = 3 }\n' + BACKEND, "3", "text"),
}


@pytest.mark.parametrize("kind", [VSCode, Helix, Eglot])
async def test_a_mistake_is_shown_on_its_exact_range_and_goes_when_it_is_mended(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    editor = await launch(kind)
    file = editor.open(machine.configure(WHOLE, trusted=False))
    diagnostics = editor.window.diagnostics
    for wrong, (toml, place, word) in WRONG.items():
        editor.replace(file, file.text, "# größe 😀\n" + toml)
        editor.save(file)
        (shown,) = await editor.until(f"{wrong} shown", lambda: diagnostics.get(file.uri))
        assert shown["range"] == file.span(place), wrong
        assert word in shown["message"], wrong
        assert shown["source"] == "streetrace"

        editor.replace(file, file.text, WHOLE)
        editor.save(file)
        await editor.until(f"{wrong} mended", lambda: diagnostics[file.uri] == [])


@pytest.mark.parametrize(
    ("toml", "place"),
    [("model = \n", "model ="), ('a = "é😀" b\n', "b"), ("[backends\n", "[backends")],
)
async def test_a_syntax_error_is_shown_where_it_stands(
    launch: Launch, machine: Machine, toml: str, place: str
) -> None:
    editor = await launch(Eglot)
    file = editor.open(machine.configure(toml, trusted=False))
    (shown,) = await editor.until("a diagnostic", lambda: editor.window.diagnostics.get(file.uri))
    assert shown["range"] == file.span(place)
    assert "TOML" in shown["message"]


async def test_the_last_good_configuration_serves_while_the_file_is_broken(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.default = Reply(text=BLOCK)
    editor = await launch(VSCode)
    file = editor.open(machine.configure(configuration(faults)))
    document = editor.open(machine.write("app.py", TEXT))
    await editor.actions(document, document.span("def area"))
    editor.type(file, {"line": 0, "character": 0}, "[broken\n")
    editor.save(file)
    ending = await editor.finished(await fixing(editor, document))
    assert editor.window.diagnostics[file.uri]
    assert ending["state"] == "applied", ending
    assert document.text == FIXED
