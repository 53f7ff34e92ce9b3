"""A preview is what follows: the same messages, byte for byte, on the wire."""

from __future__ import annotations

from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import FIXED, TEXT, configuration, fenced
from streetrace_lsp.requests.display import escape_controls

SECRET = "ghp_QRSTUV0123456789abcdefghijABCDEFGH12"


async def opened(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    wire: str = "openai",
    kind: type[Editor] = VSCode,
    text: str = TEXT,
) -> tuple[Editor, Document]:
    machine.configure(configuration(faults, wire).replace("search-replace", "selection"))
    editor = await launch(kind)
    return editor, editor.open(machine.write("app.py", text))


async def previewed(editor: Editor, document: Document, **more: Any) -> dict[str, Any]:
    found = await editor.execute(
        "streetrace.prompt.preview",
        {
            "uri": document.uri,
            "range": document.span("def area", "naïve"),
            "action": "fix",
            **more,
        },
    )
    return dict(found)


@pytest.mark.parametrize("kind", [VSCode, Helix])
@pytest.mark.parametrize("wire", ["openai", "ollama"])
async def test_what_was_looked_at_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer, wire: str, kind: type[Editor]
) -> None:
    agents = machine.write("AGENTS.md", "Say “product”.\n")
    text = TEXT + f'\n\nKEY = "{SECRET}"  # ``` and ![x](https://example.org/y)\n'
    editor, document = await opened(launch, machine, faults, wire, kind, text)
    machine.trust_file(agents)
    seen = await previewed(editor, document, instruction="multiply", diagnostics=["line 5: odd"])
    assert faults.requests == []
    assert faults.connections == []
    # Rules that change afterwards change nothing of it.
    agents.write_text("Say something else.\n", "utf-8")
    faults.script(Reply(text=fenced()))
    job = (await editor.execute("streetrace.action", {"preview": seen["preview"]}))["job"]
    done = await editor.finished(job)
    assert done["state"] == "applied", done
    (request,) = faults.requests
    assert request.json["messages"] == seen["messages"]
    assert document.text == text.replace(TEXT, FIXED)
    assert seen["files"] == ["app.py", "AGENTS.md"]
    assert seen["withheld"] == done["withheld"]
    assert "a secret in app.py" in seen["withheld"][0]
    assert seen["tokens"] > 100
    assert seen["cost"] == [0, 0]


async def test_the_page_says_all_of_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    text = TEXT + f'\n\nKEY = "{SECRET}"  # ``` and ![x](https://example.org/y)\n'
    editor, document = await opened(launch, machine, faults, text=text)
    seen = await previewed(editor, document)
    (page,) = (machine.state / "answers").glob("*.md")
    said = page.read_text("utf-8")
    for message in seen["messages"]:
        assert escape_controls(message["content"]) in said
    assert f"- To: local (demo), on this machine, at {faults.openai}" in said
    assert f"- Size: about {seen['tokens']:,} tokens" in said
    assert "- Cost: nothing" in said
    assert "- Withheld: a secret in app.py" in said
    assert SECRET not in said


async def test_a_document_or_configuration_that_changed_is_not_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults)
    seen = await previewed(editor, document)
    editor.type(document, {"line": 0, "character": 0}, "# new\n")
    job = (await editor.execute("streetrace.action", {"preview": seen["preview"]}))["job"]
    done = await editor.finished(job)
    assert done["state"] == "refused", done
    assert "has changed since the preview" in done["message"]
    seen = await previewed(editor, document)
    machine.configure(configuration(faults, "ollama"))
    job = (await editor.execute("streetrace.action", {"preview": seen["preview"]}))["job"]
    done = await editor.finished(job)
    assert "The configuration has changed since the preview" in done["message"]
    answer = await editor.execute("streetrace.action", {"preview": "preview-77"})
    assert "not kept any more" in answer["message"]
    assert faults.requests == []


async def test_before_trust_it_is_said_and_nothing_of_the_project_is_used(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    with FaultServer() as own:
        machine.configure_user(configuration(own))
        machine.configure(configuration(faults, "openai"), trusted=False)
        editor = await launch(VSCode)
        document = editor.open(machine.write("app.py", TEXT))
        seen = await previewed(editor, document)
        (page,) = (machine.state / "answers").glob("*.md")
        assert own.base in page.read_text("utf-8")
        assert "is not trusted, so nothing in it is used" in seen["notes"][0]
        assert [own.connections, faults.connections] == [[], []]
