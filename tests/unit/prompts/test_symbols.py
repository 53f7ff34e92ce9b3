# ruff: noqa: E501 - a table reads best with a case a line
"""The lines that are meant when nothing is selected. `$0` marks the cursor."""

from __future__ import annotations

import pytest

from streetrace_lsp.prompts.symbols import enclosing

PYTHON = """\
import os


@cached
def first(a):
    return a


class Box:
    size = 1

    def second(self):
        # é
        return self.size

TOP = 1
"""
TYPESCRIPT = """\
export function one(a: number) {
  return a;
}

class Two {
  three() { return "}"; }
}
const four = (x: number) => x;
"""
TOML = """\
title = "x"

[first]
a = 1

[second]
b = [
  1,
]
"""
GO = """\
package main

func add(a int,
\tb int) int {
\tif a > b {
\t\treturn a
\t}
\treturn b
}

var x = 1
"""
YAML = """\
one:
  two: 1
  three: 2
four: 3
"""

CASES = [
    ("python", PYTHON, "return a\n", "@cached\ndef first(a):\n    return a\n"),
    ("python", PYTHON, "@cached", "@cached\ndef first(a):\n    return a\n"),
    ("python", PYTHON, "return self", "    def second(self):\n        # é\n        return self.size\n"),
    ("python", PYTHON, "size = 1", "class Box:\n    size = 1\n\n    def second(self):\n        # é\n        return self.size\n"),
    ("python", PYTHON, "TOP", "TOP = 1\n"),
    ("typescript", TYPESCRIPT, "return a", "export function one(a: number) {\n  return a;\n}\n"),
    ("typescript", TYPESCRIPT, "three", '  three() { return "}"; }\n'),
    ("javascript", "function f() {\n  return 1\n}\n", "return", "function f() {\n  return 1\n}\n"),
    ("typescriptreact", "const A = () => (\n  <b>x</b>\n);\n", "<b>", "const A = () => (\n  <b>x</b>\n);\n"),
    ("toml", TOML, "  1", "b = [\n  1,\n]\n"),
    ("toml", TOML, "[first]", "[first]\na = 1\n"),
    ("go", GO, "return a", "func add(a int,\n\tb int) int {\n\tif a > b {\n\t\treturn a\n\t}\n\treturn b\n}\n"),
    ("go", GO, "var x", "var x = 1\n"),
    ("yaml", YAML, "three", "one:\n  two: 1\n  three: 2\n"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "at", "expected"), CASES)
def test_the_enclosing_symbol(language: str, text: str, at: str, expected: str) -> None:
    start, end = enclosing(text, text.index(at), language)
    assert text[start:end] == expected


@pytest.mark.parametrize(
    "text", ["", "\n", "\f\n", "def f(:\n", "x = '\U0001f600'\r\ny\r\n", "\ud800"]
)
@pytest.mark.parametrize("language", ["python", "toml", "typescript", "c", "yaml", "nothing"])
def test_any_text_gives_whole_lines(text: str, language: str) -> None:
    for offset in range(len(text) + 1):
        start, end = enclosing(text, offset, language)
        assert 0 <= start <= end <= len(text)
        assert start == 0 or text[start - 1] in "\n\r"
