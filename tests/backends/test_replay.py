"""Recorded exchanges, answered by the real child."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backends.asking import Answer, answer
from streetrace_lsp.modelhost.recordings import load, record
from streetrace_lsp.routing.chat_call import Tools
from streetrace_lsp.routing.events import ToolCall, Usage
from streetrace_lsp.routing.host import ChatCall, ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKED = (
    {"role": "system", "content": "Answer briefly."},
    {"role": "user", "content": "Fix this:\ndef f(x):\n    retrun x\n"},
)


async def replay(
    host: ModelHost,
    folder: Path | None,
    messages: Any = ASKED,
    model: str = "demo",
    tools: Tools | None = None,
) -> Answer:
    asked = ChatCall(
        backend="demo",
        provider="replay",
        model=model,
        adapter="replay",
        messages=messages,
        recordings=folder,
        tools=tools,
    )
    return await answer(host.stream(asked))


async def test_a_recorded_request_gets_its_reply(host: ModelHost, tmp_path: Path) -> None:
    record(
        tmp_path,
        "demo",
        ASKED,
        chunks=["```python\n", "def f(x):\n", "    return x\n", "```\n"],
        reasoning=["A typo."],
        usage={"prompt_tokens": 3, "completion_tokens": 4},
    )
    found = await replay(host, tmp_path)
    assert found.error is None
    assert found.text == "```python\ndef f(x):\n    return x\n```\n"
    assert found.reasoning == "A typo."
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("stop", True)
    assert found.finished.usage == Usage(3, 4)


async def test_an_answer_takes_the_seconds_that_its_recording_says(
    host: ModelHost, tmp_path: Path
) -> None:
    path = record(tmp_path, "demo", ASKED, chunks=["a", "b", "c"])
    recording = json.loads(path.read_text("utf-8"))
    recording["reply"]["seconds"] = 0.2
    path.write_text(json.dumps(recording), "utf-8")
    assert load(tmp_path)[0].seconds == 0.2
    assert (await replay(host, tmp_path)).text == "abc"


async def test_a_finish_reason_is_replayed(host: ModelHost, tmp_path: Path) -> None:
    record(tmp_path, "demo", ASKED, chunks=["x"], finish_reason="length")
    found = await replay(host, tmp_path)
    assert found.finished is not None
    assert found.finished.reason == "length"


async def test_a_changed_request_is_refused_and_the_change_is_shown(
    host: ModelHost, tmp_path: Path
) -> None:
    path = record(tmp_path, "demo", ASKED, chunks=["x"])
    record(tmp_path, "demo", [{"role": "user", "content": "quite different"}], chunks=["y"])
    changed = (ASKED[0], {"role": "user", "content": "Fix this:\ndef f(y):\n    retrun x\n"})
    found = await replay(host, tmp_path, changed)
    assert found.error is not None
    assert found.error.kind == "replay_miss"
    message = found.error.message
    assert str(tmp_path) in message
    assert path.name in message
    assert "message 2 (user) differs first at line 2, character 7" in message
    assert "'x):" in message
    assert "'y):" in message
    assert "--record" in found.error.next_step


async def test_another_model_is_another_request(host: ModelHost, tmp_path: Path) -> None:
    record(tmp_path, "demo", ASKED, chunks=["x"])
    found = await replay(host, tmp_path, model="other")
    assert found.error is not None
    assert 'for the model "demo", asked was "other"' in found.error.message


async def test_without_a_model_any_recorded_one_answers(host: ModelHost, tmp_path: Path) -> None:
    record(tmp_path, "demo", ASKED, chunks=["of another"])
    assert (await replay(host, tmp_path, model="replay")).text == "of another"
    record(tmp_path, "replay", ASKED, chunks=["of its own"])
    assert (await replay(host, tmp_path, model="replay")).text == "of its own"
    changed = (ASKED[0], {"role": "user", "content": "Fix that"})
    found = await replay(host, tmp_path, changed, model="replay")
    assert found.error is not None
    assert "message 2 (user) differs first at line 1, character 7" in found.error.message


@pytest.mark.parametrize(
    ("prepare", "word"),
    [
        (lambda folder: None, "is empty"),
        (lambda folder: folder.rmdir(), "does not exist"),
        (lambda folder: (folder / "a.json").write_text("{"), "a.json"),
        (lambda folder: (folder / "a.json").write_text('{"request": {}}'), "a.json"),
    ],
    ids=["empty", "missing", "broken", "incomplete"],
)
async def test_a_folder_without_a_readable_recording_is_named(
    prepare: Any, word: str, host: ModelHost, tmp_path: Path
) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    prepare(folder)
    found = await replay(host, folder)
    assert found.error is not None
    assert found.error.kind == "replay_miss"
    assert str(folder) in found.error.message
    assert word in found.error.message
    assert found.error.next_step


async def test_a_recording_written_by_hand_may_hold_its_texts_as_lines(
    host: ModelHost, tmp_path: Path
) -> None:
    content = {
        "request": {
            "model": "demo",
            "messages": [
                {"role": "system", "content": "Answer briefly."},
                {"role": "user", "content": ["Fix this:\n", "def f(x):\n", "    retrun x\n"]},
            ],
        },
        "reply": {"chunks": ["fine"]},
    }
    (tmp_path / "by-hand.json").write_text(json.dumps(content))
    assert (await replay(host, tmp_path)).text == "fine"


async def test_recording_again_replaces(host: ModelHost, tmp_path: Path) -> None:
    first = record(tmp_path, "demo", ASKED, chunks=["old"])
    assert record(tmp_path, "demo", ASKED, chunks=["new"]) == first
    assert (await replay(host, tmp_path)).text == "new"
    assert [recording.path for recording in load(tmp_path)] == [first]


async def test_line_ends_of_the_platform_make_no_difference(
    host: ModelHost, tmp_path: Path
) -> None:
    record(tmp_path, "demo", ASKED, chunks=["x"])
    windows = tuple({**m, "content": m["content"].replace("\n", "\r\n")} for m in ASKED)
    assert (await replay(host, tmp_path, windows)).text == "x"


async def test_recorded_tool_calls_are_replayed_and_belong_to_the_request(
    host: ModelHost, tmp_path: Path
) -> None:
    tools = Tools(({"name": "weather", "parameters": {"type": "object"}},))
    question = {"role": "user", "content": "Weather in Rome?"}
    call = {"id": "call_1", "name": "weather", "arguments": '{"city": "Rome"}'}
    said = {"name": "weather", "arguments": '{"city": "Rome"}'}

    def conversation(call_id: str, **changes: str) -> list[dict[str, Any]]:
        made = {"id": call_id, "type": "function", "function": {**said, **changes}}
        return [
            question,
            {"role": "assistant", "content": None, "tool_calls": [made]},
            {"role": "tool", "tool_call_id": call_id, "content": "Rain"},
        ]

    first: dict[str, Any] = {"request": {"model": "demo", "messages": [question]}}
    first["reply"] = {"chunks": [], "tool_calls": [call]}
    second: dict[str, Any] = {"request": {"model": "demo", "messages": conversation("a")}}
    second["reply"] = {"chunks": ["It rains."]}
    (tmp_path / "1.json").write_text(json.dumps(first))
    (tmp_path / "2.json").write_text(json.dumps(second))

    found = await replay(host, tmp_path, [question], tools=tools)
    assert found.finished is not None
    assert found.finished.reason == "tool_calls"
    assert found.finished.tool_calls == (ToolCall(**call),)
    found = await replay(host, tmp_path, conversation("another id"), tools=tools)
    assert found.text == "It rains."
    other = conversation("a", arguments='{"city": "Oslo"}')
    missed = await replay(host, tmp_path, other, tools=tools)
    assert missed.error is not None
    assert missed.error.kind == "replay_miss"
    # Written by us, a conversation with calls is found again.
    record(tmp_path, "demo", other, chunks=["Snow."])
    assert (await replay(host, tmp_path, other, tools=tools)).text == "Snow."
