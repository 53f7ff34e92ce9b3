"""`streetrace-lsp run` with a project's own actions: what reaches the model, and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from program import Program

CODE = "def area(w, h):\n    return w + h\n\n\nX = 1\n"
REVIEW = '[actions.review]\nkind = "answer"\nprompt_file = "prompts/review.md"\n'


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    with FaultServer(Reply(text="Fine.")) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    program = Program(tmp_path)
    (program.project / "area.py").write_text(CODE)
    return program


def configured(program: Program, faults: FaultServer, actions: str) -> Program:
    backend = f'[backends.local]\nprovider = "ollama"\napi_base = "{faults.base}"\n'
    program.project_file(f'model = "local/demo"\n{backend}{actions}')
    return program


def asked(faults: FaultServer) -> str:
    return str(faults.requests[-1].json["messages"][-1]["content"])


def test_an_instruction_and_diagnostics_take_their_places(
    program: Program, faults: FaultServer
) -> None:
    actions = """
    [actions.port]
    kind = "answer"
    context = "selection"
    prompt = "Port {file} to {instruction}. Mind:\\n{diagnostics}\\n{selection}"
    """
    configured(program, faults, actions).run("trust", "--yes")
    refused = program.run("run", "port", "area.py:2")
    assert refused.returncode == 2
    assert "Port needs words. Add --instruction" in refused.stderr
    assert faults.requests == []
    done = program.run(
        "run", "port", "area.py:2", "--instruction", "Go", "--diagnostic", "line 2: no product"
    )
    assert (done.returncode, done.stdout) == (0, "Fine.\n")
    assert asked(faults) == (
        "File: area.py\n\nLanguage: python\n\nSelected: lines 1 to 2, which the task below shows"
        "\n\nTask: Port area.py to Go. Mind:\n- line 2: no product\n"
        "```\ndef area(w, h):\n    return w + h\n```"
    )


def test_fix_diagnostic_takes_what_a_linter_said(program: Program, faults: FaultServer) -> None:
    configured(program, faults, "").run("trust", "--yes")
    refused = program.run("run", "fix-diagnostic", "area.py:2")
    assert refused.returncode == 2
    assert "needs one. Add --diagnostic" in refused.stderr
    faults.script(Reply(text="```\ndef area(w, h):\n    return w * h\n```\n"))
    done = program.run("run", "fix-diagnostic", "area.py:2", "--diagnostic", "no product")
    assert "+    return w * h" in done.stdout
    assert "Diagnostics:\n- no product" in asked(faults)


def test_a_changed_prompt_file_fails_closed(program: Program, faults: FaultServer) -> None:
    configured(program, faults, REVIEW)
    path = program.project / "prompts" / "review.md"
    path.parent.mkdir()
    path.write_text("Look at {file}.")
    assert "from prompts/review.md: Look at {file}." in program.run("trust", "--print").stdout
    program.run("trust", "--yes")
    assert program.run("run", "review", "area.py").stdout == "Fine.\n"
    assert asked(faults).endswith("Task: Look at area.py.")
    path.write_text("Look at something else.")
    refused = program.run("run", "review", "area.py")
    assert refused.returncode == 2
    assert "is not trusted yet" in refused.stderr
    assert len(faults.requests) == 1


def test_a_missing_prompt_file_is_named_by_the_action_and_by_the_check(
    program: Program, faults: FaultServer
) -> None:
    configured(program, faults, REVIEW).run("trust", "--yes")
    refused = program.run("run", "review", "area.py")
    assert refused.returncode == 2
    assert "[actions.review] can't be used: prompts/review.md does not exist." in refused.stderr
    for path in (".", ".streetrace.toml"):
        checked = program.run("config", "check", path)
        assert checked.returncode == 1
        assert ".streetrace.toml:7:15: error: prompts/review.md does not exist." in checked.stdout
    assert faults.requests == []


def test_an_older_program_says_to_update_and_nothing_else(
    program: Program, faults: FaultServer
) -> None:
    program.project_file('requires = ">=99"\n[actions.a]\nprompt = "p"\ncontext = "galaxy"\n')
    refused = program.run("run", "explain", "area.py")
    assert refused.returncode == 2
    assert "asks for Streetrace >=99" in refused.stderr
    assert "Update streetrace-lsp." in refused.stderr
    assert "galaxy" not in refused.stderr
    assert "context" not in refused.stderr
