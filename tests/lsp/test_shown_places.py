"""Where a person is led: which document comes to the front, and where the cursor is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.fault_server import FaultServer
from lsp.chatting import new_chat
from lsp.clients.editor import Editor
from lsp.clients.neovim import Neovim
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.reviewing import reviewing
from lsp.sample import TEXT, configuration

SHOWING = tuple(kind for kind in SIX if kind.name not in {"kate", "bare"})
LINE = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}


def cursor(editor: Editor) -> tuple[Path, int, int]:
    """Where the cursor is in the document that was shown last; nothing is selected there."""
    shown = editor.window.led[-1]
    assert shown["takeFocus"]
    place = shown["selection"]["start"]
    assert shown["selection"]["end"] == place
    return Path(shown["uri"].removeprefix("file://")), place["line"], place["character"]


@pytest.mark.parametrize("kind", SHOWING)
async def test_a_new_chat_has_the_cursor_where_the_question_goes(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    machine.configure_user(configuration(faults))
    editor = await launch(kind)
    source = editor.open(machine.write("app.py", TEXT))
    chat = await new_chat(editor, uri=source.uri, range=LINE)
    assert chat.text == "# Chat\n\n## You\n\n@selection app.py:1-1\n\n"
    # The empty line behind the last line end is none in Neovim, which fails for such a place.
    assert cursor(editor) == (chat.path, 5, 0)


async def test_words_that_were_given_are_gone_on_with(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    chat = await new_chat(editor, text="Why is 😀 here?")
    assert cursor(editor) == (chat.path, 4, len("Why is 😀 here?") + 1)


async def test_an_open_chat_is_gone_on_with_at_its_end_as_it_stands_in_the_editor(
    launch: Launch, machine: Machine
) -> None:
    editor = await launch(VSCode)
    chat = await new_chat(editor)
    editor.type(chat, chat.position(len(chat.text)), "One\nTwo\n")
    await editor.execute("streetrace.chat.open", {"uri": chat.uri})
    assert cursor(editor) == (chat.path, 5, 3)


@pytest.mark.parametrize("kind", SHOWING)
async def test_the_next_change_has_the_cursor_at_its_start(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    editor, a, _, _ = await reviewing(launch, machine, faults, kind)
    top = {"uri": a.uri, "position": {"line": 0, "character": 0}}
    first = await editor.execute("streetrace.review.next", top)
    line = a.before("    return 10\n")["line"]
    assert cursor(editor) == (a.path, line, 0)
    assert first["range"] == a.span("    return 10\n")
    beside = {"uri": a.uri, "position": first["range"]["start"]}
    await editor.execute("streetrace.review.next", beside)
    assert cursor(editor) == (a.path, a.before('    """Two')["line"], 0)


@pytest.mark.parametrize("kind", [VSCode, Neovim])
async def test_a_first_configuration_comes_to_the_front(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> None:
    variables = {"OLLAMA_HOST": faults.base}
    editor = await launch(kind, variables=variables)
    editor.open(machine.write("app.py", TEXT))
    answer = await editor.execute("streetrace.init", {"folder": machine.root.as_uri()})
    assert "filled in" in answer["message"], answer
    assert editor.window.led[-1]["uri"] == (machine.root / ".streetrace.toml").as_uri()
    assert editor.window.led[-1]["takeFocus"]
