"""A problem in a configuration file, with its exact place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .mend import Mend
from .mend import Path as KeyPath


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in the file ``path`` from ``start`` up to ``end`` (code-point offsets).

    ``message`` and ``suggestion`` are plain sentences; neither quotes a literal key.
    ``code`` is one of the names in `docs/configuration.md`, section Problems. ``key`` is the key
    that it is about, () in a file that can't be parsed; ``mends`` are the ways to mend it, the
    likeliest first.
    """

    path: Path
    start: int
    end: int
    severity: Literal["error", "warning"]
    code: str
    message: str
    suggestion: str = ""
    key: KeyPath = ()
    mends: tuple[Mend, ...] = ()
