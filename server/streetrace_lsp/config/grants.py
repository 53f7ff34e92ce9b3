"""Grants: a person agreed that this variable's value may go to this origin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .origins import Origin, parse_origin

VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Grant:
    """``variable`` may be sent to ``origin``; ``None``: requests may go there, without a key."""

    origin: Origin
    variable: str | None

    def __str__(self) -> str:
        return f"{self.origin}={self.variable}" if self.variable else str(self.origin)

    @property
    def order(self) -> tuple[Origin, str]:
        """How grants are sorted for people."""
        return self.origin, self.variable or ""


def parse_grant(text: str) -> Grant:
    """The grant written as ``ORIGIN=VARIABLE``, or ``ORIGIN`` alone for requests without a key.

    Raises ``ValueError`` with a short reason.
    """
    origin, equals, variable = text.partition("=")
    if equals and not VARIABLE.fullmatch(variable):
        raise ValueError("write ORIGIN=VARIABLE, for example https://llm.example.org=LLM_KEY")
    return Grant(parse_origin(origin), variable or None)
