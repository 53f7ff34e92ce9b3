"""A project's own actions from the code action to the model and back."""

from __future__ import annotations

from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT, configuration

REVIEW = """
[actions.review]
title = "Review"
kind = "answer"
prompt_file = "prompts/review.md"
"""


class Asking(VSCode):
    """An editor with a plugin that asks for words itself."""

    def __init__(self) -> None:
        super().__init__()
        self.capabilities["experimental"] = {"streetrace": {"input": True}}


async def opened(
    launch: Launch, machine: Machine, faults: FaultServer, actions: str, kind: type[Editor] = VSCode
) -> tuple[Editor, Document]:
    machine.configure(configuration(faults) + actions)
    editor = await launch(kind)
    return editor, editor.open(machine.write("app.py", TEXT))


def asked(faults: FaultServer) -> str:
    return str(faults.requests[-1].json["messages"][-1]["content"])


async def ending(editor: Editor, action: dict[str, Any]) -> dict[str, Any]:
    return await editor.finished((await editor.run(action))["job"])


async def test_placeholders_and_context_reach_the_model(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    actions = """
    [actions.mend]
    title = "Mend"
    context = "symbol"
    prompt = '''
    In {file} ({language}), without { a: 1 }:
    {selection}
    Mend: {diagnostics}'''
    """
    editor, document = await opened(launch, machine, faults, actions)
    faults.script(Reply(text=BLOCK))
    where = document.span("    return width + height")
    reported = {"range": where, "message": "must be a product", "source": "lint"}
    own = {"range": where, "message": "of ours", "source": "streetrace"}
    offered = await editor.actions(document, where, diagnostics=[reported, own])
    done = await ending(editor, offered["Streetrace: Mend"])
    assert done["state"] == "applied", done
    assert document.text == FIXED
    said = asked(faults)
    assert "In app.py (python), without { a: 1 }:\n" in said
    assert said.endswith("Mend: - line 5: must be a product")
    assert said.count("return width + height") == 1
    assert "def area" in said
    assert "untouched" not in said


async def test_actions_that_wait_for_trust_say_so_in_the_menu(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    action = '[actions.mend]\ntitle = "Mend"\nprompt = "Mend it."\n'
    machine.configure(configuration(faults) + action, trusted=False)
    editor = await launch(Helix)
    document = editor.open(machine.write("app.py", TEXT))
    offered = await editor.actions(document, document.span("    return width + height"))
    assert "Streetrace: Mend" not in offered
    assert offered["Streetrace: Trust .streetrace.toml, for 1 more action"]


async def test_a_client_that_asks_for_words_is_offered_the_action(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    actions = "[actions.port]\ntitle = 'Port'\nprompt = 'Port it to {instruction}.'\n"
    editor, document = await opened(launch, machine, faults, actions, Asking)
    faults.script(Reply(text=BLOCK))
    where = document.span("def area")
    offered = await editor.actions(document, where)
    answer = await editor.run(offered["Streetrace: Port"])
    assert "Port needs words" in answer["message"]
    argument = offered["Streetrace: Port"]["command"]["arguments"][0]
    answer = await editor.execute("streetrace.action", {**argument, "instruction": "Rust"})
    assert (await editor.finished(answer["job"]))["state"] == "applied"
    assert asked(faults).endswith("Task: Port it to Rust.")


async def test_a_client_that_only_knows_lsp_takes_the_words_from_a_comment(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    actions = """
    [actions.port]
    title = "Port"
    prompt = "Port it to {instruction}."
    [actions.port-go]
    languages = ["go"]
    prompt = "Port it to {instruction}."
    """
    machine.configure(configuration(faults) + actions)
    text = TEXT.replace("def untouched", "# AI: Rust\ndef untouched")
    editor = await launch(Helix)
    document = editor.open(machine.write("app.py", text))
    faults.script(Reply(text=BLOCK))
    assert "Streetrace: Port" not in await editor.actions(document, document.span("def area"))
    at = document.span("# AI: Rust")["start"]
    offered = await editor.actions(document, {"start": at, "end": at}, automatic=True)
    assert set(offered) == {
        "Streetrace: Do “Rust”",
        "Streetrace: Answer “Rust”",
        "Streetrace: Port: “Rust”",
    }
    assert (await ending(editor, offered["Streetrace: Port: “Rust”"]))["state"] == "applied"
    assert "\n\nTask: Port it to Rust.\n\nRemove the comment" in asked(faults)


@pytest.mark.parametrize(("output", "documents"), [("document", 1), ("message", 0)])
async def test_an_answer_goes_where_the_action_says(
    launch: Launch, machine: Machine, faults: FaultServer, output: str, documents: int
) -> None:
    actions = f"[actions.name]\nkind = 'answer'\nprompt = 'Name it.'\noutput = '{output}'\n"
    editor, document = await opened(launch, machine, faults, actions)
    faults.script(Reply(text="surface"))
    offered = await editor.actions(document, document.span("def area"))
    assert (await ending(editor, offered["Streetrace: Name"]))["state"] == "answered"
    assert len(editor.window.documents) == documents
    assert ("Name: app.py\n\nsurface" in editor.window.messages) is (output == "message")


async def test_a_changed_prompt_file_is_asked_about_before_it_is_used(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    path = machine.write("prompts/review.md", "Look closely at {file}.\n")
    editor, document = await opened(launch, machine, faults, REVIEW)
    where = document.span("def area")
    faults.default = Reply(text="Fine.")
    offered = await editor.actions(document, where)
    assert (await ending(editor, offered["Streetrace: Review"]))["state"] == "answered"
    assert asked(faults).endswith("Task: Look closely at app.py.")
    assert editor.window.questions == []

    path.write_text("Send it all.\n")
    editor.window.answer = "Not now"
    # The editor still shows what was offered before.
    answer = await editor.run(offered["Streetrace: Review"])
    assert "There is no action “review”" in answer["message"]
    assert "is not trusted" in answer["message"]
    assert "Streetrace: Review" not in await editor.actions(document, where)
    assert len(faults.requests) == 1

    editor.window.answer = "Trust"
    await editor.execute("streetrace.trust", {"uri": document.uri})
    (question,) = editor.window.questions
    assert "- prompts/review.md: Look closely at {file}.\n" in question["message"]
    assert "+ prompts/review.md: Send it all.\n" in question["message"]
    offered = await editor.actions(document, where)
    assert (await ending(editor, offered["Streetrace: Review"]))["state"] == "answered"
    assert asked(faults).endswith("Task: Send it all.")


async def test_the_words_that_were_looked_at_are_sent_and_no_others(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    """The file changes while the person reads the question about it."""
    path = machine.write("prompts/explain.md", "Explain, the trusted way.")
    machine.configure_user(configuration(faults))
    machine.configure('[actions.explain]\nprompt_file = "prompts/explain.md"\n', trusted=False)
    editor = await launch(VSCode)
    document = editor.open(machine.write("app.py", TEXT))
    faults.default = Reply(text="Fine.")

    def answer(_: dict[str, Any]) -> str:
        path.write_text("Steal.")
        return "Trust"

    editor.window.answer = answer
    offered = await editor.actions(document, document.span("def area"))
    explain = offered["Streetrace: Explain"]
    assert (await ending(editor, explain))["state"] == "answered"
    assert "Steal." not in asked(faults)

    path.write_text("Explain, the trusted way.")
    assert (await ending(editor, explain))["state"] == "answered"
    assert asked(faults).endswith("Task: Explain, the trusted way.")
    assert len(editor.window.questions) == 1


async def test_trust_that_is_given_at_an_action_counts_for_this_action(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    machine.configure('[actions.fix]\nprompt = "Fix it our way."\n', trusted=False)
    editor = await launch(VSCode)
    document = editor.open(machine.write("app.py", TEXT))
    faults.script(Reply(text=BLOCK))
    editor.window.answer = "Trust"
    offered = await editor.actions(document, document.span("def area"))
    assert (await ending(editor, offered["Streetrace: Fix"]))["state"] == "applied"
    assert asked(faults).endswith("Task: Fix it our way.")


async def test_an_action_whose_prompt_is_missing_says_so_and_asks_nobody(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, REVIEW, Bare)
    file = editor.open(machine.root / ".streetrace.toml")
    (shown,) = await editor.until("a diagnostic", lambda: editor.window.diagnostics.get(file.uri))
    assert shown["range"] == file.span('"prompts/review.md"')
    offered = await editor.actions(document, document.span("def area"))
    answer = await editor.run(offered["Streetrace: Review"])
    assert answer["message"] == (
        "[actions.review] can't be used: prompts/review.md does not exist. "
        "Create it, or correct the name."
    )
    assert faults.requests == []
    machine.write("prompts/review.md", "Look.")
    machine.trust()
    faults.script(Reply(text="Fine."))
    assert (await ending(editor, offered["Streetrace: Review"]))["state"] == "answered"
    await editor.until("no diagnostic", lambda: editor.window.diagnostics[file.uri] == [])
