"""`streetrace-lsp key`: kept privately, shown to nobody, and only as good as the shell lets it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from configured_project import Workspace
from program import Program
from streetrace_lsp.config.keyring import KeyStore, KeyStoreError

VALUE = "sk-stored-5b1c9d"


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


def stored(program: Program) -> Path:
    return program.user_dir / "keys.json"


def test_a_key_from_standard_input_is_stored_privately_and_never_shown(program: Program) -> None:
    done = program.run("key", "set", "OPENAI_API_KEY", stdin=f"{VALUE}\n")
    assert done.returncode == 0, done.stderr
    assert stored(program).stat().st_mode & 0o777 == 0o600
    listed = program.run("key", "list")
    assert "OPENAI_API_KEY" in listed.stdout
    assert VALUE not in done.stdout + done.stderr + listed.stdout + listed.stderr
    assert KeyStore(program.user_dir).refresh() == 1


def test_a_key_is_asked_for_on_a_terminal_and_not_echoed(program: Program) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        program.command("key", "set", "GROQ_API_KEY"),
        cwd=program.project,
        env=program.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"not shown" not in shown:
        shown += os.read(ours, 1024)
    os.write(ours, f"{VALUE}\n".encode())
    assert child.wait(60) == 0
    while True:
        try:
            piece = os.read(ours, 1024)
        except OSError:  # Linux: the other end is closed.
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert VALUE.encode() not in shown
    store = KeyStore(program.user_dir)
    store.refresh()
    assert store["GROQ_API_KEY"] == VALUE


def test_a_key_is_never_part_of_the_command(program: Program) -> None:
    done = program.run("key", "set", "OPENAI_API_KEY", VALUE)
    assert done.returncode == 2
    assert not stored(program).exists()


@pytest.mark.parametrize("value", ["", "\n", "  \n", "two\nlines\n", "x" * 70_000])
def test_what_is_no_key_is_not_stored(program: Program, value: str) -> None:
    assert program.run("key", "set", "OPENAI_API_KEY", stdin=value).returncode == 2
    assert not stored(program).exists()


@pytest.mark.parametrize("name", ["sk-abc", "A B", "", "1X", "X" * 300])
def test_what_is_no_name_is_not_stored_nor_repeated(program: Program, name: str) -> None:
    done = program.run("key", "set", name, stdin=VALUE)
    assert done.returncode == 2
    assert "OPENAI_API_KEY" in done.stderr
    assert not stored(program).exists()


def test_a_key_is_deleted(program: Program) -> None:
    program.run("key", "set", "A_KEY", stdin=VALUE)
    assert program.run("key", "delete", "A_KEY").returncode == 0
    assert VALUE not in stored(program).read_text()
    assert program.run("key", "delete", "A_KEY").returncode == 1
    assert program.run("key", "list").stdout == ""


def test_a_name_that_nothing_reads_gets_a_hint(program: Program) -> None:
    assert "OPENAI_API_KEY" in program.run("key", "set", "OPENAI_KEY", stdin=VALUE).stderr


def test_a_link_is_refused(program: Program, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text("{}")
    stored(program).symlink_to(elsewhere)
    done = program.run("key", "set", "A_KEY", stdin=VALUE)
    assert done.returncode == 2
    assert "symbolic link" in done.stderr
    assert elsewhere.read_text() == "{}"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 2, "keys": {}}', '{"keys": 1}'])
def test_a_damaged_file_is_left_alone(program: Program, content: str) -> None:
    stored(program).write_text(content)
    stored(program).chmod(0o600)
    done = program.run("key", "set", "A_KEY", stdin=VALUE)
    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert stored(program).read_text() == content
    assert program.run("key", "list").returncode == 2


def test_a_file_that_others_can_read_is_not_used(program: Program) -> None:
    program.run("key", "set", "A_KEY", stdin=VALUE)
    stored(program).chmod(0o644)
    done = program.run("key", "list")
    assert done.returncode == 2
    assert "chmod 600" in done.stderr
    store = KeyStore(program.user_dir)
    store.refresh()
    assert "A_KEY" not in store


def test_two_that_store_at_once_lose_nothing(program: Program) -> None:
    names = [f"KEY_{number}" for number in range(8)]
    running = [
        subprocess.Popen(
            program.command("key", "set", name),
            env=program.environment,
            cwd=program.project,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        for name in names
    ]
    for child in running:
        child.communicate(VALUE.encode(), 60)
        assert child.returncode == 0
    assert list(json.loads(stored(program).read_text())["keys"]) == names


# What a stored key counts as.


def workspace(tmp_path: Path, environ: dict[str, str], **keys: str) -> Workspace:
    found = Workspace(tmp_path, environ)
    for name, value in keys.items():
        KeyStore(found.user_dir).store(name, value, in_file=True)
    return found


def test_the_shell_wins_then_the_dotenv_then_the_stored_key(tmp_path: Path) -> None:
    found = workspace(tmp_path, {"A_KEY": "shell"}, A_KEY="kept", B_KEY="kept", C_KEY="kept")
    keys = "".join(
        f'[backends.{n}]\nprovider = "openai"\nmodel = "m"\napi_base = "http://localhost:1/v1"\n'
        f'api_key = "${{{n.upper()}_KEY}}"\n'
        for n in "abc"
    )
    found.project(keys).dotenv("A_KEY=dotenv\nB_KEY=dotenv\n")
    variables = found.trust().variables
    assert [variables.get(f"{name}_KEY") for name in "ABC"] == ["shell", "dotenv", "kept"]
    assert [variables.from_shell(f"{name}_KEY") for name in "ABC"] == [True, False, True]


def test_a_key_that_is_stored_while_the_server_runs_is_seen(tmp_path: Path) -> None:
    found = workspace(tmp_path, {})
    assert found.load().variables.get("OPENAI_API_KEY") is None
    KeyStore(found.user_dir).store("OPENAI_API_KEY", VALUE, in_file=True)
    assert found.load().variables.get("OPENAI_API_KEY") == VALUE


def test_a_project_can_not_bring_stored_keys(tmp_path: Path) -> None:
    found = workspace(tmp_path, {})
    content = {"version": 1, "keys": {"OPENAI_API_KEY": {"value": "planted"}}}
    for place in (found.root, found.root / ".streetrace"):
        place.mkdir(exist_ok=True)
        (place / "keys.json").write_text(json.dumps(content))
        (place / "keys.json").chmod(0o600)
    found.project('model = "openai/gpt-5"\n')
    assert found.trust().variables.get("OPENAI_API_KEY") is None


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(KeyStoreError, match="Nothing could be stored"):
        KeyStore(place).store("A_KEY", VALUE, in_file=True)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("STREETRACE_MODEL", "setting of this program"),
        ("OPENAI_BASE_URL", "address"),
        ("OPENAI_API_BASE", "address"),
        ("OLLAMA_HOST", "address"),
        ("HTTP_PROXY", "network"),
        ("https_proxy", "network"),
        ("NO_PROXY", "network"),
        ("SSL_CERT_FILE", "certificates"),
        ("LD_PRELOAD", "system"),
    ],
)
def test_a_variable_that_holds_no_key_is_refused_with_a_reason(
    program: Program, name: str, why: str
) -> None:
    done = program.run("key", "set", name, stdin=VALUE)
    assert done.returncode == 2
    assert why in done.stderr
    assert VALUE not in done.stderr
    assert not stored(program).exists()
