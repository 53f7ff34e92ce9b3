"""Where the cursor ($0) stands in whole and in broken texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.authoring.cursor import cursor_at

TOP = 'model = "x"\n\n[backends.claude]\nprovider = "anthropic"\n'

# text: (place, path, word up to the cursor, what a completion replaces)
CASES = {
    "$0": ("key", (), "", ""),
    "mo$0": ("key", (), "mo", "mo"),
    "m$0odel = 3": ("key", (), "m", "model"),
    "defaults.ti$0": ("key", ("defaults",), "ti", "ti"),
    TOP + "api_$0": ("key", ("backends", "claude"), "api_", "api_"),
    TOP + "  api_$0\n[next]\n": ("key", ("backends", "claude"), "api_", "api_"),
    "[ba$0": ("header", (), "ba", "ba"),
    "[ba$0]": ("header", (), "ba", "ba"),
    "[backends.$0]": ("header", ("backends",), "", ""),
    "[backends.x.mo$0": ("header", ("backends", "x"), "mo", "mo"),
    "model = $0": ("value", ("model",), "", ""),
    'model = "cl$0': ("value", ("model",), "cl", "cl"),
    'model = "cl$0aude/edit" # why': ("value", ("model",), "cl", "claude/edit"),
    "model = 'cl$0'": ("value", ("model",), "cl", "cl"),
    "local_only = tr$0ue": ("value", ("local_only",), "tr", "true"),
    'fallbacks = ["a", "b$0"]': ("value", ("fallbacks",), "b", "b"),
    'fallbacks = [\n  "a", # first\n  "b$0\n]': ("value", ("fallbacks",), "b", "b"),
    'fallbacks = ["$0, "b"]': ("value", ("fallbacks",), "", ""),
    TOP + "models = { ed$0": ("key", ("backends", "claude", "models"), "ed", "ed"),
    TOP + 'models = { edit = "a$0" }': (
        "value", ("backends", "claude", "models", "edit"), "a", "a"),
    TOP + 'models = { edit = "a", ch$0 }': ("key", ("backends", "claude", "models"), "ch", "ch"),
    'tasks = { fix = ["a", "$0"] }': ("value", ("tasks", "fix"), "", ""),
    'model = "a" # cl$0': ("comment", ("model",), "", ""),
    "# mo$0": ("comment", (), "", ""),
    '[actions.r]\nprompt = """\nLook at {se$0': ("text", ("actions", "r", "prompt"),
                                              "\nLook at {se", "\nLook at {se"),
    'a = """\n[x]\nb = 1\n"""\nmo$0': ("key", (), "mo", "mo"),
    '[t]\na = """\nx = 1\n$0"""': ("text", ("t", "a"), "\nx = 1\n", "\nx = 1\n"),
    'model = \n[backends.x]\nmodel = "$0': ("value", ("backends", "x", "model"), "", ""),
    '[backends."my one"]\nmo$0': ("key", ("backends", "my one"), "mo", "mo"),
    'model = "a"\r\nfall$0\r\n': ("key", (), "fall", "fall"),
    'größe = "é😀"\nmodel = "😀$0': ("value", ("model",), "😀", "😀"),
}  # fmt: skip


@pytest.mark.parametrize("marked", CASES)
def test_where_the_cursor_stands(marked: str) -> None:
    place, path, word, replaced = CASES[marked]
    offset = marked.index("$0")
    text = marked.replace("$0", "", 1)
    found = cursor_at(text, offset)
    assert (found.place, found.path, found.word) == (place, path, word)
    assert text[found.start : found.end] == replaced


def test_a_value_of_a_list_and_a_key_with_its_sign_are_told_apart() -> None:
    assert cursor_at('fallbacks = ["', 14).in_list
    assert not cursor_at('model = "', 9).in_list
    assert cursor_at("mod = 1", 2).assigned
    assert not cursor_at("mod", 2).assigned


@given(st.text(st.sampled_from("ab.=[]{}\"'#\n\r, é😀"), max_size=40), st.integers(0, 40))
def test_every_text_has_a_place_for_the_cursor(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    found = cursor_at(text, offset)
    assert 0 <= found.start <= offset <= found.end <= len(text)
