"""What is offered where, and the ways of asking that need no plugin."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, configuration, fixing, opened

CUSTOM = """
[actions.rhyme]
title = "Rhyme it"
prompt = "Answer in rhyme."
kind = "answer"

[actions.only-rust]
prompt = "Borrow better."
languages = ["rust"]
"""


async def test_only_what_suits_the_language_is_offered(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults) + CUSTOM)
    editor = await launch(VSCode)
    code = editor.open(machine.write("a.py", TEXT))
    data = editor.open(machine.write("b.toml", "[a]\nb = 1\n"))
    prose = editor.open(machine.write("c.txt", "words\n"))

    def titles(found: object) -> set[str]:
        return {str(title).removeprefix("Streetrace: ") for title in found}  # type: ignore[attr-defined]

    everything = titles(await editor.actions(code, code.span("def area")))
    assert {"Fix", "Add types", "Write tests", "Rhyme it"} <= everything
    assert "Only rust" not in everything
    editor.languages[".toml"] = "streetrace"  # as in VS Code, with the extension
    own = editor.open(machine.write(".streetrace.toml", "[tasks]\n"))
    assert "Write tests" not in titles(await editor.actions(own, own.span("tasks")))
    assert titles(await editor.actions(data, data.span("b = 1"))) == {
        "Fix",
        "Document",
        "Explain",
        "Rhyme it",
        "Chat about this",
    }
    assert titles(await editor.actions(prose, prose.span("words"))) == {
        "Explain",
        "Rhyme it",
        "Chat about this",
    }


async def test_other_kinds_and_empty_documents_get_nothing(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    span = document.span("def area")
    for kind in ("source", "source.fixAll", "source.organizeImports", "refactor.extract"):
        assert await editor.actions(document, span, only=[kind]) == {}
    assert await editor.actions(document, span, only=["refactor"])
    empty = editor.open(machine.write("empty.py", ""))
    nothing = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    assert await editor.actions(empty, nothing) == {}


async def test_an_instruction_comment_is_offered_and_done(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    text = TEXT.replace("def untouched", "# AI: say why\ndef untouched")
    editor, document = await opened(launch, machine, faults, Helix, text)
    faults.script(Reply(text=BLOCK))
    at = document.span("# AI: say why")
    cursor = {"start": at["start"], "end": at["start"]}
    offered = await editor.actions(document, cursor, automatic=True)
    assert set(offered) == {"Streetrace: Do “say why”", "Streetrace: Answer “say why”"}
    ending = await editor.finished((await editor.run(offered["Streetrace: Do “say why”"]))["job"])
    assert ending["state"] == "applied", ending
    assert "Instruction: say why" in faults.requests[-1].json["messages"][-1]["content"]


async def test_turned_off_by_a_project_without_any_trust(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    machine.configure("enabled = false\n", trusted=False)
    editor = await launch(VSCode)
    document = editor.open(machine.write("a.py", TEXT))
    assert await editor.actions(document, document.span("def area")) == {}


async def test_confirm_keeps_the_result_until_the_person_applies_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user("confirm = true\n" + configuration(faults))
    faults.script(Reply(text=BLOCK))
    editor = await launch(Helix)
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "proposed"
    assert document.text == TEXT
    offered = await editor.actions(document, document.span("def area"))
    job = (await editor.run(offered["Streetrace: Apply result"]))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert document.text == FIXED


async def test_hidden_characters_that_an_edit_adds_need_agreement(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    faults.script(Reply(text=BLOCK.replace("width * height", "width * \u202eheight")))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "proposed"
    assert "U+202E" in str(ending["message"])
    assert document.text == TEXT


@pytest.mark.parametrize("name", [".vscode/settings.json", ".env", ".streetrace.toml"])
async def test_protected_files_are_not_even_sent(
    launch: Launch, machine: Machine, faults: FaultServer, name: str
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    document = editor.open(machine.write(name, "a = 1\n"))
    command = {
        "command": "streetrace.action",
        "arguments": [
            {"uri": document.uri, "range": document.span("a = 1"), "action": "fix"},
        ],
    }
    answer = await editor.ask("workspace/executeCommand", command)
    ending = await editor.finished(answer["job"])
    assert ending["state"] == "refused"
    assert name.rpartition("/")[2] in str(ending["message"])
    assert faults.requests == []


async def test_an_answer_without_a_place_to_open_it_is_a_message_and_safe_to_read(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, Bare)
    faults.script(Reply(text="See ![x](https://example.org/leak) \x1b]52;c;aGk=\x07"))
    job = await editor.begin(document, document.span("def area"), "Streetrace: Explain")
    await editor.finished(job)
    said = "\n".join(editor.window.messages)
    assert "[x](https://example.org/leak)" in said
    assert "![" not in said
    assert "\x1b" not in said


async def test_a_link_that_is_swapped_while_the_model_writes_gets_no_edit(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    faults.script(Reply(text=BLOCK, hold_after=1))
    job = await fixing(editor, document)
    await faults.until(lambda: faults.held == 1)
    outside = machine.home / "outside.py"
    outside.write_text(TEXT)
    document.path.unlink()
    document.path.symlink_to(outside)
    faults.release()
    ending = await editor.finished(job)
    assert ending["state"] == "proposed"
    assert "link" in str(ending["message"])
    assert editor.edits == []


async def test_a_link_to_a_protected_file_is_refused_before_anything_is_sent(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    hook = machine.write(".git/hooks/pre-commit", TEXT)
    (machine.root / "app.py").symlink_to(hook)
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    document = editor.open(machine.root / "app.py")
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "refused"
    assert faults.requests == []


async def test_the_one_character_that_helix_always_selects_means_the_function_around_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, Helix)
    start = document.before("return width")
    behind = {"line": start["line"], "character": start["character"] + 1}
    job = await editor.begin(document, {"start": start, "end": behind}, "Streetrace: Explain")
    await editor.finished(job)
    content = "\n".join(one["content"] for one in faults.requests[-1].json["messages"])
    selected = content[content.index("Selected (") :].split("```")[1]
    assert "def area" in selected
    assert "def untouched" not in selected
