"""What is wrong in a table, by key path; and the same with exact places in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path as FilePath
from typing import Literal

from .mend import Mend, Path
from .problems import Problem

__all__ = ["Finding", "Mend", "Path", "in_order", "place"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of the key or the value at ``path``; see `Problem` for the rest.

    ``within``: the part of the value that it is about, where it stands there to the letter; a
    mend that splices is then about this part, and none where it does not.
    """

    path: Path
    where: Literal["key", "value"]
    code: str
    message: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"
    mends: tuple[Mend, ...] = ()
    within: str = ""


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
        part = text.find(finding.within, start, end) if finding.within else -1
        if part >= 0:
            start, end = part, part + len(finding.within)
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
                tuple(_placed(finding.mends, (start, end), found=part >= 0)),
            )
        )
    return in_order(problems)


def _placed(mends: Iterable[Mend], span: tuple[int, int], *, found: bool) -> Iterator[Mend]:
    for mend in mends:
        if mend.do != "splice":
            yield mend
        elif found:
            yield replace(mend, span=span)


def in_order(*problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """All of these problems of one file, in the order of its text."""
    return tuple(sorted(chain(*problems), key=lambda problem: (problem.start, problem.end)))
