"""Tier T4: explicit ``...`` lines in old and new text, every piece unique and in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from streetrace_lsp.edits.guards import too_little
from streetrace_lsp.edits.intents import Reading
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.tiers import Match, candidates

_ELISION = re.compile(r"[ \t]*(?:(?://|#|--|;)[ \t]*)?(?:\.{3,}|…)[ \t]*")

_LINES_PASSED = 50


def pieces(file: FileText, reading: Reading) -> list[tuple[Reading, Match]] | None:
    """The pieces around the ``...`` lines, each with its one match; None where that is unsure."""
    old, new = _split(reading.old), _split(reading.new)
    if len(old) < 2 or len(old) != len(new):
        return None
    found: list[tuple[Reading, Match]] = []
    done = 0
    for before, after in zip(old, new, strict=True):
        if not before and not after:
            continue
        part = Reading(before, after)
        matches = candidates(file, part)
        if len(matches) != 1 or too_little(before) or matches[0].first < done:
            return None
        done = matches[0].end
        found.append((part, matches[0]))
    if len({match.shift for _, match in found}) != 1:
        return None
    return None if _literal(file) or _too_wide(found, reading) else found


def _literal(file: FileText) -> bool:
    """Whether the file itself holds such lines, as stubs and doctests do.

    Then the old text may mean one of them, and its region has changed.
    """
    return any(line.lstrip(" \t#/").startswith(("...", "…")) for line in file.lines)


def _too_wide(found: list[tuple[Reading, Match]], reading: Reading) -> bool:
    """Whether more is passed over than so few lines can be sure of."""
    passed = found[-1][1].end - found[0][1].first - len(reading.old)
    return passed > _LINES_PASSED * len(reading.old)


def _split(lines: Sequence[str]) -> list[tuple[str, ...]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if _ELISION.fullmatch(line):
            parts.append([])
        else:
            parts[-1].append(line)
    return [tuple(part) for part in parts]
