"""What a person reads of `streetrace-lsp doctor` where something is not as it should be."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.asking import KEY
from backends.doctoring import backend, doctor, findings
from backends.fault_server import FaultServer, Reply
from backends.test_launch import SERVER
from program import Program
from streetrace_lsp.config.switch import SwitchStore


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def test_a_server_that_launch_starts_is_named_by_its_program(program: Program) -> None:
    words = ", ".join(f"'{word}'" for word in (sys.executable, SERVER, "--port", "{port}"))
    program.user(f'[backends.own]\nprovider = "openai"\nmodel = "demo"\nlaunch = [{words}]\n')
    status, page = doctor(program)
    assert status == 1
    name = Path(sys.executable).name
    assert f"server    {name}, started for this check, at http://127.0.0.1:" in page
    assert "OpenAI at" not in page
    words = f"{words}, 'hello'"
    # It lists another name, as llama-server does that was started with a file.
    program.user(f'[backends.own]\nprovider = "openai"\nmodel = "demos"\nlaunch = [{words}]\n')
    page = doctor(program)[1]
    assert "answered in" in page
    assert "did you mean" not in page
    assert "demos, which its server lists by another name" in page
    words = ", ".join(
        f"'{word}'" for word in (sys.executable, SERVER, "--port", "{port}", "--fail", "no")
    )
    program.user(f'[backends.own]\nprovider = "openai"\nmodel = "demo"\nlaunch = [{words}]\n')
    page = doctor(program)[1]
    assert f"server    {name}, which launch starts" in page
    assert "127.0.0.1" not in page
    assert "api_base" not in page


def test_the_model_switched_to_in_the_editor_is_the_default(
    program: Program, server: FaultServer
) -> None:
    program.user('model = "local/demo"\n' + backend("local", "ollama", server.base, "demo"))
    SwitchStore(program.place / "state").remember(program.project, "local/other")
    page = doctor(program)[1]
    assert "local/other  (the default)" in page


def test_a_key_that_by_design_never_goes_there(program: Program, server: FaultServer) -> None:
    program.variables["OPENAI_API_KEY"] = KEY
    server.default = Reply(status=401, message="You didn't provide an API key.")
    program.user(backend("team", "openai", server.openai))
    page = doctor(program)[1]
    assert 'api_key = "${VARIABLE}" under [backends.team]' in page
    assert "Set OPENAI_API_KEY" not in page
    assert "none needed" not in page
    assert "OPENAI_API_KEY is not set" not in page
    assert server.requests[-1].key != KEY


def test_a_variable_that_a_backend_never_uses_is_not_missed(
    program: Program, server: FaultServer
) -> None:
    header = 'headers = { X-Team = "${TEAM_TOKEN}" }'
    program.user(backend("team", "openai", server.openai, more=header))
    page = doctor(program)[1]
    assert "TEAM_TOKEN" in page
    assert "OPENAI_API_KEY" not in page


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_proxy_without_readiness_is_called_all_the_same(
    program: Program, server: FaultServer, status: int
) -> None:
    server.script(Reply(status=status, message="not here"))
    server.pages["/model/info"] = {"data": []}
    program.user(backend("team", "litellm_proxy", server.base, more='api_key = "x"'))
    assert doctor(program)[0] == 0
    assert server.requests[0].path == "/health/readiness"


def test_what_can_not_be_asked_is_listed_once(program: Program) -> None:
    program.user(
        'model = "gpt"\n[backends.gpt]\nprovider = "openai"\nmodel = "gpt-5"\n'
        'models = { chat = "gpt-5" }\n'
    )
    status, page = doctor(program)
    assert status == 1
    assert "It does not answer." in page
    program.variables["OPENAI_API_KEY"] = KEY
    text = (program.user_dir / "config.toml").read_text()
    program.user(f"local_only = true\n{text}")
    assert len(findings(program)["targets"]) == 1


@pytest.mark.parametrize("words", [["doctor"], ["models", "--providers"]])
def test_a_reader_that_goes_away_is_no_fault(program: Program, words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    program.variables["OLLAMA_HOST"] = "127.0.0.1:9"
    child = subprocess.run(
        program.command(*words),
        cwd=program.project,
        env=program.environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert child.stderr == b""
    assert child.returncode == 141


def test_a_project_of_which_something_is_not_used_is_not_said_to_be_trusted(
    program: Program, server: FaultServer
) -> None:
    program.project_file('model = "theirs/demo"\n' + backend("theirs", "ollama", server.base))
    assert program.run("trust", "--yes", ".").returncode == 0
    assert findings(program)["project"]["trusted"] is True
    program.project_file(
        'model = "theirs/demo"\n'
        + backend("theirs", "openai", server.openai, more='api_key = "${TEAM_KEY}"')
    )
    project = findings(program)["project"]
    assert project["trusted"] is False
    assert project["next_step"]


def test_an_address_of_ollama_that_ends_in_v1(program: Program, server: FaultServer) -> None:
    server.default = Reply(status=404, message="404 page not found")
    program.user(backend("local", "ollama", f"{server.base}/v1"))
    page = doctor(program)[1]
    assert "Remove /v1 from the end of api_base" in page


def test_https_to_a_server_that_speaks_http(program: Program, server: FaultServer) -> None:
    base = server.openai.replace("http:", "https:")
    program.user(backend("team", "openai", base, more='api_key = "x"'))
    page = doctor(program)[1]
    assert "http://" in page.partition("fix")[2]


def test_a_warning_has_no_tick(program: Program, server: FaultServer) -> None:
    program.user(backend("local", "ollama", server.base, more='api_key = "${MY_OWN_KEY}"'))
    page = doctor(program)[1]
    assert re.search(r"^! config\.toml:\d+: MY_OWN_KEY is not set\.", page, re.M)
    assert "✓ config.toml" not in page
    assert "environment of the editor" not in page


def test_whom_it_waits_for_is_said_on_a_terminal_and_erased(
    program: Program, server: FaultServer
) -> None:
    server.default = Reply(hold_after=0)
    program.user(backend("local", "ollama", server.base))
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        program.command("doctor"),
        cwd=program.project,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"Waiting for local" not in shown:
        shown += os.read(ours, 1024)
    server.release()
    while True:
        try:
            piece = os.read(ours, 1024)
        except OSError:  # Linux: the other end is closed.
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert child.wait(60) == 0
    after = shown.partition(b"Waiting for local")[2]
    assert b"\r\x1b[K" in after
    assert b"It answers." in after
    assert "Waiting" not in doctor(program)[1]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401, message="bad key"),
        Reply(text="some text", cut_after=0),
    ],
    ids=["key", "cut"],
)
def test_doctor_does_not_advise_itself(program: Program, server: FaultServer, reply: Reply) -> None:
    server.default = reply
    program.user(backend("team", "openai", server.openai, more='api_key = "x"'))
    status, page = doctor(program)
    assert status == 1
    assert "streetrace-lsp doctor" not in page
    assert "Nothing was changed" not in page


@pytest.mark.parametrize("target", ["/x", "/", " "])
def test_a_target_that_names_nobody(program: Program, target: str) -> None:
    page = doctor(program, "--model", target)[1]
    assert "names no backend" in page
    assert "PROVIDER/MODEL" in page


def test_no_text_at_all_is_no_answer(program: Program, server: FaultServer) -> None:
    server.default = Reply(text="")
    program.user(backend("team", "openai", server.openai, more='api_key = "x"'))
    status, page = doctor(program)
    assert status == 1
    assert "without any text" in page
    assert "✓ team" not in page
