"""The placeholders of an action's prompt: `{selection}`, `{file}` and the like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

PLACEHOLDERS: Final = ("selection", "language", "file", "diagnostics", "instruction")
# `{word}` in single or doubled braces. `$`, `#`, `%` or `@` before it make it some language's own,
# and so does anything else inside of the braces.
_WORD: Final = re.compile(
    r"\{\{(?P<literal>[A-Za-z_]\w*)\}\}"
    r"|(?<![$#%@{])\{(?P<name>[A-Za-z_]\w*)\}(?!\})"
    r"|\$\{(?P<dollar>[A-Za-z_]\w*)\}"
)


@dataclass(frozen=True, slots=True)
class OddPlaceholder:
    """A `{word}` that means nothing, as it is ``written``; ``meant``: what it is close to."""

    written: str
    meant: str | None


@lru_cache(maxsize=256)
def placeholders(prompt: str) -> frozenset[str]:
    """The names of the placeholders in ``prompt``."""
    return frozenset(
        found["name"] for found in _WORD.finditer(prompt) if found["name"] in PLACEHOLDERS
    )


def fill(prompt: str, value: Callable[[str, int], str]) -> str:
    """``prompt`` with its placeholders replaced, once: what a value holds is never looked at.

    ``value`` is asked for a name and the offset it stands at. `{{selection}}` becomes
    `{selection}`; every other brace stays as it is.
    """

    def replaced(found: re.Match[str]) -> str:
        if found["literal"] is not None:
            return f"{{{found['literal']}}}"
        if found["name"] in PLACEHOLDERS:
            return value(found["name"], found.start())
        return found[0]

    return _WORD.sub(replaced, prompt)


def odd_placeholders(prompt: str) -> Iterator[OddPlaceholder]:
    """Each `{word}` of ``prompt`` that is no placeholder and may have been meant as one."""
    from .target_strings import nearest

    seen: set[str] = set()
    for found in _WORD.finditer(prompt):
        written = found[0]
        if written in seen:
            continue
        seen.add(written)
        if found["dollar"] in PLACEHOLDERS:
            yield OddPlaceholder(written, found["dollar"])
        # `Point{x}` and `\begin{x}` are code.
        attached = re.match(r"\w", prompt[max(0, found.start() - 1) : found.start()])
        if found["name"] and found["name"] not in PLACEHOLDERS and not attached:
            yield OddPlaceholder(written, nearest(found["name"], list(PLACEHOLDERS)))
