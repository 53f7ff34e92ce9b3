"""Tier T4: explicit ``...`` lines in old and new text, every piece unique and in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from streetrace_lsp.edits.guards import too_little
from streetrace_lsp.edits.intents import Reading
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.tiers import Match, candidates

_ELISION = re.compile(r"[ \t]*(?:(?://|#|--|;)[ \t]*)?(?:\.{3,}|…)[ \t]*")


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
    return found


def _split(lines: Sequence[str]) -> list[tuple[str, ...]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if _ELISION.fullmatch(line):
            parts.append([])
        else:
            parts[-1].append(line)
    return [tuple(part) for part in parts]
