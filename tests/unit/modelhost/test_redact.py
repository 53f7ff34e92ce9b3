"""A key disappears from a text however it was escaped on its way there."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.modelhost.redact import HIDDEN, redact, redact_pieces

KEYS = ("sk-own-4f9a/b+c=d", 'a"quoted\\key', "schlüssel-ß🔑", "two words", "line\nbreak")
WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": lambda text: json.dumps(text)[1:-1],
    "json, not ascii": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json in json": lambda text: json.dumps(json.dumps(text))[3:-3],
    "json in a repr": lambda text: repr(json.dumps({"m": text}))[8:-3],
    "json of php": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "repr": lambda text: repr(text)[1:-1],
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
    "query": urllib.parse.quote_plus,
    "path": urllib.parse.quote,
    "url": lambda text: urllib.parse.quote(text, safe=""),
    "url in a url": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe="")),
    "url in small letters": lambda text: _small(urllib.parse.quote(text, safe="")),
    "html": html.escape,
    "html by numbers": lambda text: html.escape(text).replace("&quot;", "&#34;"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


def _small(quoted: str) -> str:
    head, *rest = quoted.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("key", KEYS)
def test_a_key_disappears(key: str, way: str) -> None:
    assert redact(f"the key <{WAYS[way](key)}>.", [key]) == f"the key <{HIDDEN}>."


@pytest.mark.parametrize("user", ["", "a", "me", "you", "some"])
@pytest.mark.parametrize("key", [key for key in KEYS if len(key) > 9])
def test_a_password_of_a_basic_header_disappears(key: str, user: str) -> None:
    header = base64.b64encode(f"{user}:{key}\n".encode()).decode()
    left = redact(header, [key]).replace(HIDDEN, "")
    # What is left tells the user's name and less than two bytes of the password.
    assert len(left) <= len(base64.b64encode(f"{user}:ab\n".encode())) + 2
    assert HIDDEN in redact(header, [key])


@pytest.mark.parametrize("value", ["", "x", "no", "   x   "])
def test_a_placeholder_is_left_alone(value: str) -> None:
    assert redact("no next x", [value]) == "no next x"


def test_a_longer_key_goes_before_one_that_it_begins_with() -> None:
    assert redact("abcdef abcd", ["abcd", "abcdef"]) == f"{HIDDEN} {HIDDEN}"


@given(st.text(min_size=4).filter(lambda text: len(text.strip()) >= 4), st.sampled_from(list(WAYS)))
def test_no_escaping_hides_a_key(key: str, way: str) -> None:
    try:
        text = WAYS[way](key.strip())
    except UnicodeEncodeError:
        return
    assert text not in redact(f"<{text}>", [key])


@given(st.integers(0, 95), st.integers(0, 60), st.integers(0, 40), st.text("xyz ", max_size=20))
def test_no_piece_of_a_long_key_is_left(at: int, length: int, before: int, after: str) -> None:
    key = "".join(chr(0x4E00 + number) for number in range(96))
    piece = key[at : at + length]
    shown = HIDDEN if len(piece) >= 8 else piece
    assert redact_pieces("x" * before + piece + after, [key]) == "x" * before + shown + after


def test_pieces_of_a_short_key_are_words() -> None:
    assert redact_pieces("for lm-studio", ["lm-studio-local"]) == "for lm-studio"
