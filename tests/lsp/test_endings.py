"""A client that shows how jobs end is told what happened, and shows no second message."""

from __future__ import annotations

from typing import Any

from backends.fault_server import FaultServer, Reply
from lsp.clients.extension import Extension
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import configuration, told


async def asked(
    launch: Launch, machine: Machine, kind: type[VSCode] = Extension, answer: str | None = None
) -> tuple[VSCode, dict[str, Any]]:
    editor = await launch(kind)
    assert isinstance(editor, VSCode)
    editor.window.answer = answer
    document = editor.open(machine.write("a.py", "x = 1\n"))
    job = await editor.begin(document, document.span("x = 1"), "Streetrace: Explain")
    return editor, await editor.finished(job)


async def test_a_project_that_is_not_trusted(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.write(".streetrace.toml", configuration(faults))
    editor, ending = await asked(launch, machine, answer="Not now")
    assert (ending["state"], ending["kind"], ending["tell"]) == ("refused", "untrusted", True)
    assert ending["message"] == (
        ".streetrace.toml is not trusted, so nothing in it is used. The command "
        "“Streetrace: Trust This Project's Configuration…” asks again."
    )
    assert editor.window.messages == []


async def test_the_same_where_the_client_leaves_it_to_the_server(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.write(".streetrace.toml", configuration(faults))
    editor, ending = await asked(launch, machine, VSCode, answer="Not now")
    await told(editor, ending)
    assert ending["message"].endswith("used. The command streetrace.trust asks again.")


async def test_a_key_that_is_missing_or_refused_is_named(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(
        'model = "team/demo"\n[backends.team]\nprovider = "openai"\n'
        f'api_base = "{faults.openai}"\napi_key = "${{TEAM_KEY}}"\n'
    )
    editor, ending = await asked(launch, machine)
    assert (ending["kind"], ending["variable"]) == ("target", "TEAM_KEY")
    assert isinstance(editor, Extension)
    editor.hold(TEAM_KEY="wrong")
    faults.script(Reply(status=401, text="a long story about keys"))
    (document,) = editor.documents.values()
    job = await editor.begin(document, document.span("x = 1"), "Streetrace: Explain")
    ending = await editor.finished(job)
    assert (ending["kind"], ending["variable"]) == ("auth", "TEAM_KEY")
    assert ending["message"].startswith('Backend "team" refused the key (HTTP 401). Check that')
    assert "“Streetrace: Check Models (Doctor)” tests it" in ending["message"]


async def test_a_server_that_does_not_answer_is_said_before_its_address(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(
        'model = "local/demo"\n[backends.local]\nprovider = "ollama"\n'
        'api_base = "http://127.0.0.1:9"\n'
    )
    _, ending = await asked(launch, machine)
    assert (ending["state"], ending["kind"]) == ("failed", "connect")
    assert ending["message"] == (
        'Backend "local" refused the connection. Start it with `ollama serve`. (Asked: 127.0.0.1:9)'
    )


async def test_what_went_well_needs_no_message(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    faults.script(Reply(text="One."))
    _, ending = await asked(launch, machine)
    assert (ending["state"], ending["tell"]) == ("answered", False)
    assert "kind" not in ending
