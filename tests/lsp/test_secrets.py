"""No secret in what a model is asked, on any wire; and every one still where it was afterwards."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.helix import Helix
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import configuration

DOTENV, SOURCE, RULES, DIFF, WORDS = (
    f"ghp_{letter * 6}0123456789abcdefghijABCDEFGHIJ" for letter in "QRSTU"
)
ALL = (DOTENV, SOURCE, RULES, DIFF, WORDS)
TOKEN = "WITHHELD_SECRET_0001"
TEXT = f"""\
import api

KEY = "{SOURCE}"


def call() -> int:
    key = "{SOURCE}"
    return api.cal(key)
"""
FIXED = '```python\ndef call() -> int:\n    key = "{key}"\n    return api.call(key)\n```'
WIRES = ("openai", "anthropic", "ollama")


def backend(faults: FaultServer, wire: str) -> str:
    if wire == "anthropic":
        return (
            'model = "local/demo"\n[backends.local]\nprovider = "anthropic"\n'
            f'api_base = "{faults.base}"\n'
        )
    return configuration(faults, wire)


async def started(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    wire: str,
    kind: type[Editor] = VSCode,
) -> tuple[Editor, Document]:
    machine.configure(backend(faults, wire), trusted=False)
    run_program(machine, "trust", "--yes", str(machine.root))
    editor = await launch(kind, variables={"ANTHROPIC_API_KEY": "k"})
    return editor, editor.open(machine.write("app.py", TEXT))


def run_program(machine: Machine, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-I", "-m", "streetrace_lsp", *words],
        check=True,
        env=machine.environment | {"ANTHROPIC_API_KEY": "k"},
        capture_output=True,
    )


def git(machine: Machine, *words: str) -> None:
    subprocess.run(["git", *words], cwd=machine.root, check=True, capture_output=True)


def assert_nothing_arrived(faults: FaultServer) -> None:
    sent = b"".join(request.body for request in faults.requests)
    assert sent
    for secret in ALL:
        assert secret.encode() not in sent
        # Not a part of it either.
        assert secret[8:24].encode() not in sent


async def finished(editor: Editor, command: str, argument: dict[str, Any]) -> dict[str, Any]:
    return await editor.finished((await editor.execute(command, argument))["job"])


@pytest.mark.parametrize("wire", WIRES)
async def test_fix_leaves_a_secret_as_it_was(
    launch: Launch, machine: Machine, faults: FaultServer, wire: str
) -> None:
    machine.write(".env", f"TOKEN={DOTENV}\n")
    agents = machine.write("AGENTS.md", f"Call with {RULES}.\n")
    run_program(machine, "trust", "--yes", str(agents))
    editor, document = await started(launch, machine, faults, wire)
    second = "WITHHELD_SECRET_0002"
    faults.script(Reply(text=FIXED.format(key=second)))
    done = await finished(
        editor,
        "streetrace.action",
        {
            "uri": document.uri,
            "range": document.span("def call", "api.cal(key)"),
            "action": "fix",
            "instruction": f"not with {WORDS}",
            "diagnostics": [f"line 7: {SOURCE} is unknown"],
        },
    )
    assert done["state"] == "applied", done
    assert document.text == TEXT.replace("api.cal(", "api.call(")
    assert_nothing_arrived(faults)
    said = " ".join(done["withheld"])
    assert "2 secrets in app.py (lines 3, 7: " in said
    for name in ("the instruction", "diagnostic 1", "AGENTS.md"):
        assert f"a secret in {name}" in said
    assert "withheld: 2 secrets in app.py" in done["message"]


@pytest.mark.parametrize("wire", WIRES)
async def test_the_staged_changes(
    launch: Launch, machine: Machine, faults: FaultServer, wire: str
) -> None:
    machine.write(".env", f"TOKEN={DOTENV}\n")
    machine.write("new.py", f'TOKEN = "{DIFF}"\n')
    git(machine, "init", "-q")
    git(machine, "add", ".env", "new.py")
    editor, document = await started(launch, machine, faults, wire)
    faults.script(Reply(text="Add a token\n"))
    done = await finished(editor, "streetrace.commit", {"uri": document.uri})
    assert done["state"] == "answered", done
    assert_nothing_arrived(faults)
    assert b"+TOKEN = " in b"".join(request.body for request in faults.requests)
    assert b".env" not in b"".join(request.body for request in faults.requests)
    assert done["withheld"][0].startswith(".env (files of this name hold secrets")
    assert done["withheld"][1].startswith("a secret in staged changes")


async def test_a_reply_without_the_token_changes_nothing(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await started(launch, machine, faults, "ollama", Helix)
    lost = Reply(text='```python\ndef call() -> int:\n    return api.call("")\n```')
    faults.script(lost, lost)
    done = await finished(
        editor,
        "streetrace.action",
        {
            "uri": document.uri,
            "range": document.span("def call", "api.cal(key)"),
            "action": "fix",
        },
    )
    assert done["state"] == "refused", done
    assert "removes or alters a secret that was withheld" in done["message"]
    assert document.text == TEXT
    # It was told why, and asked once more: without the secret again.
    assert len(faults.requests) == 2
    assert_nothing_arrived(faults)


async def test_an_answer_shows_the_token_and_says_what_was_withheld(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await started(launch, machine, faults, "ollama")
    faults.script(Reply(text=f"It calls with {TOKEN}."))
    done = await finished(
        editor,
        "streetrace.action",
        {"uri": document.uri, "range": document.span("KEY"), "action": "explain"},
    )
    assert done["state"] == "answered", done
    (page,) = (machine.state / "answers").glob("*.md")
    text = page.read_text("utf-8")
    assert f"It calls with {TOKEN}." in text
    assert "Not sent to the model: withheld 2 secrets in app.py" in text
    assert SOURCE not in text


@pytest.mark.parametrize(
    ("name", "ignored", "why"),
    [
        (".env", "", "files of this name hold secrets, and are never sent"),
        ("secrets.py", "secrets.py\n", ".aiignore names it"),
        ("data/x.csv", "", "exclude under [context] names it"),
    ],
)
async def test_a_file_that_may_not_be_sent_is_not_asked_about(
    launch: Launch, machine: Machine, faults: FaultServer, name: str, ignored: str, why: str
) -> None:
    machine.write(".aiignore", ignored)
    machine.configure(f'{configuration(faults)}[context]\nexclude = ["data/"]\n')
    editor = await launch(VSCode)
    document = editor.open(machine.write(name, f"TOKEN={DOTENV}\n"))
    for action in ("explain", "fix"):
        done = await finished(
            editor,
            "streetrace.action",
            {"uri": document.uri, "range": document.span("TOKEN"), "action": action},
        )
        assert done["state"] == "refused", done
        # A model may not edit a `.env` either, which is said first.
        assert why in done["message"] or name == ".env"
    assert faults.requests == []
