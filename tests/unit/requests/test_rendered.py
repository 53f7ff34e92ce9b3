"""Whatever a model writes, rendering it fetches nothing from elsewhere, and code stays as it is."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from streetrace_lsp.requests.display import for_reading

IMAGE = '<img src="https://elsewhere/x">'
PIECES = [
    *("\n", "\n\n", " ", "x", "   ", "    ", "\t", "- ", "1. ", "> ", "| ", "|\n|---|\n", "\\"),
    *("```", "\n```\n", "\n```py\n", "\n~~~\n", "\n   ```\n", "\n````\n", "`", "``", "&lt;", "#"),
    *(IMAGE, "<div>", "</div>", "<div title='", '<p title="', "'", '"', ">", "<style>", "</style>"),
    *(
        "@import '//elsewhere/x';",
        " style='a:url(//elsewhere/x)'",
        "background=//elsewhere/x",
        "<b ",
    ),
    *("<!--", "-->", "--!>", "<?", "?>", "<![CDATA[", "]]>", "<!a", "<pre>", "<script>", "<svg>"),
    *("![x](https://elsewhere/x)", "![", "](", "https://elsewhere/x)", "[x]: //elsewhere/x", "[x]"),
]
said = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


class Fetched(HTMLParser):
    """What a browser would fetch for a page."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        for name, value in attrs:
            if (
                value
                and name not in ("alt", "title", "class", "id")
                and (tag, name) != ("a", "href")
            ):
                parts = urlsplit(value)
                if parts.scheme or parts.netloc or "//" in value:
                    self.found.append(f"{tag} {name} {value}")

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if self._style and "//" in data:
            self.found.append(data)


@given(said)
def test_a_page_fetches_nothing(text: str) -> None:
    assert not Fetched(f"# Explain\n\n{for_reading(text)}").found


def test_what_would_be_fetched_is_seen() -> None:
    for text in (IMAGE, "![x](https://elsewhere/x)", "<style>@import '//elsewhere/x';</style>"):
        assert Fetched(text).found
    assert Fetched("<div title='\n\n```\n' style='a:url(//elsewhere/x)'>\n```").found


@pytest.mark.parametrize(
    "text",
    [
        # An element that would take the fence, or what is in it.
        f"<div>\n```\n{IMAGE}\n```",
        f"- <div>\n```\n{IMAGE}\n```",
        f"<style>\n```\n@import '//elsewhere/x';\n{IMAGE}\n```",
        "<div title='\n\n```\n' style='a:url(//elsewhere/x)'>\n```",
        # What others take for the end of a fence, or for none.
        f"- a\n\n  ```\n  b\n{IMAGE}\n```",
        f"- a\n  ```\n  b\n  ```\n{IMAGE}\n  ```\n{IMAGE}\n",
        f"```\n   ```\n{IMAGE}\n```",
        f"````\n`````\n{IMAGE}\n",
        f"1. a\n    ```\n{IMAGE}\n    ```\n",
        f"> ```\n> a\n{IMAGE}\n> ```\n{IMAGE}\n",
        f"```a`b\n{IMAGE}\n```\n{IMAGE}",
        f"a\n    ```\n{IMAGE}",
        f"a ```\n    ```\n    {IMAGE}\n    ```",
        # With other ends of lines, by its words alone.
        "![a\r\nb](https://elsewhere/x)",
        "![a](x y)\n\n[a]: https://elsewhere/x",
    ],
)
def test_made_to_deceive(text: str) -> None:
    assert not Fetched(for_reading(text)).found


@pytest.mark.parametrize(
    "text",
    [
        # Formulas, containers and comments of extensions.
        f"$$\n```\n$$\n{IMAGE}\n```",
        f"\\begin{{a}}\n```\n\\end{{a}}\n{IMAGE}\n```",
        f"::: a\n```\n:::\n{IMAGE}\n```",
        f"%%\n```\n%%\n{IMAGE}\n```",
        # The end of a fence for some: a longer one, one that is indented.
        f"```\n````\n```\n{IMAGE}\n```",
        f"```\n  ```\n```\n{IMAGE}\n```",
    ],
)
def test_what_only_some_take_for_code(text: str) -> None:
    assert IMAGE not in for_reading(text)
