"""Whether this version of the program is one that a configuration asks for."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Final

Version = tuple[int, ...]

_CLAUSE: Final = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*")
# The same for a JSON Schema.
PATTERN: Final = f"^{_CLAUSE.pattern}(,{_CLAUSE.pattern})*$"
_HOLDS: Final[dict[str, Callable[[Version, Version], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def parse_requirement(text: str) -> tuple[tuple[str, Version], ...]:
    """The clauses of ``text``, for example ``>=0.4,<2``. Raises ``ValueError``."""
    clauses = []
    for part in text.split(","):
        match = _CLAUSE.fullmatch(part)
        if match is None:
            raise ValueError('write a version like ">=0.4" or ">=0.4,<2"')
        clauses.append((match[1], _version(match[2])))
    return tuple(clauses)


def satisfies(version: str, requirement: str) -> bool:
    """Whether ``version`` (digits and dots; what follows is ignored) meets ``requirement``.

    Missing places count as zero: 1.2 equals 1.2.0. Raises ``ValueError``.
    """
    digits = re.match(r"\d+(?:\.\d+)*", version)
    own = _version(digits[0] if digits else "0")
    return all(_HOLDS[sign](own, wanted) for sign, wanted in parse_requirement(requirement))


def _version(text: str) -> Version:
    numbers = [int(part) for part in text.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
