"""What `streetrace-lsp helix` prints, as real Helix takes it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from editors.helix.conftest import run
from editors.project import Project
from editors.snippets import snippets

pytestmark = pytest.mark.helix

Shell = dict[str, str]


def health(shell: Shell, project: Project, language: str) -> list[tuple[str, str]]:
    """Each server that Helix starts for a language, and ✓ where it finds its program."""
    said = re.sub("\x1b\\[[0-9;]*m", "", run(shell, project, "hx", "--health", language))
    servers = said.partition("Configured debug adapter")[0]
    return [(name, mark) for mark, name in re.findall(r"^ +(\S) (\S+):", servers, re.MULTILINE)]


def test_the_documentation_shows_what_is_printed(project: Project, shell: Shell) -> None:
    (command,) = snippets("editors/helix.md", "sh")
    path = languages(project)
    subprocess.run(["/bin/sh", "-c", command], cwd=project.folder, env=shell, check=True)
    assert path.read_text(encoding="utf-8") == snippets("editors/helix.md", "toml")[0]


def test_helix_keeps_its_own_servers_and_starts_ours(project: Project, shell: Shell) -> None:
    names = ("python", "rust", "tsx", "adl", "markdown", "toml")
    before = {name: health(shell, project, name) for name in names}
    languages(project).write_text(
        run(shell, project, "streetrace-lsp", "helix", *names), encoding="utf-8"
    )
    for name in names:
        after = health(shell, project, name)
        assert ("streetrace", "✓") in after, name
        after.remove(("streetrace", "✓"))
        assert after == before[name]


def test_it_goes_below_a_file_that_is_there(project: Project, shell: Shell) -> None:
    own = '[[language]]\nname = "rust"\nlanguage-servers = ["rust-analyzer"]'
    languages(project).write_text(own, encoding="utf-8")
    with languages(project).open("a", encoding="utf-8") as file:
        file.write(run(shell, project, "streetrace-lsp", "helix", "rust", "go"))
    assert [name for name, _ in health(shell, project, "rust")] == ["rust-analyzer"]
    assert ("streetrace", "✓") in health(shell, project, "go")
    assert ("streetrace", "✓") in health(shell, project, "markdown")


def test_a_language_that_helix_does_not_know_is_refused(project: Project, shell: Shell) -> None:
    with pytest.raises(AssertionError, match="Did you mean python"):
        run(shell, project, "streetrace-lsp", "helix", "pyhton")


def languages(project: Project) -> Path:
    """The person's file, whose folder is there."""
    path = project.home / ".config/helix/languages.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
