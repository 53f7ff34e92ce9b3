"""An instruction in a comment goes with the edit it asks for; all diagnostics are one edit."""

from __future__ import annotations

from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import FIXED, TEXT, configuration

COMMENTS = [
    ("a.py", "# AI: return two"),
    ("a.ts", "// AI: return two"),
    ("a.sql", "-- AI: return two"),
    ("a.lisp", ";; AI: return two"),
    ("a.tex", "% AI: return two"),
    ("a.c", "/* AI: return two */"),
    ("a.html", "<!-- AI: return two -->"),
    ("a.py", '"""AI: return two"""'),
]
KEPT, GONE = "with the comment", "without it"


async def done(editor: Editor, action: dict[str, Any]) -> dict[str, Any]:
    return await editor.finished((await editor.run(action))["job"])


@pytest.mark.parametrize("answered", [KEPT, GONE])
@pytest.mark.parametrize(("name", "comment"), COMMENTS)
async def test_the_comment_goes_with_the_edit(
    launch: Launch, machine: Machine, faults: FaultServer, name: str, comment: str, answered: str
) -> None:
    machine.configure(configuration(faults).replace("search-replace", "selection"))
    editor = await launch(VSCode)
    text = f"above one\n\n{comment}\nreturn one\n\nbelow one\n"
    document = editor.open(machine.write(name, text))
    at = document.span(comment)["start"]
    offered = await editor.actions(document, {"start": at, "end": at}, automatic=True)
    said = f"{comment}\n" if answered == KEPT else ""
    faults.script(Reply(text=f"````\n{said}return two\n````\n"))
    ending = await done(editor, offered["Streetrace: Do “return two”"])
    assert ending["state"] == "applied", ending
    assert document.text == "above one\n\nreturn two\n\nbelow one\n"
    asked = faults.requests[0].json["messages"][-1]["content"]
    assert "Instruction: return two" in asked
    assert "Remove the comment" in asked


@pytest.mark.parametrize("inside", [True, False])
async def test_the_function_around_or_below_it_is_meant(
    launch: Launch, machine: Machine, faults: FaultServer, inside: bool
) -> None:
    machine.configure(configuration(faults))
    editor = await launch(Eglot)
    comment = "    # AI: a product\n" if inside else "# AI: a product\n"
    before = "    return width + height" if inside else "def area"
    document = editor.open(machine.write("app.py", TEXT.replace(before, comment + before)))
    at = document.span("# AI: a product")["start"]
    offered = await editor.actions(document, {"start": at, "end": at}, automatic=True)
    block = FIXED[FIXED.index("    return width") : FIXED.index("\n\ndef untouched")]
    old = TEXT[TEXT.index("    return width") : TEXT.index("\n\ndef untouched")]
    reply = f"app.py\n<<<<<<< SEARCH\n{old}=======\n{block}>>>>>>> REPLACE\n"
    faults.script(Reply(text=reply))
    ending = await done(editor, offered["Streetrace: Do “a product”"])
    assert ending["state"] == "applied", ending
    assert document.text == FIXED
    selected = faults.requests[0].json["messages"][-1]["content"].partition("Selected")[2]
    assert "def area" in selected.partition("Behind")[0]
    assert "# AI: a product" in selected


async def test_an_answer_leaves_the_comment(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults))
    editor = await launch(VSCode)
    text = TEXT.replace("def untouched", "# AI: why?\ndef untouched")
    document = editor.open(machine.write("app.py", text))
    offered = await editor.actions(document, document.span("# AI: why?"))
    faults.script(Reply(text="Because."))
    assert (await done(editor, offered["Streetrace: Answer “why?”"]))["state"] == "answered"
    assert document.text == text
    assert "Remove the comment" not in faults.requests[0].json["messages"][-1]["content"]


async def test_all_that_is_reported_is_mended_in_one_edit(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults).replace("search-replace", "selection"))
    editor = await launch(VSCode)
    document = editor.open(machine.write("a.py", "a = 1\nb = 2\nc = 3\nd = 4\n"))

    def report(line: str, said: str, source: str = "lint") -> dict[str, Any]:
        return {"range": document.span(line), "message": said, "source": source}

    first, last = report("b = 2", "two"), report("d = 4", "four")
    own = report("a = 1", "of ours", "streetrace")
    whole = document.span("a = 1", "d = 4")
    offered = await editor.actions(document, whole, diagnostics=[first, own])
    assert not [title for title in offered if title.startswith("Streetrace: Fix all")]
    offered = await editor.actions(document, whole, diagnostics=[last, own, first])
    action = offered["Streetrace: Fix all 2 problems"]
    assert action["kind"] == "quickfix"
    faults.script(Reply(text="```\nb = 3\nc = 3\nd = 5\n```"))
    ending = await done(editor, action)
    assert ending["state"] == "applied", ending
    assert document.text == "a = 1\nb = 3\nc = 3\nd = 5\n"
    asked = faults.requests[0].json["messages"][-1]["content"]
    assert "Diagnostics:\n- line 4: four\n- line 2: two\n" in asked
    assert "of ours" not in asked
