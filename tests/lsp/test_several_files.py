"""A reply that edits several files: all of them or none, whatever the editor does."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim, RestedNeovim
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import ABOVE, apply_result, configuration, streaming

A = "def area(w, h):\n    return w + h\n\n\n# naïve 😀\n\n\ndef edge(w):\n    return w * 3\n"
B = "from a import area\n\nprint(area(2))\n"
C = "SIDES = 3\n"
A_FIXED = A.replace("w + h", "w * h").replace("w * 3", "w * 4")
B_FIXED = B.replace("area(2)", "area(2, 2)")
C_FIXED = C.replace("3", "4")


def block(path: str, old: str, new: str) -> str:
    return f"{path}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n\n"


THREE_HUNKS = (
    block("a.py", "    return w + h", "    return w * h")
    + block("a.py", "    return w * 3", "    return w * 4")
    + block("lib/b.py", "print(area(2))", "print(area(2, 2))")
)
THREE_FILES = THREE_HUNKS + block("lib/c.py", "SIDES = 3", "SIDES = 4")


async def ready(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> tuple[Editor, Document, Document, Document]:
    machine.configure_user(configuration(faults))
    paths = [machine.write(name, text) for name, text in (("a.py", A), ("lib/b.py", B))]
    paths.append(machine.write("lib/c.py", C))
    editor = await launch(kind)
    a, b, c = (editor.open(path) for path in paths)
    return editor, a, b, c


@pytest.mark.parametrize("kind", SIX)
async def test_three_hunks_in_two_files_while_the_person_types_between_them(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text=THREE_HUNKS, hold_after=1))
    editor, a, b, _ = await ready(launch, machine, faults, kind)
    job = await editor.begin(a, a.span("def area"), "Streetrace: Fix")
    await streaming(editor, faults, job)
    editor.type(a, a.before("# naïve"), "typed = 1\n")
    editor.sync()
    editor.type(b, NOTHING["start"], ABOVE)
    editor.sync()
    faults.release()
    ending = await editor.finished(job)
    if isinstance(editor, Kate):
        ending = await apply_result(editor, a)
    await editor.actions(a, a.span("# naïve"))
    assert a.text == A_FIXED.replace("# naïve", "typed = 1\n# naïve"), ending
    assert b.text == ABOVE + B_FIXED
    if not isinstance(editor, Kate):
        assert ending["state"] == "applied", ending
        assert "a.py, lib/b.py" in str(ending["message"])


async def test_an_edit_that_arrives_in_two_messages_is_waited_for(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=THREE_HUNKS))
    editor, a, b, _ = await ready(launch, machine, faults, RestedNeovim)
    editor.type(a, a.before("# naïve"), "typed = 1\n")
    job = await editor.begin(a, a.span("def area"), "Streetrace: Fix")
    ending = await editor.finished(job)
    assert ending["state"] == "applied", ending
    assert a.text == A_FIXED.replace("# naïve", "typed = 1\n# naïve")
    assert b.text == B_FIXED


async def test_an_answer_never_edits_whatever_it_holds(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=THREE_HUNKS))
    editor, a, b, _ = await ready(launch, machine, faults, VSCode)
    job = await editor.begin(a, a.span("# naïve"), "Streetrace: Explain")
    assert (await editor.finished(job))["state"] == "answered"
    assert (a.text, b.text) == (A, B)


@pytest.mark.parametrize("kind", [kind for kind in SIX if kind is not Kate])
async def test_when_the_second_of_three_is_rejected_the_first_is_taken_back(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text=THREE_FILES))
    editor, a, b, c = await ready(launch, machine, faults, kind)
    editor.locked.add(b.uri)
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    editor.sync()
    assert ending["state"] == "proposed", ending
    assert (a.text, b.text, c.text) == (A, B, C)
    assert "lib/b.py" in str(ending["message"])
    assert "a.py was taken back" in str(ending["message"])

    editor.locked.clear()
    editor.type(a, NOTHING["start"], ABOVE)
    assert (await apply_result(editor, a))["state"] == "applied"
    assert (a.text, b.text, c.text) == (ABOVE + A_FIXED, B_FIXED, C_FIXED)


async def test_what_was_typed_meanwhile_survives_the_taking_back(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=THREE_FILES))
    editor, a, b, c = await ready(launch, machine, faults, VSCode)
    editor.locked.add(c.uri)

    def type_when_b_comes() -> None:
        editor.interject = lambda: editor.type(a, a.before("# naïve"), "typed = 1\n")

    editor.interject = type_when_b_comes
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert ending["state"] == "proposed", ending
    assert a.text == A.replace("# naïve", "typed = 1\n# naïve")
    assert (b.text, c.text) == (B, C)


@pytest.mark.parametrize("kind", [VSCode, Neovim, Helix])
async def test_a_file_that_is_not_open_is_opened_first(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    faults.script(Reply(text=THREE_HUNKS))
    machine.configure_user(configuration(faults))
    machine.write("lib/b.py", B)
    editor = await launch(kind)
    a = editor.open(machine.write("a.py", A))
    editor.window.on_show_document = editor.open
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert ending["state"] == "applied", ending
    b = editor.open(machine.root / "lib" / "b.py")
    assert (a.text, b.text) == (A_FIXED, B_FIXED)


async def test_a_block_for_a_file_outside_the_workspace_refuses_everything(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    outside = machine.home / "b.py"
    outside.write_text(B)
    (machine.root / "lib").mkdir()
    faults.script(
        Reply(text=THREE_HUNKS.replace("lib/b.py", "../b.py")),
        Reply(text=THREE_HUNKS.replace("lib/b.py", "lib/link.py")),
    )
    machine.configure_user(configuration(faults))
    (machine.root / "lib" / "link.py").symlink_to(outside)
    editor = await launch(VSCode)
    a = editor.open(machine.write("a.py", A))
    for _ in range(2):
        ending = await editor.finished(await fixing_area(editor, a))
        assert ending["state"] == "refused", ending
    assert a.text == A
    assert outside.read_text() == B
    assert editor.edits == []


async def fixing_area(editor: Editor, document: Document) -> str:
    return await editor.begin(document, document.span("def area"), "Streetrace: Fix")


async def test_typing_into_a_later_file_while_an_earlier_one_is_applied(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.script(Reply(text=THREE_HUNKS))
    editor, a, b, _ = await ready(launch, machine, faults, Kate)
    await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    # Kate compares no versions: an edit that was made for an older text would land anywhere.

    def type_and_tell() -> None:
        editor.type(b, NOTHING["start"], ABOVE)
        editor.sync()

    editor.interject = type_and_tell
    await apply_result(editor, a)
    await editor.actions(a, a.span("# naïve"))
    assert (a.text, b.text) == (A_FIXED, ABOVE + B_FIXED)
