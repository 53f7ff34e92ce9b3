"""The lines that are meant when nothing is selected, language by language.

In `symbol_cases/LANGUAGE.txt` each case is a text with its lines marked: `>` stands before those
that are meant, and `$0` is the cursor.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streetrace_lsp.prompts.grammars import GRAMMARS
from streetrace_lsp.prompts.symbols import enclosing

FOLDER = Path(__file__).with_name("symbol_cases")
CASES = {file.stem: file.read_text("utf-8") for file in sorted(FOLDER.glob("*.txt"))}


def cases() -> Iterator[Any]:
    for language, text in CASES.items():
        for case in text.split("=== ")[1:]:
            name, _, marked = case.partition("\n")
            yield pytest.param(language, marked, id=f"{language}: {name}")


def read(marked: str) -> tuple[str, int, str]:
    """The text without its marks, the cursor, and the lines that are meant."""
    lines = marked.splitlines(keepends=True)
    assert all(line.startswith(("> ", "  ")) for line in lines), marked
    text = "".join(line[2:] for line in lines)
    assert text.count("$0") == 1
    meant = "".join(line[2:] for line in lines if line.startswith(">"))
    return text.replace("$0", ""), text.index("$0"), meant.replace("$0", "")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("language", "marked"), list(cases()))
def test_the_symbol_around_the_cursor(language: str, marked: str, line_end: str) -> None:
    text, cursor, meant = read(marked)
    cursor += text.count("\n", 0, cursor) * (len(line_end) - 1)
    text, meant = text.replace("\n", line_end), meant.replace("\n", line_end)
    start, end = enclosing(text, cursor, language)
    assert text[start:end] == meant


@pytest.mark.parametrize("language", list(GRAMMARS))
@pytest.mark.parametrize(
    "text",
    ["", "\n", "\f\n", "{", "}}}\n", "# x", "// x\n", "/*", "'\U0001f600'\r\ny\r\n", "\ud800"],
)
def test_any_text_gives_whole_lines_in_every_language(language: str, text: str) -> None:
    for offset in range(len(text) + 1):
        start, end = enclosing(text, offset, language)
        assert 0 <= start <= offset <= end <= len(text)
        assert start == 0 or text[start - 1] in "\n\r"


@pytest.mark.parametrize(("language", "text"), list(CASES.items()))
def test_a_text_cut_off_anywhere_gives_whole_lines(language: str, text: str) -> None:
    text = "".join(line[2:] for line in text.splitlines(keepends=True) if line[:1] in "> ")
    for cut in range(0, len(text), 7):
        start, end = enclosing(text[:cut], cut, language)
        assert 0 <= start <= cut == end
        assert start == 0 or text[start - 1] == "\n"


def test_the_symbol_around_several_lines_holds_them_all() -> None:
    text = "class A {\n  void f() {\n    a();\n    b();\n  }\n  void g() {\n  }\n}\n"

    def around(first: str, last: str) -> str:
        start, until = text.index(first), text.index(last) + len(last)
        begin, end = enclosing(text, start, "java", until=until)
        return text[begin:end]

    assert around("    a();\n", "    b();\n") == "  void f() {\n    a();\n    b();\n  }\n"
    assert around("    b();\n", "void g() {\n") == text


def test_shells_have_one_grammar_under_the_names_that_editors_send() -> None:
    text, cursor, meant = read(CASES["shellscript"].split("=== ")[1].partition("\n")[2])
    for language in ("shellscript", "sh", "bash", "zsh"):
        start, end = enclosing(text, cursor, language)
        assert text[start:end] == meant


def test_a_grammar_is_imported_when_its_language_is_asked_for_and_not_before() -> None:
    script = (
        "import sys\n"
        "from streetrace_lsp.prompts.symbols import enclosing\n"
        "loaded = lambda: sorted(name for name in sys.modules if name.startswith('tree_sitter'))\n"
        "assert loaded() == [], loaded()\n"
        "enclosing('def f():\\n  x\\n', 3, 'go')\n"
        "print([name for name in loaded() if '.' not in name])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "['tree_sitter', 'tree_sitter_go']\n"
