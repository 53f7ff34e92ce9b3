"""What was used, seen from the editor."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from lsp.clients.bare import Bare
from lsp.clients.editor import Editor
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import TEXT
from usage_history import asked, kept

DAY = date.today() - timedelta(days=1)


@pytest.mark.parametrize("kind", SIX)
async def test_the_page_and_the_numbers(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    machine.configure_user("[budget]\nday = 2.5\n")
    await kept(machine.state, [asked(DAY, 1.2), asked(DAY, model="<img src=http://x/>\x1b[1m")])
    editor = await launch(kind)
    answer = await editor.execute("streetrace.usage")
    assert answer["message"].startswith("$1.20 +? for 2 requests since ")
    assert answer["total"]["promptTokens"] == 2000
    assert answer["total"]["unknownCost"] == 1
    assert [one["cost"] for one in answer["models"]] == [1.2, None]
    assert answer["models"][0]["medianSeconds"] == 2.0
    assert answer["limits"][0]["limit"] == 2.5
    shown = editor.window.words()
    assert "$0.00 of $2.50 today" in shown
    assert "| `anthropic/opus` | 1 | 0 | 1.0 k | 100 | $1.20 | 2.0 s |" in shown
    assert "█" in shown
    assert "<img" not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"since": "soon"}, "YYYY-MM-DD"),
        ({"since": 7}, "YYYY-MM-DD"),
        ({}, "The last request was on 2024-02-29: since 2024-02-29 shows it."),
        ({"since": "2024-02-01"}, "$0.25 for 1 request since 1 Feb 2024."),
        (None, "since 2024-02-29 shows it"),
    ],
)
async def test_since(launch: Launch, machine: Machine, given: object, words: str) -> None:
    await kept(machine.state, [asked(date(2024, 2, 29), 0.25)])
    editor = await launch(Bare)
    answer = await editor.execute("streetrace.usage", given)
    assert words in answer["message"]
    assert words in "\n".join(editor.window.messages)


async def test_nothing_yet_and_no_history(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    editor.open(machine.write("app.py", TEXT))
    answer = await editor.execute("streetrace.usage")
    assert answer["message"].startswith("Nothing was asked yet.")
    assert answer["models"] == []
    assert editor.window.documents == []
    await editor.stop()

    for path in machine.state.glob("usage.sqlite3*"):
        path.unlink()
    (machine.state / "usage.sqlite3").mkdir()
    editor = await launch(VSCode)
    answer = await editor.execute("streetrace.usage")
    assert "is not a regular file" in answer["message"]
    assert json.dumps(answer)
