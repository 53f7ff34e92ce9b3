"""An answer with eight changes in three files, and what a person does with them."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.kate import Kate
from lsp.machine import Launch, Machine
from lsp.sample import configuration

A = "".join(f"# naïve 😀 {n}\ndef a{n}():\n    return {n}\n\n\n" for n in range(1, 5))
B = "".join(f"def b{n}():\n    return {n}\n\n\n" for n in range(1, 4))
C = "SIDES = 3\nUNUSED = 1\n\nEDGES = 4\n"


def block(path: str, old: str, new: str) -> str:
    """One search/replace block."""
    return f"{path}\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n\n"


# Changed, added and removed lines: four, two and two changes.
ANSWER = (
    block("a.py", "    return 1\n", "    return 10\n")
    + block("a.py", "def a2():\n", 'def a2():\n    """Two → 2."""\n')
    + block("a.py", "    return 3\n", "    return 30\n")
    + block("a.py", "    return 4\n", "    x = 4\n    return x * 10\n")
    + block("lib/b.py", "    return 1\n", "    return 10\n")
    + block("lib/b.py", "    return 3\n", "    return 30\n")
    + block("lib/c.py", "SIDES = 3\nUNUSED = 1\n", "SIDES = 3\n")
    + block("lib/c.py", "EDGES = 4\n", "EDGES = 12\n")
)
A1 = ("    return 1\n", "    return 10\n")
A2 = ("def a2():\n", 'def a2():\n    """Two → 2."""\n')
A3 = ("    return 3\n", "    return 30\n")
A4 = ("    return 4\n", "    x = 4\n    return x * 10\n")
B1, B3 = A1, A3
C1 = ("UNUSED = 1\n", "")
C2 = ("EDGES = 4\n", "EDGES = 12\n")


def with_changes(text: str, *changes: tuple[str, str]) -> str:
    """The text with some of the changes made."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


A_DONE = with_changes(A, A1, A2, A3, A4)
B_DONE = with_changes(B, B1, B3)
C_DONE = with_changes(C, C1, C2)


async def reviewing(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], more: str = ""
) -> tuple[Editor, Document, Document, Document]:
    """An editor in which the answer was applied to the three open files."""
    machine.configure_user(more + configuration(faults))
    names = (("a.py", A), ("lib/b.py", B), ("lib/c.py", C))
    paths = [machine.write(name, text) for name, text in names]
    faults.script(Reply(text=ANSWER))
    editor = await launch(kind)
    a, b, c = (editor.open(path) for path in paths)
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    if isinstance(editor, Kate):
        ending = await apply_result_at(editor, a)
    editor.sync()
    assert (a.text, b.text, c.text) == (A_DONE, B_DONE, C_DONE), ending
    return editor, a, b, c


async def apply_result_at(editor: Editor, document: Document) -> dict[str, object]:
    """Choose *Apply result*, and move on until the server knows the text."""
    offered = await editor.actions(document, document.span("def a1"))
    job = (await editor.run(offered["Streetrace: Apply result"]))["job"]
    ending = await editor.finished(job)
    await editor.actions(document, document.span("def a1"))
    return ending


async def choose(editor: Editor, document: Document, place: str, title: str) -> None:
    """Put the cursor on a piece of the text and choose a code action, as the bulb offers it."""
    at = document.before(place)
    offered = await editor.actions(document, {"start": at, "end": at}, automatic=True)
    title = f"Streetrace: {title}"
    assert title in offered, sorted(offered)
    answer = await editor.run(offered[title])
    if "job" in answer:
        ending = await editor.finished(answer["job"])
        assert ending["state"] == "applied", ending
    editor.sync()
