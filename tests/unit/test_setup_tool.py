"""``tools/setup`` installs what is locked, also when an index has newer releases by now."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
BACKEND = """
import zipfile

def build_editable(folder, settings=None, metadata=None):
    name = "project-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        info = "project-1.0.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: project\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""


def wheel(index: Path, name: str, version: str, metadata: str = "") -> str:
    """A package without content; returns the line that locks it."""
    path = index / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info/"
    with zipfile.ZipFile(path, "w") as made:
        head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        made.writestr(info + "METADATA", head + metadata)
        made.writestr(info + "WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        made.writestr(info + "RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} --hash=sha256:{digest}\n"


def test_a_newer_release_of_a_package_with_extras_changes_nothing(tmp_path: Path) -> None:
    project, index = tmp_path / "project", tmp_path / "index"
    for folder in (project / "tools", project / "requirements", index):
        folder.mkdir(parents=True)
    locked = wheel(index, "base", "1.0", "Provides-Extra: more\n")
    locked += wheel(index, "user", "1.0", "Requires-Dist: base[more]>=1.0\n")
    wheel(index, "base", "2.0", "Provides-Extra: more\n")
    shutil.copy(REPOSITORY / "tools/setup", project / "tools/setup")
    (project / "requirements/server.txt").write_text(locked, "utf-8")
    (project / "backend.py").write_text(BACKEND, "utf-8")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', "utf-8"
    )
    done = subprocess.run(
        [project / "tools/setup", "server"],
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    installed = {path.name for path in project.glob(".venv/lib/*/site-packages/*.dist-info")}
    assert {"base-1.0.dist-info", "user-1.0.dist-info"} <= installed
