from __future__ import annotations

import pytest

from streetrace_lsp.requests.display import escape_controls, for_reading


def test_terminal_escapes_become_literal() -> None:
    assert (
        escape_controls("a\x1b]52;c;aGk=\x07b\x9bm\tc\r\n") == "a\\x1b]52;c;aGk=\\x07b\\x9bm\tc\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://example.org/leak?q=1)",
        "![x](//example.org/a)",
        "![x]( <HTTP://example.org/a>)",
        "![x](https:example.org/a)",
        "![x](&#104;ttps://example.org/a)",
        "![x](https:\\/\\/example.org/a)",
        "![x [y] z](https://example.org/a)",
        "![x](\n//example.org/a)",
        f"![{'x ' * 9999}\nx](https://example.org/a)",
        '<img src="https://example.org/a">',
        '<image src="https://example.org/a">',
        "<IMG src=x>",
        "<iframe src=x></iframe>",
    ],
)
def test_remote_images_are_not_images_any_more(text: str) -> None:
    shown = for_reading(text)
    assert not shown.startswith("![")
    assert "<i" not in shown.lower()


def test_an_image_whose_address_stands_elsewhere_has_none() -> None:
    shown = for_reading("![x][y] ![y]\n\n> [y]: https://example.org/a\n\n[z]: &#104;ttps://e/b\n")
    assert "> \\[y]: https" in shown
    assert "\n\\[z]: &" in shown


def test_ordinary_markdown_stays() -> None:
    text = "# T\n\n- a [link](https://example.org) ![local](a.png)\n\n```py\nx < y\n```\n[r]: https://example.org\n"
    assert for_reading(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "```java\nList<Object> a = f(b<c d);\nVec<Image> b;\n```\n",
        '   ```jsx\n   <div\n     style="a: url(b)"\n   ><a href="/">b</a>\n   ```\n',
        'A `Vec<T>`, a `Box<dyn Error>` and `<div class="a" hidden>`.\n',
    ],
)
def test_code_stays_to_the_letter(text: str) -> None:
    assert for_reading(text) == text


@pytest.mark.parametrize(
    "piece", ["![", "](", "](a:", "]( ", "[a]: ", "![a](b ", "](a/", "\n\n", "<a ", "```\n"]
)
@pytest.mark.parametrize("rest", ["", " ", "\n", "a", "a/"])
def test_what_is_made_to_take_long_ends(piece: str, rest: str) -> None:
    """Each of these took minutes where a pattern goes by the square of a text's length."""
    for_reading(piece * 20_000 + rest * 100_000)
