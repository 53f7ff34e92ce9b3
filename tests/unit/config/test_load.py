import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from configured_project import Workspace, status_of
from streetrace_lsp.config.find import find_config
from streetrace_lsp.config.keyring import KeyStore


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_the_nearest_file_holds_as_a_whole(workspace: Workspace) -> None:
    inner = workspace.root / "a" / "b"
    inner.mkdir(parents=True)
    workspace.project('model = "openai/outer"')
    nearest = workspace.root / "a" / ".streetrace.toml"
    nearest.write_text("confirm = true")
    assert find_config(inner / "x.py", workspace.root) == nearest
    assert find_config(workspace.root / "x.py", workspace.root) == workspace.file
    settings = workspace.load("a/b/x.py").settings
    assert (settings.model, settings.confirm) == (None, True)


def test_no_file_above_the_workspace_holds(workspace: Workspace) -> None:
    (workspace.root.parent / ".streetrace.toml").write_text("enabled = false")
    assert workspace.load().settings.enabled is True
    assert workspace.load("../x.py").project is None


def test_a_folder_with_the_same_beginning_is_another_folder(workspace: Workspace) -> None:
    evil = workspace.root.parent / "work-evil"
    evil.mkdir()
    (evil / ".streetrace.toml").write_text("enabled = false")
    assert workspace.load("../work-evil/x.py").settings.enabled is True


def test_without_a_workspace_only_the_users_file_holds(workspace: Workspace) -> None:
    workspace.user('model = "openai/mine"').project("enabled = false")
    configuration = workspace.source.load(workspace.root / "x.py", None)
    assert (configuration.settings.model, configuration.settings.enabled) == ("openai/mine", True)


def test_a_pipe_in_place_of_a_file_does_not_hang(workspace: Workspace) -> None:
    os.mkfifo(workspace.file)
    configuration = workspace.load()
    assert [problem.code for problem in configuration.problems] == ["unreadable"]
    assert configuration.fault is not None


def test_a_folder_called_dotenv_is_one_problem_of_a_trusted_project(workspace: Workspace) -> None:
    workspace.project('[backends.b]\nprovider = "openai"\napi_key = "${B_KEY}"').trust()
    (workspace.root / ".env").mkdir()
    workspace.environ.values_by_name["B_KEY"] = "x"
    assert [problem.code for problem in workspace.new().problems] == ["dotenv"]


def test_a_folder_in_place_of_a_prompt_file_is_one_problem(workspace: Workspace) -> None:
    (workspace.root / "p.md").mkdir()
    workspace.project('[actions.r]\nprompt_file = "p.md"')
    assert [problem.code for problem in workspace.load().problems] == ["prompt-file"]


def test_a_folder_in_place_of_the_users_file_is_one_problem(workspace: Workspace) -> None:
    (workspace.user_dir / "config.toml").mkdir()
    assert [problem.code for problem in workspace.load().problems] == ["unreadable"]


def test_a_folder_in_place_of_the_stored_keys_is_a_fault_and_no_key(workspace: Workspace) -> None:
    (workspace.user_dir / "keys.json").mkdir()
    store = KeyStore(workspace.user_dir)
    store.refresh()
    assert list(store) == []
    assert store.fault is not None


@pytest.mark.parametrize("what", ["a folder", "a link to nothing"])
def test_what_stands_in_place_of_the_projects_file_is_said(workspace: Workspace, what: str) -> None:
    if what == "a folder":
        workspace.file.mkdir()
    else:
        workspace.file.symlink_to(workspace.root / "nowhere.toml")
    configuration = workspace.load()
    assert [problem.code for problem in configuration.problems] == ["unreadable"]
    assert configuration.fault is not None


def test_the_order_of_precedence(workspace: Workspace) -> None:
    workspace.user('model = "openai/user"\n[defaults]\ntemperature = 0.1\nmax_tokens = 10')
    configuration = workspace.load()
    assert configuration.settings.model == "openai/user"
    assert configuration.sources["model"] == "user"
    workspace.project('model = "openai/project"\n[defaults]\ntemperature = 0.2').trust()
    configuration = workspace.load()
    assert configuration.settings.model == "openai/project"
    assert configuration.settings.defaults.temperature == 0.2
    assert configuration.sources["defaults.temperature"] == "project"
    workspace.environ.values_by_name |= {
        "STREETRACE_MODEL": "openai/shell",
        "STREETRACE_TEMPERATURE": "0.3",
        "STREETRACE_MAX_TOKENS": "99",
    }
    configuration = workspace.load()
    assert configuration.settings.model == "openai/shell"
    assert configuration.settings.defaults.temperature == 0.3
    assert configuration.settings.defaults.max_tokens == 99
    assert configuration.sources["model"] == "environment"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STREETRACE_TEMPERATURE", "hot"),
        ("STREETRACE_MAX_TOKENS", "0"),
        ("STREETRACE_TEMPERATURE", "nan"),
    ],
)
def test_a_variable_of_ours_that_is_no_number_is_named(
    workspace: Workspace, name: str, value: str
) -> None:
    workspace.environ.values_by_name[name] = value
    fault = workspace.load().fault
    assert fault is not None
    assert name in fault.message


def test_a_projects_backend_replaces_the_users_of_that_name(workspace: Workspace) -> None:
    workspace.user(
        '[backends.b]\nprovider = "openai"\napi_key = "sk-mine"\n[backends.c]\nprovider="groq"'
    )
    backend = workspace.project('[backends.b]\nprovider = "openai"').trust().settings.backends
    assert backend["b"].api_key is None
    assert backend["c"].provider == "groq"


def test_a_project_with_a_model_speaks_for_every_task(workspace: Workspace) -> None:
    workspace.user('[tasks]\nfix = "openai/mine"').project('model = "openai/project"')
    assert workspace.trust().settings.tasks == {}


@pytest.mark.parametrize(
    ("own", "projects", "holds"),
    [
        (None, "preview", "preview"),
        (None, "direct", None),
        ("direct", "review", "review"),
        ("direct", "direct", "direct"),
        ("preview", "direct", "preview"),
        ("direct", None, "direct"),
    ],
)
def test_of_two_ways_to_review_the_more_careful_one_holds(
    workspace: Workspace, own: str | None, projects: str | None, holds: str | None
) -> None:
    if own:
        workspace.user(f'review = "{own}"')
    if projects:
        workspace.project(f'review = "{projects}"')
    assert workspace.load().settings.review == holds


def test_a_change_is_noticed_at_the_next_look(workspace: Workspace) -> None:
    assert workspace.load().settings.confirm is False
    for _ in range(20):
        assert workspace.project("confirm = true ").load().settings.confirm is True
        assert workspace.project("confirm = false").load().settings.confirm is False
    workspace.file.unlink()
    assert workspace.load().project is None
    assert workspace.user("confirm = true").load().settings.confirm is True


def test_a_change_with_the_same_size_and_time_is_noticed_while_it_is_young(
    workspace: Workspace,
) -> None:
    workspace.project("confirm = true #")
    now = time.time_ns()
    os.utime(workspace.file, ns=(now, now))
    assert workspace.load().settings.confirm is True
    with workspace.file.open("r+") as stream:
        stream.write("confirm = false#")
    os.utime(workspace.file, ns=(now, now))
    assert workspace.load().settings.confirm is False


def test_what_did_not_change_is_not_made_again(workspace: Workspace) -> None:
    workspace.user('model = "openai/m"').project('model = "openai/n"').trust()
    first = workspace.load()
    assert workspace.load("deep/er/x.py") is first
    workspace.file.touch()
    assert workspace.load() is first


def test_opening_a_project_reads_no_file_beside_its_configuration(workspace: Workspace) -> None:
    workspace.project('model = "openai/m"')
    os.mkfifo(workspace.root / ".env")
    assert status_of(workspace.load()) == "restricted"


def test_the_room_is_imported_without_anything_heavy() -> None:
    program = (
        "import sys, streetrace_lsp.config.load, streetrace_lsp.routing.targets; "
        "heavy = {'pydantic', 'tomli', 'tree_sitter', 'rapidfuzz', 'litellm', 'httpx', 'idna'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
