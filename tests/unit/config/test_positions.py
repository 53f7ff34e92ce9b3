from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.config.positions import Positions

TEXT = """\
model = "é😀" # comment
tasks = { fix = "a/b", "x y".z = [1, { k = 2 }] }
[backends."my é".models]
edit = '''x
y'''
[[list]]
a = 1
[[list]]
a = 2
[list.below]
b = 3
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("model",), "model", '"é😀"'),
        (("tasks",), "tasks", '{ fix = "a/b", "x y".z = [1, { k = 2 }] }'),
        (("tasks", "fix"), "fix", '"a/b"'),
        (("tasks", "x y", "z"), "z", "[1, { k = 2 }]"),
        (("tasks", "x y", "z", 0), "1", "1"),
        (("tasks", "x y", "z", 1, "k"), "k", "2"),
        (("backends", "my é"), '"my é"', '"my é"'),
        (("backends", "my é", "models", "edit"), "edit", "'''x\ny'''"),
        (("list", 0, "a"), "a", "1"),
        (("list", 1, "a"), "a", "2"),
        (("list", 1, "below", "b"), "b", "3"),
        # What is not there: the nearest table around it.
        (("backends", "my é", "nothing"), '"my é"', '"my é"'),
        (("nothing",), "", ""),
    ],
)
def test_keys_and_values_are_found(path: tuple[str | int, ...], key: str, value: str) -> None:
    positions = Positions(TEXT)
    assert TEXT[slice(*positions.key(path))] == key
    assert TEXT[slice(*positions.value(path))] == value


def test_what_stands_before_a_mistake_is_found() -> None:
    text = 'model = "x"\n[defaults]\ntimeout = 5\nidle = = 3\n'
    assert text[slice(*Positions(text).value(("defaults", "timeout")))] == "5"


WORDS = st.text("abé😀_-. ", min_size=1, max_size=5)
VALUES = st.recursive(
    st.integers() | st.booleans() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return "{ " + ", ".join(f'"{key}" = {toml(item)}' for key, item in value.items()) + " }"


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_every_value_is_found_where_it_stands(table: dict[str, Any]) -> None:
    text = "".join(f'"{key}" = {toml(value)} # é\n' for key, value in table.items())
    positions = Positions(text)

    def compare(value: Any, path: tuple[str | int, ...]) -> None:
        shown = text[slice(*positions.value(path))]
        assert tomli.loads(f"x = {shown}")["x"] == value
        items = value.items() if isinstance(value, dict) else []
        items = enumerate(value) if isinstance(value, list) else items
        for step, item in items:
            compare(item, (*path, step))

    for key, value in table.items():
        compare(value, (key,))


@given(st.text(max_size=60))
def test_any_text_has_positions(text: str) -> None:
    positions = Positions(text)
    for place in positions.places.values():
        for start, end in (place.key, place.value):
            assert 0 <= start <= end <= len(text)
