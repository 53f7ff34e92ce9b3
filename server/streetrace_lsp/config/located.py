"""Where a problem stands, for people who have no editor open."""

from __future__ import annotations

from .find import UnreadableError, read_file
from .problems import Problem


def located(problem: Problem) -> str:
    """``NAME:LINE``, the line counted from 1; the name alone where no place is known."""
    if not problem.key and problem.start == problem.end == 0:
        return problem.path.name
    try:
        text = read_file(problem.path).data.decode("utf-8", "replace")
    except (UnreadableError, FileNotFoundError):
        return problem.path.name
    return f"{problem.path.name}:{text.count(chr(10), 0, problem.start) + 1}"
