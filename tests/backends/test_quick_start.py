"""The README's first commands, word for word: an empty folder, an empty home, a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from backends.fault_server import FaultServer
from backends.llama import literal_grammar, running_llama_server

README = Path(__file__).resolve().parents[2] / "README.md"
FIXED = "def area(width, height): return width * height\n"


def commands() -> list[str]:
    """The lines of the block under the heading *Start*."""
    section = README.read_text("utf-8").split("\n## Start\n")[1].split("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [line for line in str(block).splitlines() if line.strip()]


def test_there_are_at_most_four_commands() -> None:
    assert 1 < len(commands()) <= 4
    assert not any(line.endswith("\\") for line in commands())


@pytest.mark.llama
def test_from_an_empty_folder_to_the_first_edit(tmp_path: Path, home: Path) -> None:
    # The model knows nothing: the server is started so that it can say one thing only.
    grammar = literal_grammar(f"```python\n{FIXED}```\n")
    folder = tmp_path / "empty"
    folder.mkdir()
    with FaultServer() as gone:
        dead = gone.base
    with running_llama_server(tmp_path, "--grammar", grammar) as server:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LLAMAFILE_API_BASE": server.url,
            # What else runs on this machine must not answer.
            "OLLAMA_HOST": dead,
            "LM_STUDIO_API_BASE": dead,
            "HOSTED_VLLM_API_BASE": dead,
        }
        assert list(home.iterdir()) == []
        done = subprocess.run(
            ["sh", "-eu", "-c", "\n".join(commands())],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "shop" / "area.py").read_text("utf-8") == FIXED
    assert "llama-server at" in done.stdout
