"""The plugin's own tests (``nvim-plugin/tests``), in each Neovim that it is made for."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.with_plugin import PLUGIN, VERSIONS, install, program_of
from editors.project import Project
from editors.provisioned import GET_IT, mini_test

pytestmark = pytest.mark.neovim

FILES = sorted(path.stem for path in (PLUGIN / "tests").glob("test_*.lua"))
# All of one file's tests, on a busy machine, in seconds.
PATIENCE = 900
# How a start's log names what is ours: a file of the package, or a module.
_OURS = r"(?:\S*/start/streetrace/|\('streetrace)"
# So often Neovim is started, for the numbers that are printed.
STARTS = 7


def block(old: str, new: str) -> str:
    """One search/replace block."""
    return f"prices.py\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n\n"


ANSWER = block("    result = 0\n", "    result = 0.0\n") + block(
    "def mean(prices):\n", 'def mean(prices):\n    """The mean, “€” and all."""\n'
)


@pytest.fixture(params=list(VERSIONS))
def nvim(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A program that starts Neovim: mini.test wants a single file."""
    found = program_of(request.param)
    variables = "".join(
        f"export {name}={shlex.quote(value)}\n" for name, value in found.environment.items()
    )
    program = tmp_path / "nvim"
    program.write_text(
        f'#!/bin/sh\n{variables}exec {shlex.join(found.command)} "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return program


@pytest.fixture
def models() -> Iterator[dict[str, str]]:
    """A model that answers, and one that holds its answer back."""
    with (
        FaultServer(Reply(text=ANSWER)) as model,
        FaultServer(Reply(text=ANSWER, hold_after=2)) as slow,
    ):
        yield {"PLUGIN_TEST_MODEL": model.base, "PLUGIN_TEST_SLOW_MODEL": slow.base}


@pytest.mark.parametrize("file", FILES)
def test_of_the_plugin(
    file: str, nvim: Path, models: dict[str, str], project: Project, tmp_path: Path
) -> None:
    library = mini_test()
    if library is None:
        pytest.skip(f"mini.test {GET_IT}")
    done = subprocess.run(
        [nvim, "--headless", "--clean", "-n", "-u", PLUGIN / "tests/init.lua"],
        cwd=tmp_path,
        env={
            **project.environment,
            **models,
            "PLUGIN_TEST_NVIM": str(nvim),
            "PLUGIN_TEST_MINI_TEST": str(library),
            "PLUGIN_TEST_TESTS": str(tmp_path / "tests"),
            "PLUGIN_TEST_ONLY": f"{file}.lua",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    counted = re.search(r"Total number of cases: (\d+)", said)
    assert counted, said
    assert int(counted[1]) > 0, said
    assert "Fails (0)" in said, said
    assert done.returncode == 0, said


def started(nvim: Path, project: Project, log: Path, *arguments: str) -> tuple[float, str]:
    """How long Neovim took to start, in milliseconds, and what it read."""
    subprocess.run(
        [nvim, "--headless", "--startuptime", log, *arguments, "+qa"],
        cwd=project.folder,
        env=project.environment,
        stdin=subprocess.DEVNULL,
        check=True,
        capture_output=True,
    )
    text = log.read_text(encoding="utf-8")
    log.unlink()
    last = [line for line in text.splitlines() if "NVIM STARTED" in line][-1]
    return float(last.split()[0]), text


def test_the_start_reads_one_small_file_of_it(nvim: Path, project: Project, tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "bare").mkdir()
    bare = Project.make(tmp_path / "bare")
    install(project.home)
    without: list[float] = []
    times: list[float] = []
    own: list[float] = []
    for _ in range(STARTS):  # in turn: a busy machine is busy for both
        without.append(started(nvim, bare, log)[0])
        time, text = started(nvim, project, log)
        times.append(time)
        read = re.findall(rf"([\d.]+): (?:sourcing|require).*?({_OURS}.*)", text)
        assert [path.partition("/start/streetrace/")[2] for _, path in read] == [
            "plugin/streetrace.lua"
        ], text
        own.append(float(read[0][0]))
    version = subprocess.run([nvim, "--version"], capture_output=True, text=True, check=True)
    print(
        f"\n{version.stdout.splitlines()[0]} starts in {min(without):.1f} ms without the plugin "
        f"and in {min(times):.1f} ms with it (the fastest of {STARTS}), "
        f"{min(own):.2f} ms of which are the plugin's own",
        file=sys.stderr,
    )
