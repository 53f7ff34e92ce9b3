"""A unified diff of two texts, as ``git apply`` and ``patch`` read it."""

from __future__ import annotations

from itertools import pairwise

from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.lines import LineIndex

_CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file"


def unified(path: str, old: str | None, new: str | None) -> str:
    """The diff of one file; ``None`` means that the file is not there. Ends with a newline."""
    before, after = _lines(old or ""), _lines(new or "")
    regions = _regions(old or "", new or "")
    if not regions:
        return ""
    out = [
        f"--- {'a/' + path if old is not None else '/dev/null'}\n",
        f"+++ {'b/' + path if new is not None else '/dev/null'}\n",
    ]
    for group in _grouped(regions):
        out += _hunk(group, before, after)
    return "".join(out)


Region = tuple[int, int, int, int]  # old first, old end, new first, new end (0-based lines)


def _lines(text: str) -> list[str]:
    index = LineIndex(text)
    starts = [index.line_start(n) for n in range(index.line_count)] + [len(text)]
    lines = [text[a:b] for a, b in pairwise(starts)]
    return lines[:-1] if lines and not lines[-1] else lines


def _regions(old: str, new: str) -> list[Region]:
    index, shift, regions = LineIndex(old), 0, []
    for change in diff(old, new):
        first, _ = index.position(change.start, "utf-32")
        # A change ends at a line start or at the end of the text.
        last = len(_lines(old[: change.end]))
        added = len(_lines(change.text))
        regions.append((first, last, first + shift, first + shift + added))
        shift += added - (last - first)
    return regions


def _grouped(regions: list[Region]) -> list[list[Region]]:
    groups: list[list[Region]] = []
    for region in regions:
        if groups and region[0] - groups[-1][-1][1] <= 2 * _CONTEXT:
            groups[-1].append(region)
        else:
            groups.append([region])
    return groups


def _hunk(group: list[Region], before: list[str], after: list[str]) -> list[str]:
    old_first = max(0, group[0][0] - _CONTEXT)
    old_end = min(len(before), group[-1][1] + _CONTEXT)
    new_first = group[0][2] - (group[0][0] - old_first)
    new_end = group[-1][3] + (old_end - group[-1][1])
    old_size, new_size = old_end - old_first, new_end - new_first
    out = [
        f"@@ -{old_first + (old_size > 0)},{old_size} +{new_first + (new_size > 0)},{new_size} @@\n"
    ]
    at = old_first
    for old_start, old_stop, new_start, new_stop in group:
        out += [_line(" ", line) for line in before[at:old_start]]
        out += [_line("-", line) for line in before[old_start:old_stop]]
        out += [_line("+", line) for line in after[new_start:new_stop]]
        at = old_stop
    return out + [_line(" ", line) for line in before[at:old_end]]


def _line(sign: str, line: str) -> str:
    if line.endswith("\n"):
        return sign + line
    return f"{sign}{line}\n{_NO_NEWLINE}\n"
