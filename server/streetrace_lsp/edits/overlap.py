"""Blocks of one reply that meet in a file: never both applied."""

from __future__ import annotations

from collections.abc import Sequence

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.placing import Placed


def disjoint(placed: Sequence[Placed]) -> tuple[list[Change], list[Placed]]:
    """All changes, sorted, and the blocks left out because they meet an earlier one."""
    kept: list[Placed] = []
    meeting: list[Placed] = []
    for one in sorted(placed, key=lambda one: (one.start, one.end)):
        # Sorted by start, only the latest ranges can reach into this one.
        near = [other for other in reversed(kept) if other.end >= one.start]
        if any(other.changes == one.changes for other in near):
            continue  # the model repeated itself
        if any(_meet(one, other) for other in near):
            meeting.append(one)
        else:
            kept.append(one)
    changes = [change for one in kept for change in one.changes]
    return sorted(changes, key=lambda change: (change.start, change.end)), meeting


def _meet(one: Placed, other: Placed) -> bool:
    """Whether a change of either lies in the range that the other stands for."""
    return any(
        _inside(change, other) or _same_place(change, other.changes) for change in one.changes
    ) or any(_inside(change, one) for change in other.changes)


def _inside(change: Change, placed: Placed) -> bool:
    if change.start == change.end:
        return placed.start < change.start < placed.end
    return change.start < placed.end and placed.start < change.end


def _same_place(change: Change, others: Sequence[Change]) -> bool:
    """Whether two insertions are at one place: their order would be a guess."""
    return any(change.start == change.end == other.start == other.end for other in others)
