"""Which servers Helix starts for a language: Helix itself says it, with ``hx --health``."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Earlier ones say which programs they start, and not by which names they know them.
OLDEST: Final = (25, 7)
# Distributions that have another `hx` call it by its long name.
_PROGRAMS: Final = ("hx", "helix")
_PATIENCE: Final = 10.0
_HEADING: Final = "Configured language servers:"
_ESCAPE: Final = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True)
class Unknown:
    """A language that Helix does not know, and what it is like."""

    similar: tuple[str, ...]


@dataclass(frozen=True)
class Helix:
    """The program on the PATH."""

    program: str

    def servers(self, language: str) -> tuple[str, ...] | Unknown | None:
        """The servers of a language by Helix's own names, in its order; None if it did not say."""
        return servers_in(_said(self.program, "--health", language))


def find() -> Helix | str:
    """Helix of this machine, or the sentence that says why nobody can be asked."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        return "hx is not on the PATH."
    version = re.match(r"helix (\d+)\.(\d+)", _said(program, "--version"))
    if version is None:
        return f"{program} does not say that it is Helix."
    if (found := (int(version[1]), int(version[2]))) < OLDEST:
        return f"This is Helix {found[0]}.{found[1]:02}, older than {OLDEST[0]}.{OLDEST[1]:02}."
    return Helix(program)


def servers_in(health: str) -> tuple[str, ...] | Unknown | None:
    """The servers in what ``hx --health LANGUAGE`` says."""
    lines = _ESCAPE.sub("", health).splitlines()
    if any(line.startswith("Language '") and line.endswith("not found") for line in lines):
        similar = re.search(r"one of these: (.*?) ?\?", "\n".join(lines))
        return Unknown(tuple(similar[1].split(", ")) if similar else ())
    start = next((n for n, line in enumerate(lines) if line.startswith(_HEADING)), None)
    if start is None:
        return None
    names = []
    for line in lines[start + 1 :]:
        entry = re.match(r"\s+\S+ ([^\s:]+):", line)
        if entry is None:
            break
        names.append(entry[1])
    return tuple(names)


def _said(*command: str) -> str:
    """What the program prints, outside of the project, whose own settings of Helix do not count."""
    try:
        done = subprocess.run(
            command,
            cwd=Path.home(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
