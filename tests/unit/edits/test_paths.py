"""Which paths and characters a model's edit may bring in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.edits.characters import escaped, hidden
from streetrace_lsp.edits.confirm import reasons
from streetrace_lsp.edits.paths import refuse_path


@pytest.mark.parametrize(
    "path",
    [
        "src/a.py", "./a.py", "a..b/c.py", "Makefile", ".gitignore", ".github/workflows/ci.yml",
        "src/[id]/page.tsx", "C++/a.cpp", "100%/a.py", "docs/a b.md", "environment.py", "git/x",
        "données/é.py",
    ],
)  # fmt: skip
def test_ordinary_paths_pass(path: str) -> None:
    assert refuse_path(path) is None


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (".vscode/settings.json", "protected"),
        ("sub/.vscode/tasks.json", "protected"),
        ("x.code-workspace", "protected"),
        (".git/hooks/pre-commit", "protected"),
        (".git", "protected"),
        (".streetrace.toml", "protected"),
        (".streetrace/chats/a.md", "protected"),
        (".env", "protected"),
        ("a/.env.local", "protected"),
        (".cursor/rules/a.md", "protected"),
        (".claude/settings.json", "protected"),
        (".mcp.json", "protected"),
        (".zed/settings.json", "protected"),
        (".idea/workspace.xml", "protected"),
        (".exrc", "protected"),
        (".dir-locals.el", "protected"),
        (".VSCODE/Settings.json", "protected"),
        ("．ｖｓｃｏｄｅ/settings.json", "protected"),
        (".git /config", "protected"),
        (".git./config", "protected"),
        ("GIT~1/config", "short name"),
        (".vscode%2fsettings.json", "protected"),
        ("../x", "out of"),
        ("a/../../x", "out of"),
        ("a\\..\\..\\x", "out of"),
        ("%2e%2e/x", "out of"),
        ("%252e%252e/x", "out of"),
        ("．．/x", "out of"),
        ("/etc/passwd", "inside"),
        ("\\\\server\\share", "inside"),
        ("C:\\x", "inside"),
        ("~/.bashrc", "inside"),
        ("a.txt:stream", "another system"),
        (".g\u200cit/config", "invisible"),
        ("a\x00b", "invisible"),
        ("a\x1b]52;c;x\x07", "invisible"),
        ("", "empty"),
        ("./", "folder"),
    ],
)
def test_paths_that_lead_out_or_are_protected_are_refused(path: str, word: str) -> None:
    assert word in (refuse_path(path) or "")


@given(st.text(max_size=20))
def test_any_path_gets_an_answer(path: str) -> None:
    reason = refuse_path(path)
    assert reason is None or reason


def test_newly_added_hidden_characters_are_named() -> None:
    assert hidden("a\u200d", "a\u200d\u202e\U000e0041\ufe0f") == (
        "U+202E RIGHT-TO-LEFT OVERRIDE",
        "U+FE0F VARIATION SELECTOR-16",
        "U+E0041 TAG LATIN CAPITAL LETTER A",
    )
    assert hidden("x\u202e", "y\u202e") == ()


def test_hidden_characters_are_shown_escaped() -> None:
    assert escaped("a\u202eb\x1b") == "a<U+202E>b<U+001B>"


def test_what_needs_confirmation_is_said() -> None:
    assert reasons("a.json", "{}", '{"$schema": "https://example.org/s"}')
    assert not reasons(
        "a.json",
        '{"$schema": "https://example.org/s"}',
        '{"$schema": "https://example.org/s", "a": 1}',
    )
    assert reasons(".github/workflows/ci.yml", "a", "b")
    assert reasons("a.py", "", "x = '\u202e'")
    assert not reasons("a.py", "a", "b")
