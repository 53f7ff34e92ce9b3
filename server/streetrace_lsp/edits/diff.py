"""Minimal, line-aligned changes between two texts.

Common ends are trimmed, then lines that are unique on both sides anchor the rest (patience
diff), and what lies between anchors is compared by the longest common subsequence, which
rapidfuzz computes with bit operations. Small edits keep cursor, folds, marks and breakpoints.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.lines import split_lines

Block = tuple[int, int, int, int]
"""Lines ``[old start, old end)`` become ``[new start, new end)``."""

# Above this many cells a gap without any anchor is replaced whole: 400 M cells take 50 MB.
_CELLS = 400_000_000


def diff(old: str, new: str) -> tuple[Change, ...]:
    """The changes that turn ``old`` into ``new``: line-aligned, sorted, disjoint, minimal."""
    if old == new:
        return ()
    old_lines, new_lines = split_lines(old), split_lines(new)
    old_at = [0, *accumulate(map(len, old_lines))]
    new_at = [0, *accumulate(map(len, new_lines))]
    return tuple(
        Change(old_at[a], old_at[b], new[new_at[c] : new_at[d]])
        for a, b, c, d in diff_lines(old_lines, new_lines)
    )


def diff_lines(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The blocks of lines that differ, in order and with equal lines between them."""
    numbers: dict[str, int] = {}
    left = [numbers.setdefault(line, len(numbers)) for line in old]
    right = [numbers.setdefault(line, len(numbers)) for line in new]
    blocks: list[Block] = []
    pending = [(0, len(left), 0, len(right))]
    while pending:
        block = _trim(left, right, pending.pop())
        a, b, c, d = block
        if a == b and c == d:
            continue
        if a == b or c == d:
            blocks.append(block)
            continue
        anchors = _anchors(left, right, block)
        if anchors:
            for i, j in anchors:
                pending.append((a, i, c, j))
                a, c = i + 1, j + 1
            pending.append((a, b, c, d))
        else:
            blocks += _gap(left, right, block)
    blocks.sort()
    return _joined(blocks)


def _trim(left: list[int], right: list[int], block: Block) -> Block:
    a, b, c, d = block
    while a < b and c < d and left[a] == right[c]:
        a += 1
        c += 1
    while a < b and c < d and left[b - 1] == right[d - 1]:
        b -= 1
        d -= 1
    return a, b, c, d


def _anchors(left: list[int], right: list[int], block: Block) -> list[tuple[int, int]]:
    """Pairs of lines that are unique on both sides, as many as keep their order."""
    a, b, c, d = block
    ours, theirs = Counter(left[a:b]), Counter(right[c:d])
    where = {line: j for j, line in enumerate(right[c:d], c) if theirs[line] == 1}
    pairs = [
        (i, where[line]) for i, line in enumerate(left[a:b], a) if ours[line] == 1 and line in where
    ]
    # Longest increasing subsequence of the right-hand line numbers, by patience sorting.
    tails: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(tails, j)
        previous.append(piles[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(j)
            piles.append(at)
        else:
            tails[pile] = j
            piles[pile] = at
    chain: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        chain.append(pairs[at])
        at = previous[at]
    chain.reverse()
    return chain


def _gap(left: list[int], right: list[int], block: Block) -> list[Block]:
    a, b, c, d = block
    if b - a == 1 or d - c == 1:
        return _single(left, right, block)
    shared = set(left[a:b]) & set(right[c:d])
    if not shared or (b - a) * (d - c) > _CELLS:
        return [(a, b, c, d)]
    from rapidfuzz.distance import LCSseq

    return [
        (a + op.src_start, a + op.src_end, c + op.dest_start, c + op.dest_end)
        for op in LCSseq.opcodes(left[a:b], right[c:d])
        if op.tag != "equal"
    ]


def _single(left: list[int], right: list[int], block: Block) -> list[Block]:
    """A gap with one line on a side: equal to one on the other side, or to none."""
    a, b, c, d = block
    if b - a == 1:
        try:
            j = right.index(left[a], c, d)
        except ValueError:
            return [(a, b, c, d)]
        return [(a, a, c, j), (b, b, j + 1, d)]
    try:
        i = left.index(right[c], a, b)
    except ValueError:
        return [(a, b, c, d)]
    return [(a, i, c, c), (i + 1, b, d, d)]


def _joined(blocks: list[Block]) -> list[Block]:
    """Blocks without an equal line between them, made one."""
    joined: list[Block] = []
    for block in blocks:
        a, b, c, d = block
        if a == b and c == d:
            continue
        if joined and joined[-1][1] == a and joined[-1][3] == c:
            joined[-1] = (joined[-1][0], b, joined[-1][2], d)
        else:
            joined.append(block)
    return joined
