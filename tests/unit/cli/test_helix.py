"""`streetrace-lsp helix` where no Helix can be asked, and how what Helix says is read.

What real Helix makes of it is tested in ``tests/editors/helix/test_setup.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from program import Program
from streetrace_lsp.cli.helix_health import Unknown, servers_in

OURS = {"name": "streetrace", "only-features": ["code-action", "workspace-command"]}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "commands").mkdir()
    return Program(
        tmp_path,
        {"XDG_CONFIG_HOME": str(tmp_path / "config"), "PATH": str(tmp_path / "commands")},
    )


def languages(program: Program, text: str) -> Path:
    path = program.place / "config/helix/languages.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_markdown_and_toml_are_always_in_it(program: Program) -> None:
    done = program.run("helix", "rust", "markdown")
    assert done.returncode == 0, done.stderr
    printed = tomli.loads(done.stdout)
    assert [entry["name"] for entry in printed["language"]] == ["rust", "markdown", "toml"]
    assert printed["language"][0]["language-servers"] == [OURS]
    assert printed["language"][1]["language-servers"] == ["streetrace"]
    assert Path(printed["language-server"]["streetrace"]["command"]).is_absolute()


def test_without_helix_it_says_that_the_list_is_not_whole(program: Program) -> None:
    done = program.run("helix", "rust")
    assert "hx is not on the PATH" in done.stderr
    assert "# add those that you use: hx --health rust\n" in done.stdout


def test_without_a_name_it_is_for_the_languages_of_the_project(program: Program) -> None:
    for name in ("a.tsx", "b.sh", "lib/c.tsx", "d.json", "node_modules/e.js", ".hidden/f.go"):
        path = program.project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    printed = tomli.loads(program.run("helix").stdout)
    names = [entry["name"] for entry in printed["language"]]
    assert names == ["tsx", "bash", "markdown", "toml"]


def test_what_the_file_has_is_not_repeated(program: Program) -> None:
    path = languages(
        program,
        '[language-server.streetrace]\ncommand = "x"\n[[language]]\nname = "markdown"\n'
        'language-servers = ["marksman"]\n[[language]]\nname = "rust"\nauto-format = true\n'
        '[[language]]\nname = "toml"\nlanguage-servers = ["taplo", "streetrace"]',
    )
    done = program.run("helix", "rust", "go")
    both = tomli.loads(path.read_text(encoding="utf-8") + done.stdout)
    assert [entry["name"] for entry in both["language"]] == ["markdown", "rust", "toml", "go"]
    assert f'{path} has markdown already. Add to its language-servers: "streetrace"' in done.stderr
    assert f"{path} has rust already. Add to it: language-servers = [{{ name" in done.stderr
    assert "has toml" not in done.stderr


def test_a_file_that_has_it_all_needs_nothing(program: Program) -> None:
    path = languages(program, program.run("helix", "go").stdout)
    done = program.run("helix", "go")
    assert done.stdout == ""
    assert f"{path} has go, markdown, toml already: there is nothing to add." in done.stderr


def test_a_project_that_lists_servers_itself_is_told(program: Program) -> None:
    path = program.project / ".helix/languages.toml"
    path.parent.mkdir()
    path.write_text('[[language]]\nname = "go"\nlanguage-servers = ["gopls"]\n', encoding="utf-8")
    done = program.run("helix", "go")
    assert f"{path} has go too, and Helix prefers it. Add to its language-servers" in done.stderr


def test_a_file_that_is_no_toml_is_named(program: Program) -> None:
    path = languages(program, "[[language\n")
    done = program.run("helix", "go")
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{path} is not TOML" in done.stderr


@pytest.mark.parametrize(
    ("health", "servers"),
    [
        (
            "Configured language servers:\n  \x1b[0;32m✓\x1b[m ty: \x1b[0;32m/usr/bin/ty\x1b[m\n"
            "  \x1b[0;31m✘\x1b[m jedi: 'jedi-language-server' not found in $PATH\n"
            "Configured debug adapter: None\n  ✓ x: y\n",
            ("ty", "jedi"),
        ),
        ("Configured language servers:\x1b[0;33m None\x1b[m\nConfigured debug adapter: None\n", ()),
        ("Configured language server: pylsp\n", None),
        ("", None),
        (
            "\x1b[0;31mLanguage 'pyhton' not found\x1b[m\n"
            "Did you mean one of these: \x1b[0;33mpython, php\x1b[m ?\n",
            Unknown(("python", "php")),
        ),
    ],
)
def test_what_helix_says_of_its_servers(health: str, servers: object) -> None:
    assert servers_in(health) == servers
