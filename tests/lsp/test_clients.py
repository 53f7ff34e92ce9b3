"""The clients themselves: each is checked against a server that does only what it is told."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot, EglotAlone
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.six import SIX
from lsp.clients.text import lines, offset_at, one_splice, position_at, spliced, width
from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError

TEXT = "α = 'café 😀'\n\x0cone\u2028still one\ntwo\n"


class Start(Protocol):
    async def __call__(self, kind: type[Editor], text: str = TEXT) -> tuple[Editor, Document]: ...


anything = st.text(st.sampled_from("ab\n\r\x0c\x85\u2028é😀\U00010000"), max_size=30)


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    tests = Path(__file__).parents[1]
    run = (
        f"import sys; sys.path.insert(0, {str(tests)!r}); "
        "from lsp.clients.tiny_server import TinyServer; TinyServer().serve()"
    )
    started: list[Editor] = []

    async def start(kind: type[Editor], text: str = TEXT) -> tuple[Editor, Document]:
        editor = kind()
        started.append(editor)
        await editor.start([sys.executable, "-I", "-c", run], {}, tmp_path)
        path = tmp_path / "a.py"
        path.write_bytes(text.encode())
        return editor, editor.open(path)

    yield start
    for editor in started:
        await editor.stop()
        print(editor.connection.transcript())  # pytest shows it when the test fails


async def call(editor: Editor, method: str, params: Any) -> Any:
    return await editor.execute("tiny.call", method, params)


def edit(document: Document, old: str, new: str, version: int | None = None) -> dict[str, Any]:
    changes = [{"range": document.span(old), "newText": new}]
    identifier = {
        "uri": document.uri,
        "version": document.version if version is None else version,
    }
    return {"edit": {"documentChanges": [{"textDocument": identifier, "edits": changes}]}}


async def agree(editor: Editor, document: Document) -> list[int]:
    editor.sync()
    copy = await editor.execute("tiny.text", document.uri)
    assert copy["text"] == document.text
    assert editor.violations == []
    return list(copy["changes"])


@given(anything, st.data())
def test_positions_of_the_reference_go_there_and_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    inside_crlf = text[offset - 1 : offset + 1] == "\r\n" if offset else False
    for encoding in ("utf-8", "utf-16", "utf-32"):
        position = position_at(text, offset, encoding)
        assert offset_at(text, position, encoding) == offset - inside_crlf


@given(anything)
def test_lines_of_the_reference_end_as_the_specification_says(text: str) -> None:
    rows = lines(text)
    assert "".join(rows) == text
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    assert [row.rstrip("\r\n") for row in rows] == normal.split("\n")


def test_widths_of_the_reference_count_code_units() -> None:
    assert [width("é😀", encoding) for encoding in ("utf-8", "utf-16", "utf-32")] == [6, 3, 2]


@given(anything, anything)
def test_one_splice_makes_one_text_of_the_other(old: str, new: str) -> None:
    assert spliced(old, [one_splice(old, new)]) == new


@pytest.mark.parametrize("kind", SIX)
async def test_typing_and_undo_reach_the_server_in_its_own_encoding(
    start: Start, kind: type[Editor]
) -> None:
    editor, document = await start(kind)
    editor.type(document, document.after("😀"), "!\r\n")
    editor.replace(document, "two", "2 😀\ntoo")
    await agree(editor, document)
    editor.undo(document)
    editor.undo(document)
    assert document.text == TEXT
    await agree(editor, document)
    assert editor.violations == []


@pytest.mark.parametrize("kind", SIX)
async def test_an_edit_with_the_exact_version_lands(start: Start, kind: type[Editor]) -> None:
    editor, document = await start(kind)
    answer = await call(editor, "workspace/applyEdit", edit(document, "still one", "changed"))
    assert answer["result"]["applied"]
    assert document.text == TEXT.replace("still one", "changed")
    await agree(editor, document)
    editor.save(document)
    assert document.path.read_bytes().decode() == document.text
    editor.undo(document)
    assert document.text == TEXT


@pytest.mark.parametrize("kind", SIX)
async def test_crlf_files_keep_their_line_ends(start: Start, kind: type[Editor]) -> None:
    text = "one\r\ntwo 😀\r\nthree\r\n"
    editor, document = await start(kind, text)
    eol = "\n" if kind.hides_crlf else "\r\n"
    assert document.text == text.replace("\r\n", eol)
    change = edit(document, f"two 😀{eol}", f"2{eol}2{eol}")
    await call(editor, "workspace/applyEdit", change)
    await agree(editor, document)
    editor.save(document)
    assert document.path.read_bytes() == b"one\r\n2\r\n2\r\nthree\r\n"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (VSCode, {"result": {"applied": False}}),
        (Helix, {"result": {"applied": False, "failureReason": "document changed"}}),
        (Neovim, {"result": {"applied": True}}),
        (Eglot, {"error": "Edits require another version than you have"}),
    ],
)
async def test_a_stale_version_is_refused_in_each_editors_own_way(
    start: Start, kind: type[Editor], expected: dict[str, Any]
) -> None:
    editor, document = await start(kind)
    editor.type(document, document.before("two"), "x")
    await agree(editor, document)
    before = document.text
    stale = edit(document, "one", "1", document.version - 1)
    answer = await call(editor, "workspace/applyEdit", stale)
    assert str(expected.get("error", "")) in str(answer.get("error", ""))
    for key, value in expected.get("result", {}).items():
        if key != "failedChange":
            assert answer["result"][key] == value
    assert document.text == before


async def test_neovim_skips_the_edit_for_a_line_it_has_not_sent_and_lies(start: Start) -> None:
    editor, document = await start(Neovim)
    assert isinstance(editor, Neovim)
    stale = edit(document, "two", "2")
    editor.delays = True
    editor.interject = lambda: editor.type(document, NOTHING["start"], "above\n")
    answer = await call(editor, "workspace/applyEdit", stale)
    assert answer == {"result": {"applied": True}}
    assert document.text == "above\n" + TEXT
    assert document.unsynced() is not None
    editor.clock.advance(0.1)
    assert document.unsynced() is not None
    editor.clock.advance(0.1)
    assert document.unsynced() is None
    assert await agree(editor, document) == [1]


async def test_neovim_sends_its_users_and_the_servers_change_as_one(start: Start) -> None:
    editor, document = await start(Neovim)
    assert isinstance(editor, Neovim)
    editor.delays = True
    await call(editor, "workspace/applyEdit", edit(document, "two", "2"))
    editor.type(document, NOTHING["start"], "above\n")
    assert await agree(editor, document) == [1]


async def test_neovim_compares_only_the_first_document(start: Start, tmp_path: Path) -> None:
    editor, document = await start(Neovim)
    (tmp_path / "b.py").write_text("b\n")
    second = editor.open(tmp_path / "b.py")
    several = edit(document, "two", "2", document.version - 1)
    several["edit"]["documentChanges"] += edit(second, "b", "B", second.version - 1)["edit"][
        "documentChanges"
    ]
    await call(editor, "workspace/applyEdit", several)
    assert (document.text, second.text) == (TEXT, "B\n")
    assert editor.violations == ["workspace/applyEdit: several documents in one edit"]


async def test_eglot_applies_at_the_wrong_line_although_the_version_fits(start: Start) -> None:
    editor, document = await start(EglotAlone)
    assert isinstance(editor, EglotAlone)
    exact = edit(document, "two", "2")
    editor.delays = True
    editor.interject = lambda: editor.type(document, NOTHING["start"], "above\n")
    await editor.execute("tiny.later", "workspace/applyEdit", exact)
    await editor.until("the edit", lambda: editor.edits)
    assert document.text == "above\n" + TEXT.replace("\x0con", "2")
    assert document.unsynced() is not None
    editor.clock.advance(0.5)
    # The typing and the edit, as one change: nobody can tell any more what stood there.
    assert await agree(editor, document) == [1]


async def test_eglot_tells_apart_what_is_far_from_each_other(start: Start) -> None:
    editor, document = await start(EglotAlone, "one\n" + ("-" * 70 + "\n") * 4 + "two\n")
    assert isinstance(editor, EglotAlone)
    exact = edit(document, "two", "2")
    editor.delays = True
    editor.interject = lambda: editor.type(document, NOTHING["start"], "above\n")
    await editor.execute("tiny.later", "workspace/applyEdit", exact)
    await editor.until("the edit", lambda: editor.edits)
    assert await agree(editor, document) == [2]


async def test_eglot_reads_no_key_while_a_command_waits(start: Start) -> None:
    editor, document = await start(EglotAlone)
    assert isinstance(editor, EglotAlone)
    editor.delays = True
    editor.interject = lambda: editor.type(document, NOTHING["start"], "above\n")
    answer = await call(editor, "workspace/applyEdit", edit(document, "two", "2"))
    assert answer == {"result": {"applied": True}}
    assert document.text == "above\n" + TEXT.replace("two", "2")
    assert await agree(editor, document) == [1]


async def test_a_question_is_lost_while_eglot_waits_for_a_command(start: Start) -> None:
    editor, _ = await start(EglotAlone)
    await call(editor, "window/showMessageRequest", QUESTION)
    await editor.execute("tiny.later", "window/showMessageRequest", QUESTION)
    await editor.until("the second one", lambda: len(editor.window.questions) == 2)
    assert editor.violations == ["a question while Emacs is in a command: it is lost"] * 2


async def test_eglot_with_our_file_tells_of_what_was_typed_before_an_edit(start: Start) -> None:
    editor, document = await start(Eglot)
    assert isinstance(editor, Eglot)
    editor.delays = True
    exact = edit(document, "two", "2")
    editor.interject = lambda: editor.type(document, NOTHING["start"], "above\n")
    await editor.execute("tiny.later", "workspace/applyEdit", exact)
    await editor.until("the text", lambda: document.text != TEXT)
    assert document.text == "above\n" + TEXT
    assert document.unsynced() is None
    assert editor.edits == []
    assert await agree(editor, document) == [1]


async def test_kate_takes_edits_only_for_two_seconds_after_a_command(start: Start) -> None:
    editor, document = await start(Kate)
    late = edit(document, "two", "2")
    editor.interject = lambda: editor.clock.advance(2.5)
    answer = await call(editor, "workspace/applyEdit", late)
    assert not answer["result"]["applied"]
    assert document.text == TEXT
    assert editor.violations == ["an edit for Kate that no command asked for"]
    assert (await call(editor, "workspace/applyEdit", late))["result"]["applied"]


async def test_kate_takes_any_version_and_tells_nobody_until_it_asks(start: Start) -> None:
    editor, document = await start(Kate)
    assert "clientInfo" not in editor.introduction
    await call(editor, "workspace/applyEdit", edit(document, "two", "2", 77))
    editor.save(document)
    assert document.unsynced() is not None
    assert (await editor.execute("tiny.text", document.uri))["text"] == document.text


async def test_vscode_says_applied_when_its_user_discards_the_preview(start: Start) -> None:
    editor, document = await start(VSCode)
    assert isinstance(editor, VSCode)
    editor.discards = True
    answer = await call(editor, "workspace/applyEdit", edit(document, "two", "2"))
    assert answer == {"result": {"applied": True}}
    assert document.text == TEXT


async def test_helix_gives_a_request_up_after_twenty_seconds(start: Start) -> None:
    editor, document = await start(Helix)
    params = {"command": "tiny.text", "arguments": [document.uri]}
    request = editor.send("workspace/executeCommand", params)
    editor.clock.advance(20)
    with pytest.raises(ResponseError, match="did not wait"):
        await request.future


QUESTION = {"type": 3, "message": "Trust?", "actions": [{"title": "Yes"}, {"title": "No"}]}


async def test_a_question_is_answered_or_dismissed(start: Start) -> None:
    editor, _ = await start(VSCode)
    assert await call(editor, "window/showMessageRequest", QUESTION) == {"result": None}
    editor.window.answer = "Yes"
    answer = await call(editor, "window/showMessageRequest", QUESTION)
    assert answer == {"result": {"title": "Yes"}}
    assert len(editor.window.questions) == 2


@pytest.mark.parametrize(
    ("method", "params", "complaint"),
    [
        ("window/showDocument", {"uri": "file:///a"}, "not declared"),
        ("window/workDoneProgress/create", {"token": 1}, "does not support"),
        ("workspace/configuration", {"items": []}, "not declared"),
        ("workspace/applyEdit", {"edit": {"changes": {"file:///a": []}}}, "without versions"),
        (
            "client/registerCapability",
            {"registrations": [{"id": "1", "method": "workspace/didChangeWatchedFiles"}]},
            "no dynamic registration",
        ),
    ],
)
async def test_what_a_client_did_not_declare_is_a_violation(
    start: Start, method: str, params: Any, complaint: str
) -> None:
    editor, _ = await start(Bare)
    await call(editor, method, params)
    assert any(complaint in violation for violation in editor.violations), editor.violations


async def test_progress_with_an_unknown_token_is_a_violation(start: Start) -> None:
    editor, _ = await start(VSCode)
    params = {"token": "never made", "value": {"kind": "end"}}
    await editor.execute("tiny.tell", "$/progress", params)
    assert "unknown token" in editor.violations[0]
