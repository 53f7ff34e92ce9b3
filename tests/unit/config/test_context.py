"""What a project keeps out of prompts needs no trust, and adds to what the user keeps out."""

from __future__ import annotations

from pathlib import Path

import pytest

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.load import load


def loaded(tmp_path: Path, user: str, project: str) -> Configuration:
    root, mine = tmp_path / "project", tmp_path / "config"
    root.mkdir()
    mine.mkdir()
    (root / ".streetrace.toml").write_text(project, "utf-8")
    (mine / "config.toml").write_text(user, "utf-8")
    return load(root / "a.py", root, environ={}, user_dir=mine, state_dir=tmp_path / "state")


def test_both_lists_count_without_trust(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        '[context]\nexclude = ["a/", "b"]\n',
        '[context]\nexclude = ["b", "c"]\noverflow = "refuse"\n',
    )
    assert found.project is not None
    assert found.project.status == "restricted"
    assert found.settings.context.exclude == ["a/", "b", "c"]
    # What is not free waits for trust.
    assert found.settings.context.overflow is None


@pytest.mark.parametrize(
    ("user", "project", "rules"),
    [
        ("", "", True),
        ("[context]\nrules = false\n", "[context]\nrules = true\n", False),
        ("", "[context]\nrules = false\n", False),
        ("[context]\nrules = true\n", "[context]\nrules = false\n", False),
    ],
)
def test_rules_are_off_where_either_says_so(
    tmp_path: Path, user: str, project: str, rules: bool
) -> None:
    found = loaded(tmp_path, user, project)
    assert found.settings.context.rules is rules
    assert found.project is not None
    assert found.project.status == "none_needed"
