"""A stream that is cut, at whatever byte, changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from backends.fault_server import FaultServer, Reply, body_of
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import configuration, told

TEXT = "a = 1\nb = 2\n"
REPLIES = {
    "search-replace": "<<<<<<< SEARCH\na = 1\n=======\na = 3\n>>>>>>> REPLACE\n",
    "selection": "```\na = 3\nb = 2\n```\n",
}


@pytest.mark.parametrize(
    ("grammar", "framing"), [("search-replace", "close"), ("selection", "chunked")]
)
async def test_a_reply_cut_at_any_byte_changes_nothing(
    launch: Launch,
    machine: Machine,
    faults: FaultServer,
    grammar: str,
    framing: Literal["chunked", "close"],
) -> None:
    whole = Reply(text=REPLIES[grammar], chunk=len(REPLIES[grammar]), framing=framing)
    machine.configure_user(configuration(faults).replace("search-replace", grammar))
    editor = await launch(VSCode)
    document = editor.open(machine.write("a.py", TEXT))
    action = (await editor.actions(document, document.span(TEXT)))["Streetrace: Fix"]

    # Without chunks, a missing last line end can't be told from the end of the body.
    length = len(body_of(whole, wire="ollama")) - (framing == "close")
    for cut in range(length):
        faults.default = replace(whole, cut_after=cut)
        ending = await editor.finished((await editor.run(action))["job"])
        assert ending["state"] in {"failed", "refused"}, (cut, ending)
        assert editor.edits == [], cut
        assert document.text == TEXT, cut

    faults.default = whole
    ending = await editor.finished((await editor.run(action))["job"])
    assert ending["state"] == "applied", ending
    assert document.text == TEXT.replace("1", "3")


@pytest.mark.parametrize("finish", [None, "length", "load", "content_filter", "refusal"])
async def test_a_whole_edit_without_a_good_ending_changes_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, finish: str | None
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(VSCode)
    document = editor.open(machine.write("a.py", TEXT))
    faults.default = Reply(text=REPLIES["search-replace"], finish=finish)
    job = await editor.begin(document, document.span(TEXT), "Streetrace: Fix")
    ending = await editor.finished(job)
    assert ending["state"] in {"failed", "refused"}
    await told(editor, ending)
    assert editor.edits == []
    assert document.text == TEXT


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(text=""), "empty"),
        (Reply(finish="refusal"), "declined"),
        (Reply(finish="content_filter"), "content filter"),
        (Reply(finish="length"), "token limit"),
    ],
    ids=["empty", "refusal", "content filter", "length"],
)
async def test_what_is_no_edit_is_called_by_its_name(
    launch: Launch, machine: Machine, faults: FaultServer, reply: Reply, word: str
) -> None:
    with FaultServer() as other:
        machine.configure_user(
            'fallbacks = ["other/demo"]\n'
            + configuration(faults)
            + f'[backends.other]\nprovider = "ollama"\napi_base = "{other.base}"\n'
        )
        editor = await launch(VSCode)
        document = editor.open(machine.write("a.py", TEXT))
        faults.default = reply
        job = await editor.begin(document, document.span(TEXT), "Streetrace: Fix")
        ending = await editor.finished(job)
        assert ending["state"] in {"failed", "refused"}
        assert word in str(ending)
        assert document.text == TEXT
        # Nor is another model asked instead.
        assert other.connections == []
