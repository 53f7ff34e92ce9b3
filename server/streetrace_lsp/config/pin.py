"""What a person trusts, as a digest; and what has changed since, in words."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final

from .expand import literal_text
from .readable import escaped
from .tiers import without_free

_LONGEST_DIFFERENCE: Final = 40
_MOST: Final = 64 * 1024
_MOST_COMPARED: Final = 1_000_000


def canonical(table: dict[str, Any], prompts: Mapping[str, str | None] | None = None) -> str:
    """The keys of ``table`` that are not free as JSON with sorted keys; ``{}`` when none is left.

    Everything a value says is in it, so a change of any one of them changes the text. So are the
    digests of ``prompts``, the prompt files that it names, where it names any.
    """
    kept: Any = without_free(table)
    whole = kept if prompts is None else [kept, dict(prompts)]
    return json.dumps(whole, sort_keys=True, ensure_ascii=True, default=str)


def digest(text: str) -> str:
    """The sha256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def summary(table: dict[str, Any], prompts: Iterable[str] = ()) -> tuple[str, ...]:
    """One line per key that is not free, for people: no literal key in it, control characters
    escaped. The lines of ``prompts`` follow, one for each line of a prompt file.

    At most 64 Ki characters, since it is recorded; the rest is told by its digest.
    """
    lines = chain(_lines(without_free(table), ()), prompts)
    kept: list[str] = []
    size = 0
    for line in lines:
        shown = escaped(line, longest=_MOST)
        size += len(shown) + 1
        if size > _MOST:
            rest = [line, *lines]
            of_them = digest("\n".join(rest))[:12]
            return (*kept, f"… {len(rest)} more lines, sha256 {of_them}")
        kept.append(shown)
    return tuple(kept)


def difference(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """The lines that went (-) and came (+) between two summaries."""
    changed = [*_changes(*_without_common_ends(before, after))]
    if len(changed) > _LONGEST_DIFFERENCE:
        left = len(changed) - _LONGEST_DIFFERENCE
        changed = [*changed[:_LONGEST_DIFFERENCE], f"… and {left} more lines"]
    return "\n".join(changed)


def _without_common_ends(
    before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    shorter = min(len(before), len(after))
    first = 0
    while first < shorter and before[first] == after[first]:
        first += 1
    last = 0
    while last < shorter - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return before[first : len(before) - last], after[first : len(after) - last]


def _changes(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    # Two files that have little in common would take the matching minutes.
    if len(before) * len(after) > _MOST_COMPARED:
        yield from (f"- {line}" for line in before)
        yield from (f"+ {line}" for line in after)
        return
    lines = islice(difflib.unified_diff(before, after, n=0, lineterm=""), 2, None)
    yield from (f"{line[0]} {line[1:]}" for line in lines if not line.startswith("@@"))


def _lines(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _lines(value[key], (*path, str(key)))
        return
    shown = json.dumps(value, ensure_ascii=False, default=str)
    if _is_secret(path) and isinstance(value, str) and literal_text(value):
        # Told apart from other literal keys, without being one.
        shown = f"(a literal key, sha256 {digest(value)[:12]})"
    yield f"{'.'.join(path)} = {shown}"


def _is_secret(path: tuple[str, ...]) -> bool:
    return "api_key" in path or "headers" in path
