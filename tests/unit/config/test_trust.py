import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from configured_project import Workspace, question_of, status_of
from streetrace_lsp.config.find import is_foreign, owner_name
from streetrace_lsp.config.grants import Grant, parse_grant
from streetrace_lsp.config.model import Settings
from streetrace_lsp.config.question import Subject, Uses, trust_question
from streetrace_lsp.config.trust import TrustError, TrustStore

GATEWAY = """\
model = "gw/edit"

[backends.gw]
provider = "openai"
api_base = "http://127.0.0.1:9/v1"
api_key = "${TEAM_KEY}"
models = { edit = "m" }

[defaults]
max_tokens = 100
"""
GRANT = parse_grant("http://127.0.0.1:9=TEAM_KEY")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_before_trust_the_users_own_model_serves_and_limits_narrow(workspace: Workspace) -> None:
    workspace.user('model = "openai/mine"\n[defaults]\nmax_tokens = 500')
    configuration = workspace.project(GATEWAY + "timeout = 60").load()
    assert status_of(configuration) == "restricted"
    assert configuration.settings.model == "openai/mine"
    assert configuration.settings.backends == {}
    assert configuration.settings.defaults.max_tokens == 100
    assert configuration.settings.defaults.timeout == 60


def test_yes_makes_the_project_and_its_grants_effective(workspace: Workspace) -> None:
    configuration = workspace.project(GATEWAY).trust()
    assert status_of(configuration) == "trusted"
    assert configuration.settings.model == "gw/edit"
    assert configuration.grants == {GRANT}
    assert configuration.project is not None
    assert configuration.project.question is None


def test_the_question_lists_addresses_variables_models_and_actions(workspace: Workspace) -> None:
    action = '\n[actions.review]\nprompt = "Look closely."\nmodel = "openai/gpt-5"\n'
    question = question_of(workspace.project(GATEWAY + action).load())
    for said in (
        str(workspace.file),
        "http://127.0.0.1:9/v1",
        "TEAM_KEY may be sent to http://127.0.0.1:9",
        "model = gw/edit",
        "review with openai/gpt-5: Look closely.",
        "https://api.openai.com/v1, which gets OPENAI_API_KEY",
    ):
        assert said in question.message
    assert question.grants == (GRANT,)


def test_the_question_shows_hidden_characters_escaped(workspace: Workspace) -> None:
    workspace.project(
        '[actions.x]\ntitle = "\\u202Egnp"\nprompt = "a\\u001b]52;c;eA==\\u0007b\\nc\\u200b"'
    )
    message = question_of(workspace.load()).message
    assert "\\u{202e}gnp" in message
    assert "\\u{1b}]52" in message
    assert "\\u{200b}" in message
    assert not set("\u202e\x1b\x07\u200b") & set(message)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gw/edit", "gw/chat"),
        (":9/v1", ":9/v2"),
        (":9/v1", ":8/v1"),
        ("TEAM_KEY", "TEAM_KEZ"),
        ('"m"', '"n"'),
        ('"openai"', '"groq"'),
        ("[defaults]", '[tasks]\nfix = "gw/m"\n[defaults]'),
        ("[defaults]", '[actions.a]\nprompt = "p"\n[defaults]'),
        ("[defaults]", 'unknown = "key"\n[defaults]'),
    ],
)
def test_any_change_of_what_was_trusted_needs_a_new_yes(
    workspace: Workspace, old: str, new: str
) -> None:
    workspace.project(GATEWAY).trust()
    changed = GATEWAY.replace(old, new)
    assert changed != GATEWAY
    configuration = workspace.project(changed).load()
    assert status_of(configuration) == "restricted"
    assert configuration.settings.model is None
    text = question_of(configuration).text
    assert "Changed since you trusted it:" in text
    assert "\n+ " in text


@pytest.mark.parametrize(
    "changed",
    [
        GATEWAY.replace("100", "50"),
        GATEWAY + "temperature = 0.1",
        "# a comment\n" + GATEWAY,
        "local_only = true\n" + GATEWAY,
        GATEWAY.replace("\n", "\r\n"),
    ],
)
def test_what_can_only_narrow_needs_no_new_yes(workspace: Workspace, changed: str) -> None:
    workspace.project(GATEWAY).trust()
    assert status_of(workspace.project(changed).load()) == "trusted"


def test_going_back_to_what_was_trusted_is_trusted(workspace: Workspace) -> None:
    workspace.project(GATEWAY).trust()
    assert status_of(workspace.project(GATEWAY.replace(":9", ":8")).load()) == "restricted"
    assert status_of(workspace.project(GATEWAY).load()) == "trusted"


def test_a_file_that_only_narrows_asks_nothing(workspace: Workspace) -> None:
    configuration = workspace.project("local_only = true\n[defaults]\nmax_tokens = 5").load()
    assert status_of(configuration) == "none_needed"
    assert configuration.project is not None
    assert configuration.project.question is None
    assert configuration.settings.local_only is True


def test_a_project_can_only_narrow(workspace: Workspace) -> None:
    workspace.user(
        'enabled = false\nlocal_only = true\nconfirm = true\nmodel = "ollama/m"\n'
        "[defaults]\nmax_tokens = 100\ntimeout = 10\nidle_timeout = 5"
    )
    workspace.project(
        "enabled = true\nlocal_only = false\nconfirm = false\n"
        '[backends.b]\nprovider = "ollama"\nmax_tokens = 900\n'
        "[defaults]\nmax_tokens = 900\ntimeout = 900\nidle_timeout = 900"
    )
    settings = workspace.trust().settings
    assert (settings.enabled, settings.local_only, settings.confirm) == (False, True, True)
    limits = settings.defaults
    assert (limits.max_tokens, limits.timeout, limits.idle_timeout) == (100, 10, 5)
    assert settings.backends["b"].max_tokens == 100


def test_deny_beats_allow(workspace: Workspace) -> None:
    workspace.project(GATEWAY).trust()
    workspace.source.store.deny(workspace.file)
    configuration = workspace.load()
    assert status_of(configuration) == "denied"
    assert configuration.settings.model is None
    assert configuration.project is not None
    assert configuration.project.question is None
    with pytest.raises(TrustError) as refused:
        workspace.source.store.trust(workspace.file, "0" * 64)
    assert "--revoke" in refused.value.next_step
    workspace.source.store.revoke(workspace.file)
    assert status_of(workspace.load()) == "restricted"


def test_trust_holds_for_the_real_path(workspace: Workspace, tmp_path: Path) -> None:
    workspace.project(GATEWAY).trust()
    (tmp_path / "link").symlink_to(workspace.root)
    seen = workspace.source.load(tmp_path / "link" / "x.py", tmp_path / "link")
    assert status_of(seen) == "trusted"
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / ".streetrace.toml").write_text(GATEWAY)
    copied = workspace.source.load(tmp_path / "copy" / "x.py", tmp_path / "copy")
    assert status_of(copied) == "restricted"


def test_a_link_out_of_the_workspace_is_not_used(workspace: Workspace, tmp_path: Path) -> None:
    workspace.project(GATEWAY).trust()
    other = tmp_path / "other"
    other.mkdir()
    (other / ".streetrace.toml").symlink_to(workspace.file)
    configuration = workspace.source.load(other / "x.py", other)
    assert configuration.project is None
    assert [problem.code for problem in configuration.problems] == ["outside"]


def test_a_missing_grant_is_asked_for_by_itself(workspace: Workspace) -> None:
    configuration = workspace.project(GATEWAY).trust(grants=False)
    assert status_of(configuration) == "trusted"
    question = question_of(configuration)
    assert not question.trusts
    assert question.grants == (GRANT,)
    workspace.source.store.grant(question.grants)
    project = workspace.load().project
    assert project is not None
    assert project.question is None


def test_a_running_server_notices_an_answer_given_elsewhere(workspace: Workspace) -> None:
    question = question_of(workspace.project(GATEWAY).load())
    TrustStore(workspace.state_dir).answer(question)
    assert status_of(workspace.load()) == "trusted"
    TrustStore(workspace.state_dir).revoke(workspace.file)
    assert status_of(workspace.load()) == "restricted"


def test_the_store_is_readable_by_its_owner_alone(workspace: Workspace) -> None:
    workspace.project(GATEWAY).trust()
    store = workspace.state_dir / "trust.json"
    assert store.stat().st_mode & 0o777 == 0o600
    assert workspace.state_dir.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in workspace.state_dir.iterdir()) == [
        "trust.json",
        "trust.json.lock",
    ]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 2}', '{"version": 1, "trusted": 5}', "\x00"]
)
def test_a_damaged_store_trusts_nothing(workspace: Workspace, content: str) -> None:
    workspace.project(GATEWAY).trust()
    (workspace.state_dir / "trust.json").write_text(content)
    configuration = workspace.load()
    assert status_of(configuration) == "restricted"
    assert configuration.grants == frozenset()
    with pytest.raises(TrustError, match="damaged"):
        workspace.source.store.deny(workspace.file)
    assert (workspace.state_dir / "trust.json").read_text() == content


def test_a_store_that_others_can_write_trusts_nothing(workspace: Workspace) -> None:
    workspace.project(GATEWAY).trust()
    (workspace.state_dir / "trust.json").chmod(0o666)
    assert status_of(workspace.load()) == "restricted"


def test_a_file_that_changed_hands_is_no_longer_trusted(workspace: Workspace) -> None:
    question = question_of(workspace.project(GATEWAY).load())
    workspace.source.store.answer(replace(question, owner=54321))
    configuration = workspace.load()
    assert status_of(configuration) == "restricted"
    assert "The file now belongs to" in question_of(configuration).text


def test_the_question_names_another_owner(workspace: Workspace) -> None:
    settings = Settings(model="openai/m")
    subject = Subject(workspace.file, "0" * 64, (), 54321, foreign=owner_name(54321))
    question = trust_question(subject, settings, Uses((), frozenset()))
    assert "belongs to user 54321, not to you" in question.text
    assert is_foreign(54321)


def test_processes_that_answer_at_once_lose_no_answer(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; "
        "from streetrace_lsp.config.trust import TrustStore; "
        "[TrustStore(Path(sys.argv[1])).deny(Path(f'/p{sys.argv[2]}-{n}')) for n in range(20)]"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)])
        for number in range(4)
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert len(json.loads((tmp_path / "trust.json").read_text())["denied"]) == 80


def test_grants_are_kept_apart_by_variable_and_origin(workspace: Workspace) -> None:
    store = workspace.source.store
    store.grant([Grant(GRANT.origin, None), GRANT])
    store.revoke(workspace.file, [GRANT])
    assert store.read().grants == {Grant(GRANT.origin, None)}


def test_an_accepted_offer_becomes_the_model_where_none_is_named(workspace: Workspace) -> None:
    workspace.source.store.answer_offer("openai", "openai/gpt-5-mini")
    workspace.source.store.answer_offer("groq", None)
    configuration = workspace.load()
    assert configuration.settings.model == "openai/gpt-5-mini"
    assert configuration.sources["model"] == "accepted offer"
    assert workspace.user('model = "ollama/m"').load().settings.model == "ollama/m"


def test_nothing_pushes_an_address_out_of_sight(workspace: Workspace) -> None:
    name, variable = "n" * 64, "V" * 5000
    workspace.project(
        f'[backends.{name}]\nprovider = "openai"\napi_base = "http://127.0.0.1:9/{"p" * 900}"\n'
        f'api_key = "${{{variable}}}"'
    )
    message = question_of(workspace.load()).message
    assert f"{variable} may be sent to http://127.0.0.1:9" in message
    assert f"/{'p' * 900}, which gets {variable}" in message
    problems = workspace.project(f'[backends.{name}n]\nprovider = "openai"').load().problems
    assert [problem.code for problem in problems] == ["wrong-name"]
