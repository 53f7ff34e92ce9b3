"""What one content change did, judged from the texts before and after it.

Two texts don't always say where a change was made: a line added to a run of equal lines may be
any of them. The span given here covers every place where it may have been.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from streetrace_lsp.edits.changes import Change, apply, compose
from streetrace_lsp.edits.diff import diff

_CHUNK = 4096
_AFTER_EOL = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def common_prefix(one: str, other: str) -> int:
    """How many leading code points two texts share."""
    limit = min(len(one), len(other))
    at = 0
    while at < limit and one[at : at + _CHUNK] == other[at : at + _CHUNK]:
        at += _CHUNK
    if at >= limit:
        return limit
    low, high = at, min(at + _CHUNK, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_suffix(one: str, other: str) -> int:
    """How many trailing code points two texts share."""
    limit = min(len(one), len(other))
    size = 0
    while size < limit:
        step = min(_CHUNK, limit - size)
        left = one[len(one) - size - step : len(one) - size]
        right = other[len(other) - size - step : len(other) - size]
        if left != right:
            return size + common_prefix(left[::-1], right[::-1])
        size += step
    return limit


def _line_starts(text: str, low: int, high: int) -> list[int]:
    starts = [match.start() for match in _AFTER_EOL.finditer(text, max(low, 1), high + 1)]
    starts = [start for start in starts if low <= start <= high]
    return [0, *starts] if low == 0 and high >= 0 else starts


def changed_span(old: str, new: str) -> Change | None:
    """The one contiguous change from ``old`` to ``new``, as wide as its place is uncertain.

    Where whole lines were added or removed, only whole-line places count. None: no change.
    """
    if old == new:
        return None
    prefix, suffix = common_prefix(old, new), common_suffix(old, new)
    shorter = min(len(old), len(new))
    growth = len(new) - len(old)
    if prefix + suffix <= shorter:
        end = len(old) - suffix
        return Change(prefix, end, new[prefix : end + growth])
    low, high = shorter - suffix, prefix
    longer = new if growth > 0 else old
    size = abs(growth)
    ends = {end - size for end in _line_starts(longer, low + size, high + size)}
    whole = [start for start in _line_starts(longer, low, high) if start in ends]
    if whole:
        low, high = whole[0], whole[-1]
    if growth > 0:
        return Change(low, high, new[low : high + size])
    return Change(low, high + size, new[low:high])


def changed_at_ends(old: str, new: str) -> tuple[Change, Change]:
    """The one contiguous change as late in the text as it may be, and as early."""
    shorter = min(len(old), len(new))
    late = common_prefix(old, new)
    early = shorter - min(common_suffix(old, new), shorter)
    spans = []
    for start in (late, min(late, early)):
        rest = min(common_suffix(old, new), shorter - start)
        spans.append(Change(start, len(old) - rest, new[start : len(new) - rest]))
    return spans[0], spans[1]


def changed_in_steps(texts: Sequence[str]) -> tuple[tuple[Change, ...], ...]:
    """What may have turned the first text into the last, one contiguous change from each to the
    next: every change as late as it may be, every one as early, and as whole lines.
    """
    late: tuple[Change, ...] = ()
    early: tuple[Change, ...] = ()
    for old, new in pairwise(texts):
        ends = changed_at_ends(old, new)
        late, early = compose(late, ends[:1]), compose(early, ends[1:])
    return late, early, diff(texts[0], texts[-1])


def changed_spans(old: str, new: str) -> tuple[Change, ...] | None:
    """The changed places of a line diff, each as wide as it is uncertain.

    None where the uncertain places run into one another.
    """
    spans: list[Change] = []
    for hunk in diff(old, new):
        span = changed_span(old, apply(old, (hunk,)))
        if span is None or (spans and spans[-1].end >= span.start):
            return None
        spans.append(span)
    return tuple(spans)


def is_join(text: str, head: str, tail: str) -> bool:
    """Whether ``text`` is a beginning of ``head`` with an end of ``tail`` behind it."""
    begun = common_prefix(text, head)
    return begun + common_prefix(text[::-1], tail[::-1]) >= len(text)
