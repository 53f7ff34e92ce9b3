"""The configuration in force, and what is wrong in it, as pages in the editor."""

from __future__ import annotations

import pytest

from lsp.clients.editor import Editor
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine

TOML = 'model = "local"\n\n[backends.local]\nprovider = "ollama"\napi_key = "${MY_KEY}"\n'
CANARY = "sk-canary-77aa"


@pytest.mark.parametrize("kind", SIX)
async def test_every_value_in_force_is_shown_with_its_source_and_no_key(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    machine.configure_user("[defaults]\ntimeout = 60\n")
    editor = await launch(kind, variables={"MY_KEY": CANARY})
    editor.open(machine.configure(TOML))
    answer = await editor.execute("streetrace.config.show")
    rows = {row["key"]: (row["value"], row["source"]) for row in answer["values"]}
    assert rows["model"] == ('"local"', "project")
    assert rows["defaults.timeout"] == ("60.0", "user")
    assert rows["backends.local.api_key"] == ('"${MY_KEY}"', "project")
    shown = editor.window.words()
    assert '| `model` | `"local"` | project |' in shown
    assert CANARY not in shown + str(answer)


async def test_what_is_wrong_is_listed_with_its_place(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    file = editor.open(machine.configure(TOML + "zebra = 1\n", trusted=False))
    answer = await editor.execute("streetrace.config.check", {"uri": file.uri})
    assert [(one["place"], one["code"]) for one in answer["problems"]] == [
        (f"{file.path}:6", "unknown-key"),
        (f"{file.path}:1", "unclear-target"),
    ]


async def test_nothing_wrong_is_said_in_a_message(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    file = editor.open(machine.configure("local_only = true\n"))
    answer = await editor.execute("streetrace.config.check")
    assert answer["message"] == f"{file.path}: no problems."
