"""Our diffs are what `git apply` reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.review.unified import unified

CASES = [
    ("a\nb\nc\n", "a\nB\nc\n"),
    ("a\nb", "a\nb\n"),
    ("a\nb\n", "a\nb"),
    ("", "a\n"),
    ("a\r\nb\r\n", "a\r\nc\r\n"),
    (
        "".join(f"{n}\n" for n in range(40)),
        "".join(f"{n}\n" for n in range(40) if n not in (3, 30)),
    ),
    ("x\n" * 9, "x\n" * 4 + "y\n" + "x\n" * 5),
]


def applied(folder: Path, old: str, patch: str) -> str:
    file = folder / "f.txt"
    file.write_bytes(old.encode())
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "--unidiff-zero", "-"],
        input=patch.encode(), cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return file.read_bytes().decode()


@pytest.mark.parametrize(("old", "new"), CASES)
def test_git_applies_it(tmp_path: Path, old: str, new: str) -> None:
    assert applied(tmp_path, old, unified("f.txt", old, new)) == new


def test_no_change_is_no_diff() -> None:
    assert unified("f", "a\n", "a\n") == ""


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", "\tx"]), max_size=14)


@given(LINES, LINES, st.booleans(), st.booleans())
def test_git_applies_any(tmp_path_factory, one, two, end_one, end_two) -> None:
    old = "\n".join(one) + ("\n" if end_one and one else "")
    new = "\n".join(two) + ("\n" if end_two and two else "")
    if old == new:
        return
    assert applied(tmp_path_factory.mktemp("d"), old, unified("f.txt", old, new)) == new
