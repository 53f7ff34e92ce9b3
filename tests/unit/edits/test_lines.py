"""Lines and positions as LSP 3.17 defines them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import TEXT

from streetrace_lsp.edits.lines import ENCODINGS, LineIndex, dominant_eol, split_lines, units

ODD = "a\x0cb\x85c\u2028d\ne\rf\r\n\ng"


def test_lines_end_only_at_lf_crlf_and_cr() -> None:
    index = LineIndex(ODD)
    assert [index.line_text(line) for line in range(index.line_count)] == [
        "a\x0cb\x85c\u2028d",
        "e",
        "f",
        "",
        "g",
    ]


def test_a_final_newline_opens_one_more_line() -> None:
    assert LineIndex("a\n").line_count == 2
    assert LineIndex("").line_count == 1


@pytest.mark.parametrize(
    ("character", "encoding", "offset"),
    [
        (0, "utf-16", 0),
        (1, "utf-16", 1),
        (2, "utf-16", 1),  # between the surrogates: the character's start
        (3, "utf-16", 2),
        (4, "utf-16", 3),
        (99, "utf-16", 4),
        (1, "utf-8", 1),
        (4, "utf-8", 1),
        (5, "utf-8", 2),
        (6, "utf-8", 2),
        (7, "utf-8", 3),
        (99, "utf-8", 4),
        (2, "utf-32", 2),
        (99, "utf-32", 4),
        (-1, "utf-16", 0),
    ],
)
def test_a_character_past_the_line_or_inside_a_character_is_clamped(
    character: int, encoding: str, offset: int
) -> None:
    assert LineIndex("x😀éy\nz").offset(0, character, encoding) == offset


def test_a_line_past_the_end_is_the_end() -> None:
    assert LineIndex("a\nb").offset(7, 0, "utf-16") == 3


def test_between_cr_and_lf_there_is_no_position() -> None:
    assert LineIndex("ab\r\nc").position(3, "utf-16") == (0, 2)


def test_lone_surrogates_have_positions() -> None:
    index = LineIndex("\ud83d\ude00x")
    assert index.position(2, "utf-16") == (0, 2)
    assert index.offset(0, 6, "utf-8") == 2


def test_an_unknown_encoding_is_an_error() -> None:
    with pytest.raises(ValueError, match="latin-1"):
        LineIndex("a").offset(0, 1, "latin-1")


def test_the_dominant_eol_is_the_most_frequent() -> None:
    assert dominant_eol("a\r\nb\r\nc\n") == "\r\n"
    assert dominant_eol("a\rb\rc\n") == "\r"
    assert dominant_eol("") == "\n"


@given(TEXT, st.sampled_from(ENCODINGS))
def test_every_offset_survives_the_way_to_a_position_and_back(text: str, encoding: str) -> None:
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        back = index.offset(*index.position(offset, encoding), encoding)
        assert back == offset - (text[offset - 1 : offset + 1] == "\r\n")


@given(TEXT)
def test_split_lines_loses_nothing_and_agrees_with_the_index(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    index = LineIndex(text)
    assert len(lines) == index.line_count - (text == "" or text[-1] in "\r\n")
    assert [index.line_start(at) for at in range(len(lines))] == [
        len("".join(lines[:at])) for at in range(len(lines))
    ]


@given(TEXT)
def test_units_are_those_of_the_encoded_text(text: str) -> None:
    assert (
        units(text, "utf-16") == sum(len(c.encode("utf-16-le", "surrogatepass")) for c in text) / 2
    )
