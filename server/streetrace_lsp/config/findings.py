"""What is wrong in a table, by key path; and the same with exact places in the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Literal

from .mend import Mend, Path
from .problems import Problem

__all__ = ["Finding", "Mend", "Path", "place"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of the key or the value at ``path``; see `Problem` for the rest."""

    path: Path
    where: Literal["key", "value"]
    code: str
    message: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"
    mends: tuple[Mend, ...] = ()


def place(file: FilePath, text: str, findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """The findings with their code-point ranges in ``text``, in the order of the text."""
    found = list(findings)
    if not found:
        return ()
    from .positions import Positions

    positions = Positions(text)
    problems = []
    for finding in found:
        at = positions.key if finding.where == "key" else positions.value
        start, end = at(finding.path)
        problems.append(
            Problem(
                file,
                start,
                end,
                finding.severity,
                finding.code,
                finding.message,
                finding.suggestion,
                finding.path,
                finding.mends,
            )
        )
    return tuple(sorted(problems, key=lambda problem: (problem.start, problem.end)))
