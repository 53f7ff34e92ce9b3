"""Search, symbols and the files that may be sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from streetrace_lsp.chat.attach import LARGEST, Refusal, attach
from streetrace_lsp.chat.search import by_meaning, chunks, ranked
from streetrace_lsp.chat.symbol import defined
from streetrace_lsp.chat.workspace import paths, texts

FILES = [
    (
        "prices.py",
        "def roundPrice(cents):\n    return cents\n" + "#\n" * 60 + "class Total:\n    x = 1\n",
    ),
    ("other.go", "func total() int {\n\treturn 1\n}\n"),
    ("notes.md", "Nothing of it.\n"),
]


def test_the_places_that_hold_the_rare_words_come_first() -> None:
    found = ranked(chunks(FILES), "where do we round a price")
    assert found[0].title == "Lines 1 to 40 of prices.py"
    assert ranked(chunks(FILES), "qwertz") == []
    assert {one.path for one in ranked(chunks(FILES), "TOTAL")} == {"other.go", "prices.py"}


def test_by_meaning_the_closest_vector_comes_first() -> None:
    pieces = chunks(FILES)[:2]
    assert by_meaning(pieces, [[1.0, 0.0], [0.6, 0.8]], [0.0, 2.0]) == [pieces[1], pieces[0]]


def test_a_definition_comes_whole() -> None:
    (found,) = defined("Total", FILES)
    assert (found.title, found.text) == ("Lines 63 to 64 of prices.py", "class Total:\n    x = 1\n")
    assert [one.path for one in defined("mod.total", FILES)] == ["other.go"]
    assert defined("nothing", FILES) == []


def test_what_is_made_or_hidden_or_secret_is_no_file_of_the_workspace(tmp_path: Path) -> None:
    for name in ("a.py", "src/b.py", "node_modules/c.js", ".git/config", ".env", "d.png", ".e/f"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x\n")
    (tmp_path / "g.py").symlink_to("/etc/hostname")
    assert list(paths(tmp_path)) == ["a.py", "src/b.py"]
    assert dict(texts(tmp_path, lambda path: "y" if path.name == "a.py" else None)) == {
        "a.py": "y",
        "src/b.py": "x\n",
    }


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/hostname",
        "link/x",
        ".ENV",
        "a/.env.local/b",
        ".git/config",
        "sub/.GIT/x",
        "\0",
    ],
)
def test_what_is_never_sent(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "x").write_text("secret")
    (root / "link").symlink_to(tmp_path)
    found = attach(root, path, lambda _: "secret")
    assert isinstance(found, Refusal)
    assert "is not sent" in found.message


def test_an_unsaved_file_is_sent_as_it_is_in_the_editor(tmp_path: Path) -> None:
    assert attach(tmp_path, "new.py", lambda _: "x\n") == "x\n"
    assert isinstance(attach(tmp_path, "new.py", lambda _: "x" * (LARGEST + 1)), Refusal)
