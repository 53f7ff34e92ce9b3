"""Keys that the editor holds: asked for one by one, by the rules that hold for every key."""

from __future__ import annotations

from typing import Any

import pytest

from attacks.canaries import CANARIES, assert_no_canary, listening
from backends.fault_server import FaultServer, Reply
from lsp.chatting import new_chat
from lsp.clients.extension import Extension
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import configuration

OWN = "OWN_KEY"
SECRET = CANARIES["OPENAI_API_KEY"]


def configured(faults: FaultServer, variable: str = OWN) -> str:
    return (
        'model = "cloud/demo"\n[backends.cloud]\nprovider = "openai"\nmodel = "demo"\n'
        f'api_base = "{faults.openai}"\napi_key = "${{{variable}}}"\n'
    )


async def editing(launch: Launch, machine: Machine, **keys: str) -> Extension:
    editor = await launch(Extension)
    assert isinstance(editor, Extension)
    editor.hold(**keys)
    editor.open(machine.write("a.py", "x = 1\n"))
    return editor


async def explain(editor: Extension) -> dict[str, Any]:
    (document,) = [one for one in editor.documents.values() if one.path.name == "a.py"]
    job = await editor.begin(document, document.span("x = 1"), "Streetrace: Explain")
    return await editor.finished(job)


def sent(faults: FaultServer) -> list[str | None]:
    return [request.headers.get("authorization") for request in faults.requests]


async def test_a_key_is_asked_for_when_a_request_needs_it_and_once(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await editing(launch, machine, OWN_KEY=SECRET, OTHER_KEY="other")
    status = await editor.ask("streetrace/status", {"version": 1})
    assert (status["model"], status["configured"], status["fault"]) == ("cloud/demo", True, "")
    assert status["keyVariables"] == [OWN]
    assert editor.keys_asked == []
    for number in range(2):
        faults.script(Reply(text=f"It is {number}."))
        ending = await explain(editor)
        assert ending["state"] == "answered", ending
    assert (editor.keys_asked, sent(faults)) == ([OWN], [f"Bearer {SECRET}"] * 2)
    assert SECRET not in editor.window.words()
    editor.connection.log[:] = [one for one in editor.connection.log if '"key"' not in one]
    assert_no_canary(editor, machine)


async def test_the_doctor_says_where_a_key_is_and_what_the_editor_can_do(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await editing(launch, machine, OWN_KEY=SECRET)
    faults.default = Reply(status=401, text="no")
    job = (await editor.execute("streetrace.doctor"))["job"]
    await editor.finished(job)
    page = editor.window.words()
    assert "OWN_KEY is set, in the editor's store" in page
    assert "streetrace-lsp" not in page


async def test_a_first_configuration_names_the_editors_commands(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor = await editing(launch, machine)
    document = editor.open(machine.write(".streetrace.toml", ""))
    answer = await editor.execute("streetrace.init", {"uri": document.uri})
    assert answer["message"].startswith(".streetrace.toml is filled in: save it. ")
    head, _ = document.text.split("\n\n", maxsplit=1)
    assert "“Streetrace: Check Configuration”" in head.replace("\n# ", " ")
    assert "streetrace-lsp" not in head


async def test_nothing_is_asked_for_a_project_that_is_not_trusted(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.write(".streetrace.toml", listening(faults))
    editor = await editing(launch, machine, OPENAI_API_KEY=SECRET)
    editor.window.answer = "Not now"
    assert (await explain(editor))["state"] == "refused"
    await editor.ask("streetrace/model/list", {"version": 1})
    assert (editor.keys_asked, faults.requests) == ([], [])
    editor.window.answer = "Trust"
    await editor.execute("streetrace.trust", {})
    question = editor.window.questions[-1]["message"]
    assert f"OPENAI_API_KEY may be sent to {faults.base}" in question
    faults.script(Reply(text="One."))
    assert (await explain(editor))["state"] == "answered"
    assert (editor.keys_asked, sent(faults)) == (["OPENAI_API_KEY"], [f"Bearer {SECRET}"])


async def test_a_variable_of_the_shell_goes_first(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await launch(Extension, variables={OWN: "of the shell"})
    assert isinstance(editor, Extension)
    editor.hold(OWN_KEY=SECRET)
    editor.open(machine.write("a.py", "x = 1\n"))
    faults.script(Reply(text="One."))
    await explain(editor)
    assert (editor.keys_asked, sent(faults)) == ([], ["Bearer of the shell"])


async def test_a_new_key_is_asked_for_anew_and_a_removed_one_is_gone(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await editing(launch, machine, OWN_KEY="first")
    faults.script(Reply(text="One."), Reply(text="Two."))
    await explain(editor)
    editor.hold(OWN_KEY="second")
    await explain(editor)
    assert sent(faults) == ["Bearer first", "Bearer second"]
    editor.hold()
    ending = await explain(editor)
    assert ending["state"] == "failed"
    assert "OWN_KEY" in ending["message"]
    assert "Streetrace: Set API Key…" in ending["message"]
    assert len(faults.requests) == 2


@pytest.mark.parametrize("how", ["fails", "has none after all"])
async def test_a_store_that_gives_nothing_is_a_key_that_is_not_set(
    launch: Launch, machine: Machine, faults: FaultServer, how: str
) -> None:
    machine.configure_user(configured(faults))
    editor = await editing(launch, machine, OWN_KEY=SECRET)
    editor.keys = None if how == "fails" else {}
    ending = await explain(editor)
    assert (ending["state"], faults.requests) == ("failed", [])
    assert "OWN_KEY is not set" in ending["message"]


async def test_what_is_no_key_is_not_taken(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    """A setting that were stored as a key would redirect requests where nobody sees it."""
    machine.configure_user(
        'model = "openai/gpt-4o-mini"\n[backends.openai]\nprovider = "openai"\n'
        'api_base = "${OPENAI_BASE_URL}"\napi_key = "k"\n'
    )
    editor = await editing(launch, machine, OPENAI_BASE_URL=faults.openai, HTTPS_PROXY=faults.base)
    ending = await explain(editor)
    assert ending["state"] in {"refused", "failed"}
    assert (editor.keys_asked, faults.requests) == ([], [])


async def test_the_doctor_and_the_list_of_models_have_the_keys_too(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await editing(launch, machine, OWN_KEY="k")
    (target,) = (await editor.ask("streetrace/model/list", {"version": 1}))["targets"]
    assert (target["target"], target["problem"]) == ("cloud/demo", "")
    faults.script(Reply(text="."))
    ending = await editor.finished((await editor.execute("streetrace.doctor", {}))["job"])
    assert ending["healthy"], ending
    assert editor.keys_asked == [OWN]


async def test_a_client_that_holds_no_keys_is_not_asked(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configured(faults))
    editor = await launch(VSCode)
    editor.notify("streetrace/keys", {"version": 1, "names": [OWN]})
    document = editor.open(machine.write("a.py", "x = 1\n"))
    job = await editor.begin(document, document.span("x = 1"), "Streetrace: Explain")
    ending = await editor.finished(job)
    assert "streetrace-lsp key set OWN_KEY" in ending["message"]
    assert not [line for line in editor.connection.log if '"streetrace/key"' in line]


async def test_the_status_tells_how_far_a_project_is_trusted(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    path = machine.write(".streetrace.toml", configuration(faults))
    editor = await editing(launch, machine)
    document = next(iter(editor.documents.values()))
    status = await editor.ask("streetrace/status", {"version": 1, "uri": document.uri})
    assert status["project"] == {"uri": path.as_uri(), "trust": "restricted", "question": True}
    assert (status["configured"], status["model"]) == (False, None)
    machine.trust()
    status = await editor.ask("streetrace/status", {"version": 1, "uri": document.uri})
    assert status["project"] == {"uri": path.as_uri(), "trust": "trusted", "question": False}
    assert status["configured"]


async def test_where_the_editor_restricts_the_workspace_no_project_is_trusted(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    path = machine.write(".streetrace.toml", listening(faults))
    machine.trust()
    editor = await launch(Extension)
    assert isinstance(editor, Extension)
    editor.hold(OPENAI_API_KEY=SECRET)
    editor.notify("workspace/didChangeConfiguration", {"settings": {"restrictedMode": True}})
    document = editor.open(machine.write("a.py", "x = 1\n"))
    editor.window.answer = "Trust"
    ending = await explain(editor)
    assert ending["state"] == "refused"
    assert "Your editor restricts this folder" in ending["message"]
    await editor.execute("streetrace.trust", {"uri": document.uri})
    status = await editor.ask("streetrace/status", {"version": 1, "uri": document.uri})
    assert status["project"] == {"uri": path.as_uri(), "trust": "restricted", "question": False}
    assert (editor.window.questions, editor.keys_asked, faults.requests) == ([], [], [])
    editor.notify("workspace/didChangeConfiguration", {"settings": {"restrictedMode": False}})
    faults.script(Reply(text="One."))
    assert (await explain(editor))["state"] == "answered"
    assert (editor.keys_asked, sent(faults)) == (["OPENAI_API_KEY"], [f"Bearer {SECRET}"])


def beside_a_local_model(faults: FaultServer) -> str:
    """A backend with a key that nothing names as the one to ask."""
    return configured(faults).replace("cloud/demo", "here/small") + (
        f'[backends.here]\nprovider = "ollama"\nmodel = "small"\napi_base = "{faults.base}"\n'
    )


async def test_whom_to_switch_to_is_looked_at_with_its_key(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(beside_a_local_model(faults))
    editor = await editing(launch, machine, OWN_KEY=SECRET)
    answer = await editor.execute("streetrace.model", {"target": "cloud/demo"})
    assert (answer["current"], editor.keys_asked) == ("cloud/demo", [OWN])


async def test_every_backend_is_tested_and_listed_with_its_key(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(beside_a_local_model(faults))
    faults.default = Reply(text=".")
    editor = await editing(launch, machine, OWN_KEY=SECRET)
    listed = (await editor.ask("streetrace/model/list", {"version": 1}))["targets"]
    assert {one["target"]: one["problem"] for one in listed} == {"cloud/demo": "", "here/small": ""}
    editor.hold(OWN_KEY=SECRET)  # every value is forgotten
    ending = await editor.finished((await editor.execute("streetrace.doctor", {}))["job"])
    assert ending["healthy"], ending
    editor.hold(OWN_KEY=SECRET)
    answer = await editor.execute("streetrace.backend.test", {"backend": "cloud"})
    ending = await editor.finished(answer["job"])
    assert ending["state"] == "answered", ending


async def test_an_action_takes_only_the_keys_that_it_may_need(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(beside_a_local_model(faults))
    faults.default = Reply(text="It is one.")
    editor = await editing(launch, machine, OWN_KEY=SECRET)
    assert (await explain(editor))["state"] == "answered"
    assert editor.keys_asked == []


async def test_a_chat_changes_to_a_model_with_its_key(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(beside_a_local_model(faults))
    editor = await editing(launch, machine, OWN_KEY=SECRET)
    chat = await new_chat(editor)
    answer = await editor.execute(
        "streetrace.chat.model", {"uri": chat.uri, "target": "cloud/demo"}
    )
    ending = await editor.finished(answer["job"])
    assert (ending["state"], editor.keys_asked) == ("applied", [OWN]), ending
