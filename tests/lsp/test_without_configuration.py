"""Nothing is configured: Ollama's models serve, a key that is set is offered once."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, TEXT, fixing


async def test_an_installed_coding_model_serves(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.models = ("nomic-embed-text", "llama3", "qwen2.5-coder:7b")
    faults.script(Reply(text=BLOCK))
    editor = await launch(VSCode, variables={"OLLAMA_HOST": faults.base})
    document = editor.open(machine.write("app.py", TEXT))
    await editor.finished(await fixing(editor, document))
    assert [r.json["model"] for r in faults.requests if r.path == "/api/chat"] == [
        "qwen2.5-coder:7b"
    ]


async def test_a_provider_whose_key_is_set_is_offered_once_and_never_used_unasked(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    faults.models = ()
    variables = {"OLLAMA_HOST": faults.base, "ANTHROPIC_API_KEY": "sk-ant-canary"}
    editor = await launch(VSCode, variables=variables)
    editor.window.answer = "Don't use it"
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "failed"
    assert "ANTHROPIC_API_KEY" in editor.window.questions[0]["message"]
    assert "sk-ant-canary" not in str(editor.window.questions)
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "failed"
    assert len(editor.window.questions) == 1
    assert document.text == TEXT


async def test_with_nothing_at_all_the_message_says_how_to_start(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer() as gone:
        dead = gone.base
    editor = await launch(VSCode, variables={"OLLAMA_HOST": dead})
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "failed"
    assert "ollama pull" in str(ending["message"])
