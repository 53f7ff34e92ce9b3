"""How a request went can be looked at in the editor."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, RIGHT, fixing, opened


async def test_each_step_of_a_request_is_shown_and_nothing_of_its_text(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    busy = Reply(status=503, body=b'{"error": "busy"}')
    faults.script(busy, Reply(text=BLOCK, usage=(120, 30)))
    editor, document = await opened(launch, machine, faults, VSCode)
    await editor.finished(await fixing(editor, document))
    (one,) = (await editor.execute("streetrace.trace"))["requests"]
    steps = [step["what"] for step in one["steps"]]
    assert one["task"] == "fix"
    assert steps[0].startswith(f"asking local (demo) at {faults.base}, a prompt of about ")
    assert "Trying again in" in steps[1]
    assert steps[2:] == ["the answer begins", "done, 120 + 30 tokens, $0.00"]
    moments = [step["seconds"] for step in one["steps"]]
    assert moments == sorted(moments)
    page = editor.window.documents[-1][1]
    assert "| the answer begins |" in page
    assert "def area" not in page
    assert RIGHT.strip() not in page


async def test_before_anything_was_asked_it_says_so(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _ = await opened(launch, machine, faults, Helix)
    answer = await editor.execute("streetrace.trace")
    assert answer["message"] == "Nothing was asked in this session yet."
