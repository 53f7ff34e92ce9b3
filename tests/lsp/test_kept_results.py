"""A result that waits for the person is there again after a restart, until it is applied."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.reviewing import A_DONE, ANSWER, B_DONE, C_DONE, A, B, C, apply_result_at
from lsp.sample import configuration

PREVIEW = 'review = "preview"\n'
APPLY, DISCARD = "Streetrace: Apply result", "Streetrace: Discard result"


def records(machine: Machine) -> list[Path]:
    """The files of what is kept."""
    return sorted((machine.state / "proposals").glob("*.json"))


async def waiting(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], more: str = ""
) -> tuple[Editor, Document, Document, Document]:
    """An editor in which an edit of three open files waits."""
    machine.configure_user(more + configuration(faults))
    names = (("a.py", A), ("lib/b.py", B), ("lib/c.py", C))
    paths = [machine.write(name, text) for name, text in names]
    faults.script(Reply(text=ANSWER))
    editor = await launch(kind)
    a, b, c = (editor.open(path) for path in paths)
    ending = await editor.finished(await editor.begin(a, a.span("def a1"), "Streetrace: Fix"))
    assert (ending["state"], a.text, b.text, c.text) == ("proposed", A, B, C)
    return editor, a, b, c


async def test_an_answer_that_leaves_a_function_out_waits(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    text = "def a1():\n    return 1\n\n\ndef a2():\n    return 3\n"
    short = "def a1():\n    return 1\n"
    faults.script(Reply(text=f"```python\n{short}```\n"))
    editor = await launch(VSCode)
    document = editor.open(machine.write("app.py", text))
    ending = await editor.finished(
        await editor.begin(document, document.span(text), "Streetrace: Fix")
    )
    assert (ending["state"], document.text) == ("proposed", text)
    assert "The answer leaves out a2, and takes the place of 6 lines" in str(ending["message"])
    await apply_result_at(editor, document)
    assert document.text == short


@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
@pytest.mark.parametrize(("kind", "more"), [(Kate, ""), (Helix, PREVIEW), (Kate, PREVIEW)])
async def test_what_waits_is_applied_after_a_restart(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    kind: type[Editor],
    more: str,
    killed: bool,
) -> None:
    editor, a, b, c = await waiting(launch, machine, faults, kind, more)
    assert [stat.S_IMODE(path.stat().st_mode) for path in records(machine)] == [0o600]
    await editor.restart(killed=killed)
    # What was typed elsewhere in the file meanwhile is no obstacle.
    editor.replace(a, "# naïve 😀 1\n", "# naïve 😀 1, and more\n")
    await apply_result_at(editor, a)
    done = A_DONE.replace("# naïve 😀 1\n", "# naïve 😀 1, and more\n")
    assert (a.text, b.text, c.text) == (done, B_DONE, C_DONE)
    for document in (a, b, c):
        await editor.actions(document, document.span("1"))
    assert "Streetrace: Undo this change" in await editor.actions(a, a.span("return 10"))
    assert records(machine) == []
    await editor.restart()
    assert APPLY not in await editor.actions(a, a.span("def a1"))


async def test_a_result_that_nobody_wants_is_discarded(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await waiting(launch, machine, faults, Helix, PREVIEW)
    offered = await editor.actions(a, a.span("def a1"))
    answer = await editor.run(offered[DISCARD])
    assert answer["discarded"].startswith("proposal-")
    offered = await editor.actions(a, a.span("def a1"))
    assert not {APPLY, DISCARD} & set(offered)
    assert records(machine) == []
    assert a.text == A
    answer = await editor.execute("streetrace.discard", {"proposal": answer["discarded"]})
    assert answer["message"] == "There is no result to discard."


async def test_a_result_that_came_too_late_for_the_editor_is_kept_and_applied_later(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text="```python\ndef a1():\n    return 2\n```\n"))
    editor = await launch(Kate)
    assert isinstance(editor, Kate)
    document = editor.open(machine.write("app.py", "def a1():\n    return 1\n"))
    await editor.finished(
        await editor.begin(document, document.span(document.text), "Streetrace: Fix")
    )
    # It takes edits right after a command alone, and this one comes later.
    editor.patience = -1.0
    late = await editor.actions(document, document.span("def a1"))
    ending = await editor.finished((await editor.run(late[APPLY]))["job"])
    assert (ending["state"], document.text) == ("refused", "def a1():\n    return 1\n")
    assert str(ending["message"]).endswith(
        "The result is kept: the code action “Streetrace: Apply result” tries again."
    )
    assert editor.violations == ["an edit for Kate that no command asked for"]
    editor.violations.clear()
    editor.patience = Kate.patience
    await apply_result_at(editor, document)
    assert document.text == "def a1():\n    return 2\n"


async def test_a_folder_shows_its_own_results_alone(
    launch: Launch, machine: Machine, faults: FaultServer, tmp_path: Path
) -> None:
    editor, *_ = await waiting(launch, machine, faults, Helix, PREVIEW)
    await editor.stop()
    other = Machine(machine.home, tmp_path / "other", machine.state, machine.config)
    other.root.mkdir()
    second = Helix()
    command, environment = editor._launched
    await second.start(command, environment, other.root)
    answer = await second.execute("streetrace.apply", {})
    assert answer["message"] == "There is no result to apply."
    await second.stop()
    assert len(records(machine)) == 1


async def test_what_another_editor_applied_is_not_offered_again(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, a, _, _ = await waiting(launch, machine, faults, Helix, PREVIEW)
    second = await launch(VSCode)
    other = second.open(a.path)
    assert APPLY in await second.actions(other, other.span("def a1"))
    await apply_result_at(editor, a)
    assert APPLY not in await second.actions(other, other.span("def a1"))


@pytest.mark.parametrize("damage", ["changes", "cut"])
async def test_a_record_that_was_tampered_with_is_left_out(
    launch: Launch, machine: Machine, faults: FaultServer, damage: str
) -> None:
    editor, a, _, _ = await waiting(launch, machine, faults, Helix, PREVIEW)
    await editor.stop()
    (path,) = records(machine)
    record = json.loads(path.read_text("utf-8"))
    record["parts"][0]["changes"][0]["start"] -= 1
    path.write_text(json.dumps(record) if damage == "changes" else "{", "utf-8")
    second = await launch(Helix)
    a = second.open(a.path)
    assert APPLY not in await second.actions(a, a.span("def a1"))


async def test_a_folder_that_can_not_be_written_keeps_the_result_in_memory(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    (machine.state / "proposals").write_text("in the way", "utf-8")
    editor, a, _, _ = await waiting(launch, machine, faults, Helix, PREVIEW)
    await apply_result_at(editor, a)
    assert a.text == A_DONE
    await editor.stop()
    assert any("will not survive a restart" in line for line in editor.connection.stderr)
