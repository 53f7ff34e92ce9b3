"""Amazon's event stream, read along in pieces of any size."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.fault_aws import event, exception, message
from backends.fault_wires import Reply, Wire, body_of
from streetrace_lsp.modelhost.body import reader_for
from streetrace_lsp.modelhost.event_stream import EventStreamReader
from streetrace_lsp.modelhost.faults import HostFaultError

AMAZON = "application/vnd.amazon.eventstream"
WIRES: tuple[Wire, ...] = ("converse", "invoke")


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("finish", "reason"), [("stop", "stop"), ("length", "length")])
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_the_finish_reason_is_the_models_own(
    wire: Wire, finish: str, reason: str, size: int
) -> None:
    body = body_of(Reply(finish=finish), wire=wire)
    reader = reader_for(AMAZON)
    for at in range(0, len(body), size):
        reader.feed(body[at : at + size])
    reader.end()
    assert reader.finish_reason == reason


@pytest.mark.parametrize("wire", WIRES)
def test_without_the_end_there_is_no_reason(wire: Wire) -> None:
    body = body_of(Reply(finish=None), wire=wire)
    reader = reader_for(AMAZON)
    reader.feed(body + body[:40])
    reader.end()
    assert reader.finish_reason is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"completionReason": "FINISH"}, "stop"),
        ({"outputs": [{"text": "x", "stop_reason": "length"}]}, "length"),
        ({"outputs": [{"text": "x", "stop_reason": None}]}, None),
        ({"outputs": {"odd": 1}}, None),
        ({"messageStop": {"stopReason": "end_turn"}}, "stop"),
        ({"generation": "x", "stop_reason": "stop"}, "stop"),
        ({"stopReason": "guardrail_intervened"}, "content_filter"),
    ],
)
def test_every_model_family_says_it_in_its_own_way(
    content: dict[str, object], reason: str | None
) -> None:
    reader = reader_for(AMAZON)
    reader.feed(event("messageStop", content))
    assert reader.finish_reason == reason


@given(st.data())
def test_a_changed_byte_is_never_read_as_something_else(data: st.DataObject) -> None:
    good = event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "x"}})
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(HostFaultError) as fault:
        # A changed length is noticed by the checksum of the prelude.
        list(EventStreamReader().feed(bytes(bad)))
    assert fault.value.facts["kind"] == "malformed"


def test_a_frame_of_impossible_length_is_malformed() -> None:
    prelude = struct.pack(">II", 1 << 30, 0)
    with pytest.raises(HostFaultError):
        list(EventStreamReader().feed(prelude + struct.pack(">I", zlib.crc32(prelude))))


def test_what_is_not_json_is_malformed() -> None:
    whole = message(None, message_type="event")
    content = next(iter(EventStreamReader().feed(whole)))
    assert content == {}
    with pytest.raises(HostFaultError):
        list(EventStreamReader().feed(event("chunk", {"bytes": "bm8="})))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("throttlingException", "rate_limit"),
        ("ThrottlingException", "rate_limit"),
        ("accessDeniedException", "auth"),
        ("resourceNotFoundException", "not_found"),
        ("somethingNewException", "server"),
    ],
)
def test_an_exception_is_a_fault_with_its_words(name: str, kind: str) -> None:
    with pytest.raises(HostFaultError) as fault:
        list(EventStreamReader().feed(exception(name, "Too many.")))
    assert (fault.value.facts["kind"], fault.value.facts["said"]) == (kind, "Too many.")
