"""From a configuration file: does a backend answer, fetch a model, and which ones are there?"""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine


def ollama(faults: FaultServer) -> str:
    return (
        'model = "local/demo"\n\n'
        f'[backends.local]\nprovider = "ollama"\napi_base = "{faults.base}"\nmodel = "demo"\n'
    )


async def opened(
    launch: Launch, machine: Machine, toml: str, kind: type[Editor] = VSCode, **trust: bool
) -> tuple[Editor, Document]:
    editor = await launch(kind)
    return editor, editor.open(machine.configure(toml, **trust))


async def press(editor: Editor, file: Document, place: str, title: str) -> dict[str, object]:
    """Choose a code action on ``place`` and wait for the end of its job."""
    offered = await editor.actions(file, file.span(place))
    assert f"Streetrace: {title}" in offered, sorted(offered)
    return await editor.finished((await editor.run(offered[f"Streetrace: {title}"]))["job"])


@pytest.mark.parametrize("kind", SIX)
async def test_a_backend_that_answers(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, file = await opened(launch, machine, ollama(faults), kind)
    ending = await press(editor, file, "[backends.local]", "Test local")
    assert ending["state"] == "answered"
    assert "local/demo answers in" in str(ending["message"])
    assert str(ending["message"]) in editor.window.messages
    assert editor.window.diagnostics.get(file.uri, []) == []


async def test_a_backend_that_does_not_is_marked_until_the_text_changes(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    toml = ollama(faults).replace(faults.base, "http://127.0.0.1:9")
    editor, file = await opened(launch, machine, toml)
    ending = await press(editor, file, "[backends.local]", "Test local")
    assert ending["state"] == "failed"
    assert "127.0.0.1:9" in str(ending["message"])
    (shown,) = await editor.until("a mark", lambda: editor.window.diagnostics.get(file.uri))
    assert (shown["code"], shown["range"]) == ("unreachable", file.span("local]")["start"] and {
        "start": file.before("local]"), "end": file.before("]")})  # fmt: skip
    editor.replace(file, "127.0.0.1:9", faults.base.partition("//")[2])
    await editor.until("no mark", lambda: editor.window.diagnostics[file.uri] == [])


async def test_nothing_is_asked_before_trust(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, file = await opened(launch, machine, ollama(faults), trusted=False)
    editor.window.answer = "Not now"
    ending = await press(editor, file, "[backends.local]", "Test local")
    assert ending["state"] == "refused"
    assert "is not trusted" in str(ending["message"])
    found = await editor.at("completion", file, file.after('\nmodel = "'))
    assert "demo" not in [item["label"] for item in found["items"]]
    ending = await press(editor, file, 'model = "demo"', "Pull demo")
    assert "is not trusted" in str(ending["message"])
    assert faults.connections == []


async def test_models_that_the_server_lists_are_proposed(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.models = ("qwen2.5-coder:7b", "llama3.2:latest")
    editor, file = await opened(launch, machine, ollama(faults))
    where = file.position(file.text.index('"demo"') + 1)

    async def ask() -> list[str]:
        found = await editor.at("completion", file, where)
        return [item["label"] for item in found["items"]]

    labels = await ask()
    if "qwen2.5-coder:7b" not in labels:
        # The first answer does not wait long for a server.
        await faults.until(lambda: any("/api/tags" in r.path for r in faults.requests))
        labels = await ask()
    assert labels[:2] == ["qwen2.5-coder:7b", "llama3.2:latest"]


async def test_a_model_is_fetched_with_progress(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.default = Reply(text="x" * 40, chunk=10, hold_after=2)
    editor, file = await opened(launch, machine, ollama(faults))
    offered = await editor.actions(file, file.span('model = "demo"'))
    job = (await editor.run(offered["Streetrace: Pull demo"]))["job"]
    progress = editor.window.progress
    await editor.until("progress", lambda: "50%" in str(progress))
    faults.release()
    ending = await editor.finished(job)
    assert ending["message"] == "demo is there: local/demo."
    (pulled,) = [request for request in faults.requests if request.path == "/api/pull"]
    assert pulled.json["model"] == "demo"


async def test_a_backend_that_is_not_saved_yet_is_not_looked_for(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, file = await opened(launch, machine, ollama(faults))
    editor.replace(file, "[backends.local]", "[backends.other]")
    offered = await editor.actions(file, file.span("other"))
    said = await editor.run(offered["Streetrace: Test other"])
    assert said["message"].startswith("other is not in the file on the disk yet. Save it")
    assert faults.requests == []


async def test_a_test_is_offered_in_the_table_of_its_backend_alone(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, file = await opened(launch, machine, ollama(faults) + "\n[budget]\nday = 1\n")
    assert "Streetrace: Test local" in await editor.actions(file, file.span("api_base"))
    for place in ("[budget]", "day = 1", 'model = "local/demo"'):
        assert "Streetrace: Test local" not in await editor.actions(file, file.span(place)), place
