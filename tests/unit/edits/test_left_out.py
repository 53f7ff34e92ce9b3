"""A fence that may be only a part of what it takes the place of waits for the person."""

from __future__ import annotations

import pytest

from streetrace_lsp.edits import plan

MODULE = "import os\n" + "".join(
    f"\n\ndef f{number}(x):\n    y = x + {number}\n    return y\n" for number in range(10)
)
CLASS = "class A:\n" + "".join(f"    def m{n}(self):\n        return {n}\n\n" for n in range(6))
DATA = "".join(f"key{number} = {number}\n" for number in range(20))


def asked(text: str, answer: str, selected: str | None = None) -> tuple[str, ...]:
    start = text.index(selected) if selected is not None else 0
    end = start + len(selected) if selected is not None else len(text)
    found = plan(f"Here:\n\n```\n{answer}```\n", {"a": text}, selection=("a", start, end))
    assert not found.refusals
    assert found.files
    return found.confirm


@pytest.mark.parametrize(
    ("text", "answer", "missing"),
    [
        (
            MODULE,
            MODULE[: MODULE.index("\n\ndef f4")].replace("+ 1", "- 1"),
            "f4, f5, f6 and 3 more",
        ),
        (MODULE, MODULE[: MODULE.index("\n\ndef f9")], "f9"),
        (CLASS, CLASS[: CLASS.index("    def m2")], "m2, m3, m4 and 1 more"),
        ("int f(void) {\n  return 1;\n}\n", "return 2;\n", "f"),
    ],
)
def test_what_is_left_out_is_named(text: str, answer: str, missing: str) -> None:
    (reason,) = asked(text, answer)
    assert f"leaves out {missing}, and takes the place of" in reason


def test_a_fraction_of_a_whole_file_is_asked_about() -> None:
    (reason,) = asked(DATA, "".join(DATA.splitlines(keepends=True)[:8]))
    assert reason == "The answer has 8 lines and takes the place of all 20 lines."
    assert not asked(f"# Data\n{DATA}", "".join(DATA.splitlines(keepends=True)[:8]), DATA)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        # Renamed, made shorter, with a helper taken in, as another kind of function, with more.
        (MODULE, MODULE.replace("f3", "third")),
        ("def f(x):\n    y = x\n    z = y\n    return z\n", "def f(x):\n    return x\n"),
        (
            "def f(x):\n    def g(y):\n        return y\n    return g(x)\n",
            "def f(x):\n    return x\n",
        ),
        ("function f(x) {\n  return x;\n}\n", "const f = (x) => x;\n"),
        (MODULE, MODULE + "\n\ndef more():\n    return 0\n"),
        ("if a:\n    b(c)\nelse:\n    d(e)\n", "b(c)\n"),
    ],
)
def test_nothing_is_missing(text: str, answer: str) -> None:
    assert asked(text, answer) == ()


def test_lines_above_the_selection_that_the_answer_repeats_are_seen() -> None:
    body = "    y = x + 0\n    return y\n"
    answer = "import os\n\n\ndef f0(x):\n    y = x\n    return y\n"
    start = MODULE.index(body)
    found = plan(f"```\n{answer}```", {"a": MODULE}, selection=("a", start, start + len(body)))
    assert [one.code for one in found.refusals] == ["beyond_selection"]
