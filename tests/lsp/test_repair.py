"""One repair round: a refused edit goes back to the model once, with the reasons."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, configuration, fixing, opened

MISSED = BLOCK.replace("wrong, naïve", "not in the file")


async def test_a_corrected_answer_is_applied(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    faults.script(Reply(text=MISSED), Reply(text=BLOCK))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "applied", ending
    assert "tokens, asked twice" in str(ending["message"])
    assert document.text == FIXED
    asked = [request.json["messages"] for request in faults.requests if request.json]
    assert [message["role"] for message in asked[-1]] == ["system", "user", "assistant", "user"]
    assert asked[-1][2]["content"] == MISSED
    assert asked[-1][3]["content"].count("\n- ") == 1


async def test_there_is_one_round_and_the_first_refusal_is_explained(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    faults.script(Reply(text=MISSED), Reply(text="Sorry."), Reply(text=BLOCK))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "refused", ending
    assert "can't be applied safely" in str(ending["message"])
    assert document.text == TEXT
    assert len([r for r in faults.requests if r.path == "/api/chat"]) == 2


async def test_the_configuration_can_turn_it_off(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults) + "\n[defaults]\nrepair = false\n")
    faults.script(Reply(text=MISSED), Reply(text=BLOCK))
    editor = await launch(VSCode)
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "refused", ending
    assert len([r for r in faults.requests if r.path == "/api/chat"]) == 1
