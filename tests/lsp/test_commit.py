"""The message for what is staged, in the editor."""

from __future__ import annotations

import subprocess

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.sample import configuration

WAITING = "\n# Please enter the commit message.\n#\n#\tnew file:   a.py\n"
ASK = "streetrace/commit/message"
MESSAGE = "Add a\n\nBecause b."


def staged(machine: Machine) -> None:
    machine.write("a.py", "x = 1\n")
    git(machine, "init", "-q")
    git(machine, "add", "a.py")


def git(machine: Machine, *words: str) -> None:
    subprocess.run(["git", *words], cwd=machine.root, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WAITING, f"{MESSAGE}{WAITING}"),
        (f"Old\n{WAITING}", f"{MESSAGE}\nOld\n{WAITING}"),
    ],
)
@pytest.mark.parametrize("kind", [VSCode, Helix])
async def test_it_is_written_into_the_open_message(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    kind: type[Editor],
    before: str,
    after: str,
) -> None:
    staged(machine)
    machine.configure(configuration(faults))
    editor = await launch(kind)
    editor.languages["COMMIT_EDITMSG"] = "git-commit"
    document = editor.open(machine.write(".git/COMMIT_EDITMSG", before))
    offered = await editor.actions(document, document.span("#"))
    assert list(offered) == ["Streetrace: Write the commit message"]
    faults.script(Reply(text=f"```\n{MESSAGE}\n```\n"))
    job = (await editor.run(offered["Streetrace: Write the commit message"]))["job"]
    done = await editor.finished(job)
    assert done["state"] == "applied", done
    assert document.text == after
    (request,) = faults.requests
    assert "+x = 1" in request.json["messages"][-1]["content"]


async def test_elsewhere_it_opens_as_a_page(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    staged(machine)
    machine.configure(configuration(faults))
    editor = await launch(VSCode)
    document = editor.open(machine.root / "a.py")
    faults.script(Reply(text=MESSAGE))
    job = (await editor.execute("streetrace.commit", {"uri": document.uri}))["job"]
    assert (await editor.finished(job))["state"] == "answered"
    (page,) = (machine.state / "answers").glob("*.md")
    assert f"```text\n{MESSAGE}\n```" in page.read_text("utf-8")
    assert document.text == "x = 1\n"


@pytest.mark.parametrize("project", [True, False])
async def test_git_is_not_asked_in_a_project_that_is_not_trusted(
    launch: Launch, machine: Machine, faults: FaultServer, project: bool
) -> None:
    staged(machine)
    program = machine.write("program.sh", f"#!/bin/sh\ntouch {machine.home / 'ran'}\n")
    program.chmod(0o755)
    git(machine, "config", "core.fsmonitor", str(program))
    machine.configure_user(configuration(faults))
    if project:
        machine.configure(configuration(faults), trusted=False)
    editor = await launch(VSCode)
    document = editor.open(machine.root / "a.py")
    job = (await editor.execute("streetrace.commit", {"uri": document.uri}))["job"]
    done = await editor.finished(job)
    assert done["state"] in {"failed", "refused"}, done
    assert "git is asked only in a project that you trust" in done["message"]
    assert faults.requests == []
    assert not (machine.home / "ran").exists()


async def test_a_program_gets_the_message_itself(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    staged(machine)
    machine.configure(configuration(faults))
    editor = await launch(VSCode)
    faults.script(Reply(text=f"```\n{MESSAGE}\n```"))
    asked = {"version": 1, "folder": machine.root.as_uri(), "instruction": "Say why"}
    found = await editor.ask(ASK, asked)
    assert found["text"] == f"{MESSAGE}\n"
    assert (found["backend"], found["model"]) == ("local", "demo")
    sent = faults.requests[0].json["messages"][-1]["content"]
    assert "+x = 1" in sent
    assert "Say why" in sent
    assert not list((machine.state / "answers").glob("*.md"))


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"folder": "/elsewhere"}, -32803, "/elsewhere is no workspace folder."),
        ({"folder": 7}, -32602, "folder: takes a text"),
        ({"text": "x"}, -32602, "there is no field “text”"),
        ({}, -32803, "in a project that you trust"),
    ],
)
async def test_a_program_is_told_why_there_is_no_message(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    asked: dict[str, object],
    code: int,
    words: str,
) -> None:
    staged(machine)
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    with pytest.raises(ResponseError) as caught:
        await editor.ask(ASK, {"version": 1, **asked})
    assert caught.value.code == code
    assert words in caught.value.message
    assert faults.requests == []
