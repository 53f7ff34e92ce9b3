"""A chat document says what was said, to the letter, and every text of a turn survives in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.chat.escaping import Escaper, escape, unescape
from streetrace_lsp.chat.transcript import Turn, parse, render

PIECES = [
    *("\n", "\r\n", "\r", "\n\n", "\\", "\\\\", "\x0c", "\u2028", "é", "😀", " ", "x", "\t"),
    *("## You", "## Assistant (local/demo)", "## Assistant (", ")", "> Streetrace: ", "> ", "#"),
    *("```", "~~~", "!", "![", "[", "]", "](", "http://", "//", "[a]: ", "]:", "(", "<"),
    *("<img", "</video", "&lt;img", "&amp;", "amp;", "&", "lt;", "img ", "- ", "1."),
]
said = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)
one_line = st.text(st.sampled_from("ab /-:()é"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
turns = st.lists(
    st.builds(Turn, st.just("you"), said, st.just(""), st.lists(one_line, max_size=2).map(tuple))
    | st.builds(
        Turn, st.just("assistant"), said, one_line, st.lists(one_line, max_size=2).map(tuple)
    ),
    max_size=4,
)


@given(turns, st.sampled_from(["\n", "\r\n"]))
def test_every_turn_comes_back_as_it_was_said(given: list[Turn], eol: str) -> None:
    read = parse(render(f"# Chat{eol}{eol}", given, eol))
    assert list(read.turns) == given


@given(said)
def test_what_is_escaped_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(said, st.data())
def test_in_pieces_it_is_escaped_as_in_one(text: str, data: st.DataObject) -> None:
    escaper = Escaper()
    out, rest = "", text
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        out += escaper.feed(rest[:size])
        rest = rest[size:]
    assert out + escaper.finish() == escape(text)
