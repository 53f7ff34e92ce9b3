"""`streetrace-lsp trust`, as a shell or a script runs it."""

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from configured_project import CANARIES, Workspace, status_of

PROJECT = """\
model = "gw/m"
[backends.gw]
provider = "openai"
api_base = "http://127.0.0.1:9/v1"
api_key = "${GITHUB_TOKEN}"
"""
GRANT = "http://127.0.0.1:9=GITHUB_TOKEN"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path).project(PROJECT)


def environ(workspace: Workspace) -> dict[str, str]:
    return {
        **os.environ,
        **CANARIES,
        "CI": "1",
        "STREETRACE_CONFIG_DIR": str(workspace.user_dir),
        "STREETRACE_STATE_DIR": str(workspace.state_dir),
    }


COMMAND = [sys.executable, "-m", "streetrace_lsp", "trust"]


def trust(workspace: Workspace, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, str(workspace.root), *words],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environ(workspace),
    )


def digest(workspace: Workspace) -> str:
    project = workspace.load().project
    assert project is not None
    assert project.question is not None
    return project.question.sha256


def test_without_a_terminal_and_options_nothing_changes(workspace: Workspace) -> None:
    done = trust(workspace)
    assert done.returncode != 0
    assert f"--sha256 {digest(workspace)} --grant {GRANT}" in done.stderr
    assert not workspace.state_dir.exists()
    assert "canary" not in done.stdout + done.stderr


def test_print_shows_everything_and_changes_nothing(workspace: Workspace) -> None:
    done = trust(workspace, "--print")
    assert done.returncode == 0
    for said in ("http://127.0.0.1:9/v1", "GITHUB_TOKEN may be sent", digest(workspace)):
        assert said in done.stdout
    assert not workspace.state_dir.exists()


def test_the_command_that_is_shown_says_yes(workspace: Workspace) -> None:
    shown = trust(workspace, "--print").stdout.rpartition("To agree, run: ")[2]
    program, *words = shlex.split(shown)
    assert program == "streetrace-lsp"
    done = subprocess.run(
        [sys.executable, "-m", "streetrace_lsp", *words],
        check=False,
        capture_output=True,
        text=True,
        env=environ(workspace),
    )
    assert (done.returncode, done.stderr) == (0, "")
    configuration = workspace.load()
    assert status_of(configuration) == "trusted"
    assert [str(grant) for grant in configuration.grants] == [GRANT]


def test_a_digest_trusts_that_content_with_these_grants_only(workspace: Workspace) -> None:
    done = trust(workspace, "--sha256", digest(workspace))
    assert done.returncode == 0
    assert f"Not allowed, so not used: {GRANT}" in done.stdout
    assert workspace.load().grants == frozenset()
    assert trust(workspace, "--grant", GRANT).returncode == 0
    assert [str(grant) for grant in workspace.load().grants] == [GRANT]


def test_another_digest_changes_nothing(workspace: Workspace) -> None:
    done = trust(workspace, "--sha256", "0" * 64, "--grant", GRANT)
    assert done.returncode != 0
    assert status_of(workspace.load()) == "restricted"
    assert workspace.load().grants == frozenset()


def test_a_grant_alone_needs_a_trusted_file(workspace: Workspace) -> None:
    assert trust(workspace, "--grant", GRANT).returncode != 0
    assert workspace.load().grants == frozenset()


@pytest.mark.parametrize("grant", ["nonsense", "ftp://x=Y", "http://x=Y Z", "http://a@b=C"])
def test_a_grant_that_is_none_is_an_error(workspace: Workspace, grant: str) -> None:
    done = trust(workspace, "--sha256", digest(workspace), "--grant", grant)
    assert done.returncode == 2
    assert status_of(workspace.load()) == "restricted"


def test_yes_deny_and_revoke(workspace: Workspace) -> None:
    assert trust(workspace, "--yes").returncode == 0
    assert status_of(workspace.load()) == "trusted"
    assert trust(workspace, "--deny").returncode == 0
    assert status_of(workspace.load()) == "denied"
    refused = trust(workspace, "--yes")
    assert refused.returncode != 0
    assert "--revoke" in refused.stderr
    assert trust(workspace, "--revoke").returncode == 0
    assert status_of(workspace.load()) == "restricted"


def test_a_file_further_up_is_named_and_not_trusted(workspace: Workspace) -> None:
    below = workspace.root / "below"
    below.mkdir()
    done = subprocess.run(
        [*COMMAND, "--yes", str(below)],
        check=False,
        capture_output=True,
        text=True,
        env=environ(workspace),
    )
    assert done.returncode != 0
    assert f"streetrace-lsp trust {workspace.root}" in done.stderr
    assert status_of(workspace.load()) == "restricted"


def test_a_broken_file_is_not_trusted(workspace: Workspace) -> None:
    done = trust(workspace.project("model ="), "--yes")
    assert done.returncode != 0
    assert "line 1" in done.stderr


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ("y\n", "trusted", 0),
        ("n\n", "restricted", 1),
        ("never\n", "denied", 1),
        ("\n", "restricted", 1),
    ],
)
def test_on_a_terminal_a_person_is_asked(
    workspace: Workspace, answer: str, status: str, code: int
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, str(workspace.root)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environ(workspace),
    ) as running:
        os.close(theirs)
        said = b""
        while b"Trust? [y]es" not in said:
            said += os.read(ours, 1024)
        os.write(ours, answer.encode())
        assert running.wait() == code
    os.close(ours)
    assert b"GITHUB_TOKEN may be sent to http://127.0.0.1:9" in said
    assert status_of(workspace.load()) == status


def test_a_path_with_terminal_escapes_is_shown_escaped(tmp_path: Path) -> None:
    place = tmp_path / "\x1b]52;c;eA==\x07"
    place.mkdir()
    done = trust(Workspace(place).project(PROJECT))
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\u{1b}" in done.stderr


BY_DOTENV = """\
model = "other/m"
[backends.gw]
provider = "openai"
api_base = "${TEAM_LLM_BASE}"
model = "m"
[backends.other]
provider = "replay"
recordings = "recordings"
"""
ASKED = "gw: OpenAI at the address in TEAM_LLM_BASE. Your shell does not set it"


def test_an_address_in_the_env_file_is_a_second_question(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).project(BY_DOTENV)
    workspace.dotenv("TEAM_LLM_BASE=http://127.0.0.1:9/v1\n")
    shown = trust(workspace, "--print").stdout
    assert ASKED in shown
    assert "is not set" not in shown
    done = trust(workspace, "--yes")
    assert done.returncode == 0
    assert "Its .env asks for more, which is not allowed yet: http://127.0.0.1:9" in done.stdout
    assert workspace.load().grants == frozenset()
    command = done.stdout.rpartition("To agree, run: ")[2]
    assert shlex.split(command)[:2] == ["streetrace-lsp", "trust"]
    assert trust(workspace, *shlex.split(command)[3:]).returncode == 0
    assert [str(grant) for grant in workspace.load().grants] == ["http://127.0.0.1:9"]


def test_on_a_terminal_both_questions_are_asked_in_one_go(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).project(BY_DOTENV)
    workspace.dotenv("TEAM_LLM_BASE=http://127.0.0.1:9/v1\n")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, str(workspace.root)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environ(workspace),
    ) as running:
        os.close(theirs)
        said = b""
        for question in (b"Trust? [y]es", b"Allow? [y]es"):
            while question not in said:
                said += os.read(ours, 1024)
            os.write(ours, b"y\n")
        assert running.wait() == 0
    os.close(ours)
    assert [str(grant) for grant in workspace.load().grants] == ["http://127.0.0.1:9"]
