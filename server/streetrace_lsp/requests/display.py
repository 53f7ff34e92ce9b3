"""Make a model's text safe to show: no terminal escapes, no remote images."""

from __future__ import annotations

import re

from streetrace_lsp.requests.markup import fetches, may_begin_html, split_code

# C0 and C1 controls but tab, line feed and carriage return; a terminal obeys these.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# An address that may lead elsewhere: it has a scheme or begins with slashes, or could after its
# entities and backslashes are read (CommonMark 2.4 and 2.5; browsers take "https:x", too).
# Nothing of it is tried twice: long runs of blanks would take minutes.
REMOTE = r"\s*+[^\s<>()!\[:&\\/]*+(?:/[^\s<>()!\[:&\\/]++)*+(?:[:&\\<]|/[:&\\<]|//)"
_IMAGE = re.compile(rf"!(?=\[[^\[\]\n]*\]\({REMOTE})")
_BEGINS = re.compile(r"!(?=\[)")
_REFERENCE = re.compile(r"!\[(?![^\[\]\n]*\]\([^\s()<>]*\))")
_ADDRESS = re.compile(rf"\]\({REMOTE}")
_DEFINITION = re.compile(
    rf"^([ \t>*+\-\d.)]*)(?=\[(?:\\[^\r\n]|[^\]\\\r\n])+\]:{REMOTE})", re.MULTILINE
)
_BLANK = re.compile(r"(\n[ \t]*\n)")
_HTML = may_begin_html("<")
_FETCHES = fetches("<")


def escape_controls(text: str) -> str:
    r"""Write control characters out, as ``\x1b``, so that no terminal obeys them."""
    text = text.replace("\r\n", "\n")
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def for_reading(markdown: str) -> str:
    """A model's Markdown as it may be opened: remote images become links, escapes literal.

    Rendering a remote image sends its address, and whatever a model put in it, away. HTML that
    could do the same is shown as it is written. Other HTML in code stays.
    """
    text = _IMAGE.sub("", escape_controls(markdown))
    # No image reaches over an empty line; its words may hold brackets and ends of lines.
    text = "".join(map(_without_images, _BLANK.split(text)))
    if _REFERENCE.search(text):
        # An image whose address stands elsewhere in the text has none then.
        text = _DEFINITION.sub(r"\1\\", text)
    return "".join(_harmless(part, code) for part, code in split_code(text))


def _harmless(text: str, code: bool) -> str:
    if not code:
        text = _HTML.sub(lambda found: f"{found[0][:-1]}&lt;", text)
    return _FETCHES.sub("&lt;", text)


def _without_images(paragraph: str) -> str:
    """The paragraph with a backslash in all that may begin an image from elsewhere."""
    last = max((found.start() for found in _ADDRESS.finditer(paragraph)), default=0)
    return _BEGINS.sub(r"!\\", paragraph[:last]) + paragraph[last:]
