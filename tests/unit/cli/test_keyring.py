"""`streetrace-lsp key` with the real keyring package, which loads a back end of the tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from program import Program

VALUE = "sk-in-the-ring-77aa"
RINGS = Path(__file__).resolve().parents[2] / "rings"


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    folder = tmp_path / "ring"
    folder.mkdir()
    return folder


@pytest.fixture
def program(tmp_path: Path, home: Path, ring: Path) -> Program:
    # Where the package looks on Linux; the variable would do as well.
    settings = home / ".config/python_keyring/keyringrc.cfg"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[backend]\ndefault-keyring=json_ring.JsonRing\nkeyring-path={RINGS}\n")
    return Program(tmp_path, {"STREETRACE_TEST_RING": str(ring)})


def in_ring(ring: Path) -> dict[str, str]:
    path = ring / "ring.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def taken(ring: Path) -> list[str]:
    path = ring / "taken"
    return path.read_text().split() if path.exists() else []


def test_the_value_goes_to_the_keyring_and_only_its_name_to_the_file(
    program: Program, ring: Path
) -> None:
    done = program.run("key", "set", "OPENAI_API_KEY", stdin=VALUE)
    assert "keyring" in done.stdout
    assert in_ring(ring) == {"streetrace-lsp/OPENAI_API_KEY": VALUE}
    assert VALUE not in (program.user_dir / "keys.json").read_text()
    assert "the keyring" in program.run("key", "list").stdout
    assert taken(ring) == []


def test_deleting_empties_the_keyring(program: Program, ring: Path) -> None:
    program.run("key", "set", "OPENAI_API_KEY", stdin=VALUE)
    assert program.run("key", "delete", "OPENAI_API_KEY").returncode == 0
    assert in_ring(ring) == {}
    assert program.run("key", "list").stdout == ""


def test_a_key_that_moves_to_the_file_leaves_the_keyring(program: Program, ring: Path) -> None:
    program.run("key", "set", "A_KEY", stdin="old")
    done = program.run("key", "set", "A_KEY", "--file", stdin=VALUE)
    assert done.returncode == 0, done.stderr
    assert in_ring(ring) == {}
    assert VALUE in (program.user_dir / "keys.json").read_text()


def test_a_locked_keyring_is_not_gone_round(program: Program, ring: Path) -> None:
    program.variables["STREETRACE_TEST_RING_LOCKED"] = "1"
    done = program.run("key", "set", "A_KEY", stdin=VALUE)
    assert done.returncode == 2
    assert "--file" in done.stderr
    assert VALUE not in done.stderr
    assert not (program.user_dir / "keys.json").exists()


def test_nothing_is_taken_out_until_a_request_needs_it(program: Program, ring: Path) -> None:
    """A keyring may ask the user to unlock it: only for what is used, and only when it is."""
    program.run("key", "set", "TEAM_KEY", stdin=VALUE)
    program.run("key", "set", "OPENAI_API_KEY", stdin="sk-unused")
    with FaultServer() as server:
        program.user(
            f'model = "team/demo"\n[backends.team]\nprovider = "openai"\n'
            f'api_base = "{server.openai}"\napi_key = "${{TEAM_KEY}}"\n'
            '[backends.other]\nprovider = "openai"\nmodel = "gpt-5"\n'
        )
        (program.project / "a.py").write_text("x = 1\n")
        for arguments in (["config", "check"], ["config", "show"], ["models", "--providers"]):
            assert program.run(*arguments).returncode == 0
        assert taken(ring) == []
        server.script(Reply(text="It is one."))
        done = program.run("doctor", "--model", "team/demo")
        assert done.returncode == 0, done.stdout
        assert "TEAM_KEY is set, with streetrace-lsp key" in done.stdout
        assert set(taken(ring)) == {"TEAM_KEY"}
        assert server.requests[-1].key == VALUE


def test_the_variable_of_the_shell_wins_without_a_look_at_the_keyring(
    program: Program, ring: Path
) -> None:
    program.run("key", "set", "TEAM_KEY", stdin=VALUE)
    program.variables["TEAM_KEY"] = "sk-of-the-shell"
    with FaultServer() as server:
        program.user(
            f'[backends.team]\nprovider = "openai"\napi_base = "{server.openai}"\n'
            'api_key = "${TEAM_KEY}"\nmodel = "demo"\n'
        )
        assert program.run("doctor", "--model", "team").returncode == 0
        assert server.requests[-1].key == "sk-of-the-shell"
    assert taken(ring) == []


def test_an_untrusted_project_takes_nothing_out(program: Program, ring: Path) -> None:
    program.run("key", "set", "OPENAI_API_KEY", stdin=VALUE)
    with FaultServer() as server:
        program.project_file(
            f'model = "evil/demo"\n[backends.evil]\nprovider = "openai"\n'
            f'api_base = "{server.openai}"\napi_key = "${{OPENAI_API_KEY}}"\n'
        )
        assert program.run("doctor").returncode == 1
        assert server.connections == []
    assert taken(ring) == []
