"""The answer in one fence takes the selection's place, with the selection's indent and newline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.guards import placeholder
from streetrace_lsp.edits.lines import content_of, dominant_eol, eol_of, split_lines
from streetrace_lsp.edits.locate.indent import Shift, indent_of, margin, unit_of
from streetrace_lsp.edits.parse.fence import fence_line

# A selection this short may be rewritten outright; of a longer one an answer that is shorter
# than this share and keeps less than half is looked at twice.
_SHORT = 5
_SHRUNK = 0.6
_KEPT = 0.5
_FRACTION = 4
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an answer is not put in the selection's place."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Region:
    """A selection, widened to whole lines where only blanks stand between it and them."""

    start: int
    end: int
    before: str
    after: str
    cut_indent: bool

    @property
    def whole_lines(self) -> bool:
        """Whether nothing but the selection stands on its lines."""
        return not self.before and not self.after


def region_of(text: str, start: int, end: int) -> Region:
    """The region that a selection ``[start, end)`` means."""
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    before = text[line_start:start].removeprefix("\ufeff" if line_start == 0 else "")
    cut = bool(before) and not before.strip(" \t")
    if cut:
        start -= len(before)
        before = ""
    if end > start and text[end - 1] in "\r\n":
        return Region(start, end, before, "", cut)
    stops = [at for at in (text.find("\n", end), text.find("\r", end)) if at >= 0]
    line_end = min(stops, default=len(text))
    after = text[end:line_end]
    if not after.strip(" \t"):
        end, after = line_end, ""
    return Region(start, end, before, after, cut)


def replace(text: str, selection: tuple[int, int], answer: Sequence[str]) -> Change | Doubt:
    """The change that puts the answer's lines in the selection's place, or why not."""
    region = region_of(text, *selection)
    old_text = text[region.start : region.end]
    old = [content_of(line) for line in split_lines(old_text)]
    new = list(answer)
    if not any(line.strip() for line in new):
        return Doubt("empty", "The answer's code block is empty.")
    left_out = placeholder(old, new)
    if left_out is not None:
        return Doubt("placeholder", f"The answer leaves code out ({left_out}).")
    if any(map(fence_line, old)) and not any(map(fence_line, new)):
        return Doubt("ambiguous", "The selection holds fences, and the answer's own end is unsure.")
    if not region.whole_lines:
        return _within_line(region, old, new)
    if _is_excerpt(old, new):
        count = "1 line" if len(new) == 1 else f"{len(new)} lines"
        return Doubt(
            "excerpt",
            f"The answer has {count} for the {len(old)} selected ones: it may be a part of them. "
            "Select only what is to change, or ask for all of it.",
        )
    echoed = _echo(text, region, old, new)
    if echoed is not None:
        return Doubt(
            "beyond_selection", f"The answer repeats code around the selection ({echoed})."
        )
    shifted = _indented(old, new, region.cut_indent)
    if isinstance(shifted, Doubt):
        return shifted
    last_eol = eol_of(split_lines(old_text)[-1]) if old_text else ""
    eol = (eol_of(split_lines(old_text)[0]) if old_text else "") or dominant_eol(text)
    lines = _with_edges_of(old, shifted)
    return Change(region.start, region.end, eol.join(lines) + last_eol)


def _is_excerpt(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the answer may be only a part of the selection, such as its one function that had
    to change: much shorter, most lines gone, and it begins otherwise or is a mere fraction."""
    before, after = ([line.strip() for line in lines if line.strip()] for lines in (old, new))
    kept = (Counter(before) & Counter(after)).total()
    if len(before) <= _SHORT or len(after) >= len(before) * _SHRUNK:
        return False
    if kept >= len(before) * _KEPT:
        return False
    begins_alike = _WORDS.findall(before[0])[:2] == _WORDS.findall(after[0])[:2]
    return not begins_alike or len(after) * _FRACTION < len(before)


def _with_edges_of(old: list[str], new: list[str]) -> list[str]:
    """The new lines with the blank lines that the selection starts and ends with.

    Models rarely repeat them, and nobody asks a model to remove them.
    """
    if not any(line.strip() for line in old):
        return new
    filled = [at for at, line in enumerate(new) if line.strip()]
    kept = [at for at, line in enumerate(old) if line.strip()]
    return [*old[: kept[0]], *new[filled[0] : filled[-1] + 1], *old[kept[-1] + 1 :]]


def _within_line(region: Region, old: list[str], new: list[str]) -> Change | Doubt:
    """The selection starts or ends inside a line: only a plain exchange is sure."""
    if len(old) > 1 or len(new) > 1:
        return Doubt(
            "partial_lines", "The selection starts or ends inside a line. Select whole lines."
        )
    text = new[0].strip(" \t")
    before, after = region.before.strip(), region.after.strip()
    if (before and text.startswith(before)) or (after and text.endswith(after)):
        return Doubt("beyond_selection", "The answer repeats the line around the selection.")
    inside = old[0] if old else ""
    lead = inside[: len(inside) - len(inside.lstrip(" \t"))] if inside.strip(" \t") else ""
    trail = inside[len(inside.rstrip(" \t")) :] if inside.strip(" \t") else ""
    return Change(region.start, region.end, lead + text + trail)


def _telling(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines if any(char.isalnum() for char in line)]


def _echo(text: str, region: Region, old: list[str], new: list[str]) -> str | None:
    """A line next to the selection that the answer repeats at its edge, or None."""
    answer, selected = _telling(new), _telling(old)
    if not answer:
        return None
    known = Counter(selected)
    above = _telling(_last_lines(text[: region.start]))
    below = _telling(_first_lines(text[region.end :]))
    for count in range(1, min(len(answer), max(len(above), len(below))) + 1):
        first, last = answer[:count], answer[-count:]
        if first == above[-count:] and not all(known[line] for line in first):
            return above[-1]
        if last == below[:count] and not all(known[line] for line in last):
            return below[0]
    return _closers(text, region, old, new)


def _closers(text: str, region: Region, old: list[str], new: list[str]) -> str | None:
    """A closing brace that stands right below the selection and again ends the answer."""
    last = next((line.strip() for line in reversed(new) if line.strip()), "")
    below = next((line.strip() for line in _first_lines(text[region.end :]) if line.strip()), "")
    if last and last == below and set(last) <= set(")]};,") and _depth(new) < _depth(old):
        return last
    return None


def _depth(lines: Sequence[str]) -> int:
    joined = "\n".join(lines)
    return sum(joined.count(char) for char in "([{") - sum(joined.count(char) for char in ")]}")


_NEAR = 4000


def _last_lines(text: str) -> list[str]:
    return [content_of(line) for line in split_lines(text[-_NEAR:])]


def _first_lines(text: str) -> list[str]:
    return [content_of(line) for line in split_lines(text[:_NEAR])]


def _indented(old: list[str], new: list[str], cut_indent: bool) -> list[str] | Doubt:
    """The answer with the selection's indent.

    Small models often answer dedented. ``cut_indent``: the selection began behind its first
    line's indent, so that a model that copies it faithfully gives the first line without it.
    """
    old_first = next((line for line in old if line.strip(" \t")), "")
    new_first = next(line for line in new if line.strip(" \t"))
    want, have = indent_of(old_first), indent_of(new_first)
    if want == have or not old_first:
        return new
    at = new.index(new_first)
    rest = new[at + 1 :]
    if cut_indent and not have:
        absolute = _absolute(old, new_first, rest, want)
        if absolute is None:
            return Doubt("indentation", "The answer's indentation can be read in two ways.")
        if absolute:
            return [*new[:at], want + new_first, *rest]
    shared = margin(new)
    if have == shared or (want.startswith(have) and not shared):
        shift = _shift(want, have, old, new)
        shifted = [shift.line(line) for line in new]
        lines = [line for line in shifted if line is not None]
        if len(lines) == len(new):
            return lines
    if _votes(old, new) == {0}:
        return new
    return Doubt("indentation", "The answer's indentation does not match the selection's.")


def _shift(want: str, have: str, old: list[str], new: list[str]) -> Shift:
    if "\t" in want and "\t" not in "".join(map(indent_of, new)):
        inner = {indent_of(line).removeprefix(have) for line in new if line.strip(" \t")} - {""}
        width = unit_of(inner)
        if width > 1:
            return Shift(add=want, drop=have, unit=" " * width, step="\t")
    spaces = [indent_of(line).removeprefix(want) for line in old if line.strip(" \t")]
    width = unit_of(spaces) or len(want)
    deep = {indent_of(line) for line in new}
    if "\t" not in want and any("\t" in indent for indent in deep) and width > 1:
        return Shift(add=want, drop=have, unit="\t", step=" " * width)
    if want.startswith(have):
        return Shift(add=want.removeprefix(have))
    if have.startswith(want):
        return Shift(drop=have.removeprefix(want))
    return Shift(add=want, drop=have)


def _votes(old: list[str], new: list[str]) -> set[int]:
    """By how much lines that both sides hold once were shifted."""
    counts = Counter(line.strip() for line in old)
    answer = Counter(line.strip() for line in new)
    where = {line.strip(): len(indent_of(line)) for line in old}
    return {
        where[line.strip()] - len(indent_of(line))
        for line in new
        if line.strip() and counts[line.strip()] == 1 and answer[line.strip()] == 1
    }


_OPENERS = (":", "{", "(", "[", "=>", "->", "\\", ",", "do", "then", "begin")


def _absolute(old: list[str], new_first: str, rest: list[str], want: str) -> bool | None:
    """Whether the answer's other lines carry the file's indent although its first does not.

    None where both readings are as good.
    """
    others = [line for line in rest if line.strip(" \t")]
    if not others or not margin(others).startswith(want):
        return False
    votes = _votes(old, rest)
    if new_first.rstrip().endswith(_OPENERS):
        if indent_of(others[0]) == want:
            return False  # a body as shallow as its head: the block as a whole was dedented
        return votes == {0} if votes else None
    if votes:
        return votes == {0}
    below = [line for line in old if line.strip(" \t")][1:]
    return margin(others).startswith(margin(below)) if below else True
