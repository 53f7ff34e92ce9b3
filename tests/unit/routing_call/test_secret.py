"""A key shows itself nowhere, in none of its spellings."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.routing.secret import Secret, redact

KEY = "sk-a/b+c=d e\"f'g\\h€"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(KEY)),
        str(Secret(KEY)),
        f"{Secret(KEY)}",
        f"{Secret(KEY)!r:>40}",
        "%s" % Secret(KEY),  # noqa: UP031 - one of the ways in which values reach a log
        repr({"key": [Secret(KEY)]}),
    ],
)
def test_printing_a_secret_hides_it(shown: str) -> None:
    assert KEY not in shown
    assert "•••" in shown


def test_the_value_is_there_for_whoever_asks() -> None:
    assert Secret(KEY).reveal() == KEY


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps, copy.deepcopy])
def test_a_secret_can_not_be_written(write: object) -> None:
    with pytest.raises(TypeError):
        write(Secret(KEY))  # type: ignore[operator]


def test_secrets_are_equal_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


@pytest.mark.parametrize(
    "spelled",
    [
        KEY,
        urllib.parse.quote(KEY),
        urllib.parse.quote(KEY, safe=""),
        urllib.parse.quote_plus(KEY),
        json.dumps(KEY),
        json.dumps(KEY, ensure_ascii=False),
        repr(KEY),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
    ],
)
def test_every_spelling_is_redacted(spelled: str) -> None:
    text = redact(f"401: {spelled} is wrong", [Secret(KEY)])
    assert text.startswith("401: ")
    assert text.endswith(" is wrong")
    assert spelled.strip("\"'") not in text
    assert "•••" in text


def test_a_key_within_another_leaves_no_rest() -> None:
    assert redact("key-long-tail", [Secret("key-long"), Secret("key-long-tail")]) == "•••"


def test_a_placeholder_tears_no_words_apart() -> None:
    assert redact("no text is none", [Secret("no"), Secret("")]) == "no text is none"


@given(before=st.text(), key=st.text(min_size=4), after=st.text())
def test_no_text_shows_the_key(before: str, key: str, after: str) -> None:
    shown = redact(f"{before}{key}{after}", [Secret(key)])
    # What is left over can spell the key again only together with the dots.
    assert key not in shown or set(key) <= set("•")
