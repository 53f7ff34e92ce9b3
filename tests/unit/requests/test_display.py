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
        '<img src="https://example.org/a">',
        "<IMG src=x>",
        "<iframe src=x></iframe>",
    ],
)
def test_remote_images_are_not_images_any_more(text: str) -> None:
    shown = for_reading(text)
    assert not shown.startswith("![")
    assert "<i" not in shown.lower()


def test_ordinary_markdown_stays() -> None:
    text = "# T\n\n- a [link](https://example.org) ![local](a.png)\n\n```py\nx < y\n```\n"
    assert for_reading(text) == text
