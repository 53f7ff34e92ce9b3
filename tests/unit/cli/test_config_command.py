"""`streetrace-lsp config` as a shell or CI sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.fault_server import FaultServer
from program import Program

GOOD = 'model = "local/edit"\n[backends.local]\nprovider = "ollama"\nmodels = { edit = "demo" }\n'
KEY = "sk-literal-3e77aa"


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


def test_a_good_file_passes_without_trust(program: Program) -> None:
    done = program.project_file(GOOD).run("config", "check")
    assert done.returncode == 0, done.stdout
    assert "no problems" in done.stdout
    assert not (program.place / "state").exists()


def test_a_misspelt_model_is_a_warning(program: Program) -> None:
    program.project_file('model = "anthropic/claude-sonet-4-5"\n')
    for words in (["config", "check"], ["config", "check", ".streetrace.toml"]):
        done = program.run(*words)
        assert done.returncode == 0
        assert ":1:9: warning: Anthropic has no model claude-sonet-4-5" in done.stdout
        assert 'Did you mean "claude-sonnet-4-5"? [unknown-model]' in done.stdout


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("model = \n", "1:1", "not TOML"),
        ('# ä\n[defaults]\ntemperatur = "x"\n', "3:1", "temperature"),
        ('# é\r\n\r\n[defaults]\r\ntemperature = "x"\r\n', "4:15", "temperature"),
        ('enabled = true\r\nmodel = "nobody/x"\r\n', "2:9", "nobody"),
        ('[backends.a]\nprovider = "opnai"\n', "2:12", "openai"),
        (f'[backends.a]\nprovider = "openai"\napi_key = "{KEY}"\n', "3:11", "does not belong"),
    ],
)
def test_problems_are_told_with_their_place(
    program: Program, text: str, place: str, words: str
) -> None:
    program.project_file(text)
    done = program.run("config", "check")
    assert done.returncode == 1
    file = program.project / ".streetrace.toml"
    assert any(
        line.startswith(f"{file}:{place}") and words in line for line in done.stdout.splitlines()
    ), done.stdout
    assert KEY not in done.stdout


def test_one_file_may_be_named(program: Program, tmp_path: Path) -> None:
    program.project_file("model = \n")
    other = tmp_path / "other.toml"
    other.write_text(GOOD)
    assert program.run("config", "check", str(other)).returncode == 0
    assert program.run("config", "check", ".streetrace.toml").returncode == 1
    assert program.run("config", "check", "missing.toml").returncode == 2


def test_without_a_file_there_is_nothing_to_check(program: Program) -> None:
    done = program.run("config", "check")
    assert done.returncode == 2
    assert "no .streetrace.toml" in done.stderr


def test_a_warning_alone_passes(program: Program) -> None:
    program.user('[backends.a]\nprovider = "openai"\nmodel = "m"\napi_key = "${NO_SUCH}"\n')
    done = program.run("config", "check")
    assert done.returncode == 0
    assert "warning: NO_SUCH is not set" in done.stdout


def test_nothing_is_contacted(program: Program) -> None:
    with FaultServer() as server:
        program.project_file(GOOD + f'api_base = "{server.base}"\n')
        program.run("config", "check")
        program.run("config", "show", "--effective")
        assert server.connections == []


def test_show_names_the_files_and_their_trust(program: Program) -> None:
    program.user("confirm = true\n").project_file(GOOD)
    done = program.run("config", "show")
    assert "config.toml (your own)" in done.stdout
    assert "you have not trusted it yet" in done.stdout
    assert "streetrace-lsp trust" in done.stdout
    program.run("trust", "--yes", ".")
    assert ".streetrace.toml (you trust it)" in program.run("config", "show").stdout


def test_effective_values_have_their_source_and_no_key(program: Program) -> None:
    program.variables["STREETRACE_TEMPERATURE"] = "0.3"
    program.user(f'[backends.own]\nprovider = "openai"\nmodel = "m"\napi_key = "{KEY}"\n')
    program.project_file(GOOD)
    program.run("trust", "--yes", ".")
    done = program.run("config", "show", "--effective")
    assert done.returncode == 0
    rows = {line.partition(" = ")[0]: line for line in done.stdout.splitlines()}
    assert rows["model"].endswith("# project")
    assert rows["backends.own.model"].endswith("# user")
    assert rows["defaults.temperature"].endswith("# environment")
    assert KEY not in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[defaults]\ntemperature = 3\n", "line 2: defaults.temperature is 3"),
        (GOOD, "you have not trusted it yet"),
    ],
)
def test_values_in_force_without_the_project_say_why(
    program: Program, text: str, said: str
) -> None:
    done = program.project_file(text).run("config", "show", "--effective")
    assert done.returncode == 0
    assert said in done.stderr
    assert "local/edit" not in done.stdout


def test_one_check_shows_the_unclear_target_beside_the_wrong_value(program: Program) -> None:
    text = 'model = "nobody/x"\n[defaults]\ntemperature = 3\n'
    for words in ((), (".streetrace.toml",)):
        done = program.project_file(text).run("config", "check", *words)
        assert done.returncode == 1
        assert "[unclear-target]" in done.stdout
        assert "[wrong-value]" in done.stdout


@pytest.mark.parametrize(
    "command", [("run",), ("apply",), ("trust",), ("doctor",), ("config", "check")]
)
def test_the_help_tells_the_exit_status(program: Program, command: tuple[str, ...]) -> None:
    assert "exit status" in " ".join(program.run(*command, "--help").stdout.split()).lower()
