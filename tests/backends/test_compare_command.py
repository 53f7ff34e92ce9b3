"""`streetrace-lsp run --models`, `--fresh`, and what a shell sees of a broken answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.doctoring import backend
from backends.fault_server import FaultServer, Reply, body_of
from program import Program

SOURCE = "def area(w, h):\n    return w + h\n"
KEY = 'api_key = "k"\n'


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    made = Program(tmp_path)
    (made.project / "area.py").write_text(SOURCE, "utf-8")
    return made


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def test_several_models_stand_side_by_side_and_nothing_is_written(
    program: Program, server: FaultServer
) -> None:
    with FaultServer(Reply(text="It multiplies.", usage=(2000, 100))) as second:
        program.user(
            'model = "one/demo"\n'
            + backend("one", "openai", server.openai, more=KEY)
            + backend("two", "openai", second.openai, "other", more=KEY)
            + backend("three", "ollama", "http://127.0.0.1:9", "third")
            + '[prices."other"]\ninput = 3\noutput = 15\n'
        )
        server.default = Reply(text="It adds.")
        done = program.run(
            "run", "explain", "area.py:1", "--models", "one/demo,two/other,three/third"
        )
        asked = [request.json["model"] for request in (*server.requests, *second.requests)]
    assert done.returncode == 0, done.stderr
    assert asked == ["demo", "other"]
    rows = {line.split("|")[1].strip(): line for line in done.stdout.splitlines() if "|" in line}
    assert "7 + 5" in rows["one/demo"]
    assert "2000 + 100" in rows["two/other"]
    assert "$0.0075" in rows["two/other"]
    assert "refused the connection" in rows["three/third"]
    assert done.stdout.index("It adds.") < done.stdout.index("It multiplies.")
    assert (program.project / "area.py").read_text("utf-8") == SOURCE


def test_where_none_of_them_answers_the_status_says_so(program: Program) -> None:
    program.user(backend("one", "ollama", "http://127.0.0.1:9"))
    done = program.run("run", "explain", "area.py:1", "--models", "one/a,one/b")
    assert done.returncode == 1
    assert done.stdout.count("refused the connection") >= 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--models", "one/a,one/b", "--write"), "neither writes nor records"),
        (("--models", " , "), "names no target"),
        (("--models", "one/a", "--model", "one/b"), "not allowed with"),
    ],
)
def test_what_can_not_be_compared_is_refused(
    program: Program, server: FaultServer, arguments: tuple[str, ...], said: str
) -> None:
    program.user(backend("one", "ollama", server.base))
    done = program.run("run", "fix", "area.py:1", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert server.connections == []


def test_a_kept_answer_is_given_again_unless_a_fresh_one_is_wanted(
    program: Program, server: FaultServer
) -> None:
    program.user(
        'model = "one/demo"\n'
        + backend("one", "openai", server.openai, more=KEY)
        + "[cache]\nttl = 600\n"
    )
    server.default = Reply(text="It adds.")
    for arguments, requests in (((), 1), ((), 1), (("--fresh",), 2)):
        done = program.run("run", "explain", "area.py:1", *arguments)
        assert done.stdout == "It adds.\n", done.stderr
        assert len(server.requests) == requests


def test_what_came_of_a_broken_answer_is_printed(program: Program, server: FaultServer) -> None:
    whole = Reply(text="It adds the two numbers.")
    server.default = Reply(text=whole.text, cut_after=len(body_of(whole)) // 2)
    program.user('model = "one/demo"\n' + backend("one", "openai", server.openai, more=KEY))
    done = program.run("run", "explain", "area.py:1")
    assert done.returncode == 1
    assert done.stdout.startswith("It adds")
    assert "was cut off" in done.stderr
