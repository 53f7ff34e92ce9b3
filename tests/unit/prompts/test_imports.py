from __future__ import annotations

import pytest

from streetrace_lsp.prompts.actions import BUILT_IN
from streetrace_lsp.prompts.build import Ask, Prompt, Snapshot, build
from streetrace_lsp.prompts.imports import imports
from streetrace_lsp.prompts.trim import PromptTooLargeError, fit

FIX = next(action for action in BUILT_IN if action.name == "fix")
CASES = [
    ("python", ["import os\n", "from a import (\n    b,\n    c,\n)\n"], "x = 1\n"),
    ("typescript", ["import {\n  a,\n} from 'b';\n", "const c = require('d');\n"], "a();\n"),
    ("go", ['import (\n\t"fmt"\n)\n'], "func f() {}\n"),
    ("rust", ["use std::{\n    fmt,\n};\n", "pub use a::b;\n"], "fn f() {}\n"),
    ("java", ["package a;\n", "import b.C;\n"], "class A {}\n"),
    ("c", ["#include <a.h>\r\n", '#  include "b.h"\r\n'], "int a;\r\n"),
    ("csharp", ["using A.B;\n"], "using (var a = b) {}\n"),
    ("ruby", ["require 'a'\n", "require_relative 'b'\n"], "requires = 1\n"),
    ("php", ["use A\\B;\n", "require_once 'a.php';\n"], "user();\n"),
    ("shellscript", ["source a.sh\n", ". b.sh\n"], "./c.sh\n"),
    ("markdown", [], "import nothing\n"),
]


@pytest.mark.parametrize(("language", "statements", "other"), CASES)
def test_the_imports_of_a_file(language: str, statements: list[str], other: str) -> None:
    text = other + other.join(statements) + other
    found = imports(text, len(text), language)
    assert [statement for _, statement in found] == statements
    assert [text[at : at + len(one)] for at, one in found] == statements


def test_what_is_below_the_selection_or_too_much_is_left() -> None:
    text = "import a\n" + "import b\n" * 1000
    assert len(imports(text, text.index("import b"), "python")) == 1
    assert sum(len(one) for _, one in imports(text, len(text), "python")) <= 3000
    assert imports("from a import (\n" + "b,\n" * 9, 40, "python")[0][1].startswith("from a")


def long_file() -> Prompt:
    far = "".join(f"far_{number:04} = {number}\n" for number in range(400))
    inside = "".join(f"    near_{number:03} = {number}\n" for number in range(40))
    text = f"import os\n\n{far}\n\ndef f():\n{inside}    selected = 1\n\n\n{far}"
    start = text.index("    selected")
    return build(Ask(FIX, Snapshot("a.py", text, "python"), start, text.index("\n", start) + 1))


def words(prompt: Prompt) -> str:
    return prompt.messages[1]["content"]


def test_imports_and_the_symbol_around_go_before_the_rest_of_the_file() -> None:
    prompt = long_file()
    assert "import os" in words(prompt)
    small = fit(prompt, 450, model="m")
    assert "Imports:\n```\nimport os\n```\n\nBefore the selection:" in words(small)
    assert "def f():" in words(small)
    assert "near_000" in words(small)
    # By distance alone what is behind the function would stand here instead of its beginning.
    assert words(small).count("far_") < 20
    assert small.left_out[0].endswith("lines but the imports")
    smaller = fit(prompt, 350, model="m")
    assert "far_" not in words(smaller)
    assert "import os" in words(smaller)
    assert "near_039" in words(smaller)
    assert "near_000" not in words(smaller)


def test_without_room_even_imports_go() -> None:
    prompt = long_file()
    room = 1
    while True:
        try:
            least = fit(prompt, room, model="m")
        except PromptTooLargeError:
            room += 1
            continue
        break
    assert "import os" not in words(least)
    assert "selected = 1" in words(least)
    with pytest.raises(PromptTooLargeError):
        fit(prompt, 900, overflow="refuse", model="m")


def test_a_selection_far_below_its_imports_has_them() -> None:
    text = "import os\n" + "x = 1\n" * 5000
    prompt = build(Ask(FIX, Snapshot("a.py", text, "python"), len(text) - 6, len(text)))
    assert "Imports:\n```\nimport os\n```" in words(prompt)
    assert "but the imports" in prompt.left_out[0]
