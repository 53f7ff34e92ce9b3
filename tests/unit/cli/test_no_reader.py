"""A command whose reader goes away, as with ``| head``, ends quietly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from program import Program


@pytest.mark.parametrize("words", [["doctor"], ["config", "show", "--effective"], ["schema"]])
def test_a_command_without_a_reader_ends_without_a_traceback(
    tmp_path: Path, words: list[str]
) -> None:
    program = Program(tmp_path).user("[defaults]\ntimeout = 3\n")
    child = subprocess.Popen(
        program.command(*words),
        cwd=program.project,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.close()
    assert child.stderr is not None
    said = child.stderr.read().decode()
    assert child.wait(timeout=60) == 141
    assert "Traceback" not in said
    child.stderr.close()
