import subprocess
from pathlib import Path

import pytest

from configured_project import Workspace, question_of, status_of
from streetrace_lsp.config.dotenv import parse_dotenv

PROJECT = 'model = "groq/m"\n[backends.b]\nprovider = "openai"\napi_key = "${TEAM_KEY}"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("KEY=value", "KEY", "value"),
        ("export KEY = value  ", "KEY", "value"),
        ('KEY="a b" # comment', "KEY", "a b"),
        ("KEY='a # b'", "KEY", "a # b"),
        ("KEY=a#b # c", "KEY", "a#b"),
        ("KEY=${SECRET}", "KEY", "${SECRET}"),
        ('KEY="$(cat /etc/passwd)`id`"', "KEY", "$(cat /etc/passwd)`id`"),
        ("KEY=a\\nb", "KEY", "a\\nb"),
        ("KEY=", "KEY", ""),
        ("KEY=1\nKEY=2", "KEY", "2"),
    ],
)
def test_values_are_literal(line: str, name: str, value: str) -> None:
    assert parse_dotenv(line) == {name: value}


@pytest.mark.parametrize("line", ["", "# KEY=x", "KEY", "1KEY=x", "KEY-A=x", "=x"])
def test_other_lines_are_skipped(line: str) -> None:
    assert parse_dotenv(line) == {}


def test_only_expected_names_are_taken_and_only_after_trust(workspace: Workspace) -> None:
    workspace.dotenv(
        "GROQ_API_KEY=g\nTEAM_KEY=t\nOTHER=o\nSTREETRACE_TEMPERATURE=0.4\n"
        "ANTHROPIC_API_KEY=a\nHTTPS_PROXY=http://evil\nSSL_VERIFY=False\n"
        "LITELLM_MODEL_COST_MAP_URL=http://evil\nSTREETRACE_LOG=/tmp/x\n"
    )
    assert workspace.project(PROJECT).load().variables.dotenv == {}
    configuration = workspace.trust()
    assert configuration.variables.dotenv == {
        "GROQ_API_KEY": "g",
        "TEAM_KEY": "t",
        "STREETRACE_TEMPERATURE": "0.4",
    }
    assert configuration.settings.defaults.temperature == 0.4
    assert configuration.overrides.log is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "SSL_CERT_FILE", "GOOGLE_APPLICATION_CREDENTIALS"])
def test_a_project_cannot_name_its_way_to_the_network(workspace: Workspace, name: str) -> None:
    workspace.dotenv(f"{name}=x\n")
    text = f'[backends.b]\nprovider = "openai"\napi_key = "${{{name}}}"\n'
    assert workspace.project(text).trust().variables.dotenv == {}


def test_the_shell_wins(workspace: Workspace) -> None:
    workspace.environ.values_by_name["GROQ_API_KEY"] = "mine"
    variables = workspace.dotenv("GROQ_API_KEY=planted").project(PROJECT).trust().variables
    assert variables.get("GROQ_API_KEY") == "mine"


def test_a_symbolic_link_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("GROQ_API_KEY=x")
    (workspace.root / ".env").symlink_to(tmp_path / "secrets")
    configuration = workspace.project(PROJECT).trust()
    assert configuration.variables.dotenv == {}
    assert [p.code for p in configuration.problems if p.path.name == ".env"] == ["dotenv"]


def test_a_change_of_it_is_noticed(workspace: Workspace) -> None:
    workspace.project(PROJECT).trust()
    assert workspace.load().variables.get("GROQ_API_KEY") is None
    assert workspace.dotenv("GROQ_API_KEY=1").load().variables.get("GROQ_API_KEY") == "1"
    assert workspace.dotenv("GROQ_API_KEY=22").load().variables.get("GROQ_API_KEY") == "22"


def test_an_address_in_it_needs_a_grant(workspace: Workspace) -> None:
    workspace.dotenv("OPENAI_BASE_URL=http://127.0.0.1:9/v1").project('model = "openai/m"').trust()
    configuration = workspace.load()
    assert status_of(configuration) == "trusted"
    assert [str(grant) for grant in question_of(configuration).grants] == [
        "http://127.0.0.1:9=OPENAI_API_KEY"
    ]


def test_without_a_project_file_it_is_not_read(workspace: Workspace) -> None:
    assert workspace.dotenv("STREETRACE_MODEL=x").load().settings.model is None


def test_an_env_file_that_git_tracks_gets_a_warning(workspace: Workspace) -> None:
    workspace.dotenv("GROQ_API_KEY=g").project(PROJECT).trust()
    git = ["git", "-C", str(workspace.root), "-c", "core.hooksPath=/dev/null"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    (workspace.root / "a.env").write_text("")
    subprocess.run([*git, "add", "a.env"], check=True)
    assert "dotenv" not in {problem.code for problem in workspace.new().problems}
    subprocess.run([*git, "add", "--force", ".env"], check=True)
    (warning,) = [problem for problem in workspace.new().problems if problem.code == "dotenv"]
    assert "git rm --cached .env" in warning.suggestion
