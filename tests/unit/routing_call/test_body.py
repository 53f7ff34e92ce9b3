"""What a streamed body says by itself, whatever pieces it arrives in."""

from __future__ import annotations

import pytest

from backends.fault_wires import Reply, Wire, body_of
from streetrace_lsp.modelhost.body import BodyReader
from streetrace_lsp.modelhost.faults import HostFaultError

WIRES: tuple[Wire, ...] = ("openai", "anthropic", "gemini", "cohere")


def read(body: bytes, size: int = 1 << 20) -> str | None:
    reader = BodyReader()
    for at in range(0, len(body), size):
        reader.feed(body[at : at + size])
    reader.end()
    return reader.finish_reason


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
@pytest.mark.parametrize("finish", ["stop", "length"])
def test_the_finish_reason_is_found_in_any_pieces(wire: Wire, size: int, finish: str) -> None:
    assert read(body_of(Reply(text="naïve 🎉", finish=finish), wire=wire), size) == finish


@pytest.mark.parametrize("wire", WIRES)
def test_a_stream_without_a_marker_has_none(wire: Wire) -> None:
    assert read(body_of(Reply(finish=None), wire=wire)) is None


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_events_may_be_spread_over_lines_and_hold_comments(newline: bytes) -> None:
    lines = [
        b": keep-alive",
        b"id: 1",
        b'data: {"choices":',
        b'data: [{"finish_reason": "stop"}]}',
        b"",
        b"data:[DONE]",
        b"",
        b"",
    ]
    assert read(newline.join(lines)) == "stop"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{\n  "choices": [\n    {"finish_reason": "stop"}\n  ]\n}', "stop"),
        (b'{"stop_reason": "end_turn", "type": "message"}', "stop"),
        (b'data: {"type": "message_delta", "delta": {"stop_reason": "refusal"}}\n\n', "refusal"),
        (b'data: {"candidates": [{"finishReason": "RECITATION"}]}\n\n', "content_filter"),
        (b'data: {"promptFeedback": {"blockReason": "SAFETY"}}\n\n', "content_filter"),
        (b'{"is_finished": true, "finish_reason": "COMPLETE"}\n', "stop"),
        (b'data: {"type": "response.completed", "response": {}}\n\n', "stop"),
        (b'data: {"choices": []}\n\ndata: {"choices": [{"finish_reason": null}]}\n\n', None),
        (b'data: {"x": 1}\n\ndata: 7\n\ndata: [1]\n\ndata: null\n\n', None),
        (b"", None),
        (b"not json at all\n", None),
    ],
)
def test_each_spelling_of_an_end(body: bytes, reason: str | None) -> None:
    assert read(body) == reason


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'data: {"choices": [\n\n', "malformed"),
        (b'data: {"a": "\xff"}\n\n', "malformed"),
        (b'data: {"error": {"message": "boom", "code": 500}}\n\n', "server"),
        (b'data: {"error": {"message": "slow down", "code": 429}}\n\n', "rate_limit"),
        (b'data: {"error": "boom"}\n\n', "server"),
        (b'event: error\ndata: {"type": "error", "error": {"message": "boom"}}\n\n', "server"),
        (b'{"type": "error", "message": "boom"}\n', "server"),
    ],
)
def test_what_no_library_should_pass_on_is_a_fault(body: bytes, kind: str) -> None:
    with pytest.raises(HostFaultError) as failed:
        read(body)
    assert failed.value.facts["kind"] == kind
