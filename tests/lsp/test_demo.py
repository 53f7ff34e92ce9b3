"""`make try`: the demonstration runs the real server, and fails clearly when it must."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import streetrace_lsp.cli.demo as demo_module

SAMPLE = Path(demo_module.__file__).parent / "sample"


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-m", "streetrace_lsp", "demo", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_it_prints_the_diff_of_a_real_fix_and_the_answer() -> None:
    done = demo()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "+        result += item.price * item.quantity" in done.stdout
    assert "Explain: prices.py" in done.stdout


def test_changed_sample_code_is_named_by_replay(tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    shutil.copytree(SAMPLE, sample)
    code = sample / "prices.py"
    code.write_text(code.read_text().replace("result = 0.0", "result = 0.5"))
    done = demo("--sample", str(sample))
    assert done.returncode == 1
    assert "no recorded" in done.stdout.lower() or "recording" in done.stdout.lower()
    assert "result = 0.5" in done.stdout or "differs first at line" in done.stdout
