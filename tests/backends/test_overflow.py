"""A prompt that is too long for its model is not sent: refused with counts, or trimmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.doctoring import backend
from backends.fault_server import FaultServer
from program import Program

WIRES = pytest.mark.parametrize(
    "provider", ["ollama", "openai", "anthropic", "gemini", "cohere_chat"]
)
LONG = "".join(f"value_{number} = {number}  # one line of many\n" for number in range(900))
SOURCE = f"{LONG}def area(w, h):\n    return w + h\n"
LINES = "area.py:901-902"


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    made = Program(tmp_path)
    (made.project / "area.py").write_text(SOURCE, "utf-8")
    return made


def configure(program: Program, provider: str, server: FaultServer, overflow: str) -> None:
    base = server.openai if provider == "openai" else server.base
    program.user(
        'model = "mine/demo"\n'
        + f'[context]\noverflow = "{overflow}"\n[defaults]\nmax_tokens = 500\n'
        + backend("mine", provider, base, more='api_key = "k"')
        + "[backends.mine.context_windows]\ndemo = 2048\n"
    )


def prompts(server: FaultServer) -> list[str]:
    """The bodies that hold a prompt. Ollama is asked for a model's ceiling before."""
    bodies = [request.body.decode() for request in server.requests if request.path != "/api/show"]
    return [body for body in bodies if body]


@WIRES
@pytest.mark.parametrize(("overflow", "lines"), [("refuse", LINES), ("trim", "area.py:1-902")])
def test_what_does_not_fit_is_refused_with_counts_before_anything_is_sent(
    program: Program, provider: str, overflow: str, lines: str
) -> None:
    with FaultServer() as server:
        configure(program, provider, server, overflow)
        done = program.run("run", "explain", lines)
        assert prompts(server) == []
    assert done.returncode == 2
    assert "mine (demo) has room for 1," in done.stderr
    assert "elect less" in done.stderr
    if overflow == "refuse":
        assert "the code around the selection takes" in done.stderr


@WIRES
def test_what_is_left_out_is_said_and_the_selection_is_sent(
    program: Program, provider: str
) -> None:
    with FaultServer() as server:
        configure(program, provider, server, "trim")
        done = program.run("run", "explain", LINES)
        (sent,) = prompts(server)
    assert done.returncode == 0, done.stderr
    assert "return w + h" in sent
    assert "value_1 =" not in sent
    assert "lines, for which its window is too small" in done.stderr
