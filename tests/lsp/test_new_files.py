"""Files that a reply makes and deletes, through the editor where it can."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import configuration

A = "def area(w, h):\n    return w + h\n"
NEW = "from a import area\n\n\ndef test_area():\n    assert area(2, 3) == 6\n"
PATCH = """\
*** Begin Patch
*** Update File: a.py
@@
-    return w + h
+    return w * h
*** Add File: test_a.py
+from a import area
+
+
+def test_area():
+    assert area(2, 3) == 6
*** End Patch
"""
DELETING = """\
*** Begin Patch
*** Update File: a.py
@@
-    return w + h
+    return w * h
*** Delete File: old.py
*** End Patch
"""
FIXED = A.replace("+", "*")


@pytest.mark.parametrize("kind", [VSCode, Helix])
async def test_a_new_file_is_made_beside_the_edit(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=PATCH))
    editor = await launch(kind)
    a = editor.open(machine.write("a.py", A))
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert ending["state"] == "applied", ending
    assert a.text == FIXED
    assert editor.open(machine.root / "test_a.py").text == NEW


async def test_an_editor_that_makes_no_files_gets_nothing_of_the_edit(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=PATCH))
    editor = await launch(Bare)
    a = editor.open(machine.write("a.py", A))
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert ending["state"] == "proposed", ending
    assert "can't make files" in str(ending["message"])
    assert a.text == A
    assert not (machine.root / "test_a.py").exists()


async def test_a_file_that_exists_is_never_overwritten_by_a_new_one(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults) + "\n[defaults]\nrepair = false\n")
    faults.script(Reply(text=PATCH))
    mine = machine.write("test_a.py", "mine\n")
    editor = await launch(VSCode)
    a = editor.open(machine.write("a.py", A))
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert ending["state"] in {"refused", "proposed"}, ending
    assert "test_a.py" in str(ending["message"])
    assert a.text == A
    assert mine.read_text() == "mine\n"


async def test_a_file_is_deleted_only_as_it_was_read(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text=DELETING))
    old = machine.write("old.py", "X = 1\n")
    editor = await launch(VSCode)
    a = editor.open(machine.write("a.py", A))
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert ending["state"] == "applied", ending
    assert a.text == FIXED
    assert not old.exists()


async def test_files_that_were_made_before_one_that_could_not_be_are_named(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(
        Reply(text=PATCH.replace("*** End Patch", "*** Add File: z.py\n+Z = 1\n*** End Patch"))
    )
    editor = await launch(VSCode)
    a = editor.open(machine.write("a.py", A))
    editor.locked.add((machine.root / "z.py").as_uri())
    ending = await editor.finished(await editor.begin(a, a.span("def area"), "Streetrace: Fix"))
    assert (ending["state"], a.text) == ("proposed", A)
    assert "z.py: the editor did not make it; undo test_a.py in the editor" in str(
        ending["message"]
    )
    made = editor.open(machine.root / "test_a.py")
    offered = await editor.actions(made, made.span(made.text))
    await editor.finished((await editor.run(offered["Streetrace: Undo this change"]))["job"])
    assert not made.path.exists()
