"""What a person trusts, as a digest; and what has changed since, in words."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from .expand import literal_text
from .readable import escaped
from .tiers import without_free

_LONGEST_DIFFERENCE: Final = 40


def canonical(table: dict[str, Any]) -> str:
    """The keys of ``table`` that are not free as JSON with sorted keys; ``{}`` when none is left.

    Everything a value says is in it, so a change of any one of them changes the text.
    """
    return json.dumps(without_free(table), sort_keys=True, ensure_ascii=True, default=str)


def digest(text: str) -> str:
    """The sha256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def summary(table: dict[str, Any]) -> tuple[str, ...]:
    """One line per key that is not free, for people: no literal key in it, control characters
    escaped."""
    return tuple(_lines(without_free(table), ()))


def difference(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """The lines that went (-) and came (+) between two summaries."""
    changed = [line for line in difflib.ndiff(before, after) if line.startswith(("- ", "+ "))]
    if len(changed) > _LONGEST_DIFFERENCE:
        left = len(changed) - _LONGEST_DIFFERENCE
        changed = [*changed[:_LONGEST_DIFFERENCE], f"… and {left} more lines"]
    return "\n".join(changed)


def _lines(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _lines(value[key], (*path, str(key)))
        return
    shown = json.dumps(value, ensure_ascii=False, default=str)
    if _is_secret(path) and isinstance(value, str) and literal_text(value):
        # Told apart from other literal keys, without being one.
        shown = f"(a literal key, sha256 {digest(value)[:12]})"
    yield escaped(f"{'.'.join(path)} = {shown}")


def _is_secret(path: tuple[str, ...]) -> bool:
    return "api_key" in path or "headers" in path
