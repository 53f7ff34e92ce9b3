"""Frames survive whatever pieces a pipe makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.modelhost.wire import LARGEST, LENGTH, FrameReader, encode

# Lone surrogates too: models produce them, and JSON carries them.
VALUES = st.text(st.characters()) | st.integers() | st.none() | st.booleans()
FRAMES = st.lists(st.dictionaries(st.text(), VALUES), max_size=5)


@given(frames=FRAMES, cuts=st.lists(st.integers(min_value=1, max_value=40), min_size=1))
def test_frames_come_out_as_they_went_in(frames: list[dict[str, object]], cuts: list[int]) -> None:
    data = b"".join(encode(frame) for frame in frames)
    reader, found, at, turn = FrameReader(), [], 0, 0
    while at < len(data):
        size = cuts[turn % len(cuts)]
        found += reader.feed(data[at : at + size])
        at, turn = at + size, turn + 1
    assert found == frames


@pytest.mark.parametrize(
    "data", [LENGTH.pack(LARGEST + 1), LENGTH.pack(2) + b"[]", LENGTH.pack(1) + b"{"]
)
def test_what_is_no_frame_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        FrameReader().feed(data)
