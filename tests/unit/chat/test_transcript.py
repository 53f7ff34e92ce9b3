"""A chat document says what was said, to the letter, and every text of a turn survives in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.chat.escaping import Escaper, escape, unescape
from streetrace_lsp.chat.transcript import Turn, parse, parse_again, render

PIECES = [
    *("\n", "\r\n", "\r", "\n\n", "\\", "\\\\", "\x0c", "\u2028", "é", "😀", " ", "x", "\t"),
    *("## You", "## Assistant (local/demo)", "## Assistant (", ")", "> Streetrace: ", "> ", "#"),
    *("```", "~~~", "!", "![", "[", "]", "](", "http://", "//", "[a]: ", "]:", "(", "<"),
    *(":", "&#104;", "https:", "![](", "[b]:", "](a", "<link ", "<style", "&lt;image"),
    *("=======", "==", "======= ", "========"),
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


LINES = [
    "## You\n",
    "## Assistant (m)\n",
    "## You",
    "\r\n",
    "\n",
    "word",
    "> Streetrace: note\n",
    "\r",
]
documents = st.lists(st.sampled_from(LINES), max_size=24).map("".join)


@given(documents, st.data())
def test_what_is_read_again_is_read_as_the_first_time(before: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    text = before[:start] + data.draw(documents) + before[end:]
    assert parse_again(text, before, parse(before)) == parse(text)


def test_of_a_long_chat_only_the_end_is_read_again() -> None:
    before = "# Chat\n\n" + "## You\n\nWhy?\n\n## Assistant (m)\n\nSo.\n\n" * 50 + "## You\n\n"
    known = parse(before)
    again = parse_again(before + "And then?\n", before, known)
    assert again.turns[-1].text == "And then?"
    reused = [old is new for old, new in zip(known.places, again.places, strict=True)]
    assert reused == [True] * 100 + [False]


@pytest.mark.parametrize(
    "text",
    [
        "![a](https://elsewhere/x)",
        "![a](HTTPS:elsewhere/x)",
        "![a](https:/elsewhere/x)",
        "![a](&#104;ttps://elsewhere/x)",
        "![a](https:\\/\\/elsewhere/x)",
        "![a](\\//elsewhere/x)",
        "![a](/\\elsewhere/x)",
        "![a](&sol;/elsewhere/x)",
        "![a](\n<//elsewhere/x>)",
        f"![{'a' * 1000}](https://elsewhere/x)",
        f"![{'[b](c) ' * 100}](https://elsewhere/x)",
        "![a][b]",
        "[b]: https://elsewhere/x",
        "> - [b]:\n  &#104;ttps://elsewhere/x",
        "[b]: https:\\//elsewhere/x",
        '<image src="https://elsewhere/x">',
        "<svg><feImage href='//elsewhere/x'/></svg>",
        "<LINK rel=stylesheet href=//elsewhere/x>",
        "<style>@import 'https://elsewhere/x'</style>",
    ],
)
def test_nothing_from_elsewhere_is_shown(text: str) -> None:
    shown = escape(text)
    assert not any(
        begin in shown.casefold() for begin in ("![", "<image", "<fei", "<link", "<style")
    )
    assert shown.startswith(("![", "[b]", "> - [b]")) is False
    assert unescape(shown) == text


@pytest.mark.parametrize(
    "text",
    [
        "![a](chart.png)",
        "![a](/img/chart.png)",
        "![a](../a_b-c.png 'title')",
        "v = vec![1, 2];\n\nx",
    ],
)
def test_an_image_of_the_project_stays_one(text: str) -> None:
    assert escape(text) == text


def test_a_type_in_code_stays_one() -> None:
    text = "```java\nList<Object> a;\nVec<Image> b;\n```"
    assert escape(text) == text


@pytest.mark.parametrize("piece", ["![", "![](", "[a]:", "[a]: ", "> [", "<", "&amp;", "## You"])
@pytest.mark.parametrize("rest", ["", " ", "\n", "a", "a/"])
def test_what_is_made_to_take_long_ends(piece: str, rest: str) -> None:
    """Each of these took minutes where a pattern goes by the square of a text's length."""
    text = piece * 2_000 + rest * 50_000
    assert unescape(escape(text)) == text
    escaper = Escaper()
    assert escaper.feed(text) + escaper.finish() == escape(text)


def test_a_block_with_edits_is_no_merge_conflict_to_an_editor() -> None:
    said = "a.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE"
    written = render("# Chat\n\n", [Turn("assistant", said, "m")], "\n")
    # VS Code looks for this line, exactly, and shows “Accept Current Change” above it.
    assert "=======" not in written.split("\n")
    assert parse(written).turns[0].text == said
