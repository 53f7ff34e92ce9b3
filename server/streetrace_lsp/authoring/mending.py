"""From a way to mend a problem to the exact changes of the text."""

from __future__ import annotations

import re

from streetrace_lsp.config.mend import Mend, Path
from streetrace_lsp.config.positions import Place, Positions
from streetrace_lsp.config.problems import Problem
from streetrace_lsp.edits.changes import Change, apply

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LINE_END = re.compile(r"\r\n|\n|\r")


def changes(text: str, problem: Problem, mend: Mend) -> tuple[Change, ...]:
    """The changes of ``text``, in its order, that mend the problem; none where they can't.

    What can be parsed before can be parsed afterwards.
    """
    found = _changes(text, problem, mend)
    if not found or not _parses(text) or _parses(apply(text, found)):
        return found
    return ()


def _parses(text: str) -> bool:
    from streetrace_lsp.config.parse import BrokenTextError, parse

    try:
        parse(text.encode("utf-8", "replace"))
    except BrokenTextError:
        return False
    return True


def _changes(text: str, problem: Problem, mend: Mend) -> tuple[Change, ...]:
    if mend.do == "splice":
        return (Change(*mend.span, mend.text.replace("\n", end_of_line(text))),)
    positions = Positions(text)
    if mend.do == "add":
        return (added(text, positions, mend.path, mend.text),)
    place = positions.places.get(problem.key)
    if place is None:
        return ()
    if mend.do == "rename":
        named = Change(*place.key, bare_or_quoted(mend.text))
        return (named, Change(*place.value, mend.value)) if mend.value else (named,)
    if mend.do == "write":
        return (Change(*place.value, mend.text),)
    gone = Change(*_whole(text, place), "")
    if mend.do == "remove":
        return (gone,)
    line = f"{bare_or_quoted(mend.text)} = {text[slice(*place.value)]}"
    made = added(text, positions, mend.path, line)
    if gone.start <= made.start < gone.end:
        # The place to move to is where it stands: only its name and its table change.
        made = Change(gone.end, gone.end, made.text)
    return tuple(sorted((gone, made), key=lambda change: (change.start, change.end)))


def end_of_line(text: str) -> str:
    """The line end that the text uses."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def bare_or_quoted(name: str) -> str:
    """``name`` as a TOML key (TOML 1.0, "Keys")."""
    from streetrace_lsp.config.mend import quoted

    return name if _BARE_KEY.fullmatch(name) else quoted(name)


def added(text: str, positions: Positions, table: Path, lines: str) -> Change:
    """The change that puts ``lines`` at the end of ``table``, which is made where it is missing.

    The table () is the top of the file, before the first table.
    """
    eol = end_of_line(text)
    lines = lines.replace("\n", eol)
    place = positions.places.get(table) if table else None
    if not table:
        return _at_the_top(text, positions, lines, eol)
    if place is not None and place.holder == "table":
        end = _last_line(text, place)
        lead = eol if end and text[end - 1] not in "\r\n" else ""
        return Change(end, end, f"{lead}{lines}{eol}")
    if place is not None and text[place.value[0] : place.value[0] + 1] == "{":
        return _inside(text, place, lines.replace(eol, ", "))
    header = f"[{'.'.join(bare_or_quoted(str(step)) for step in table)}]"
    end = len(text)
    gap = "" if not text.strip() else eol if text.endswith(("\n", "\r")) else eol * 2
    return Change(end, end, f"{gap}{header}{eol}{lines}{eol}")


def _at_the_top(text: str, positions: Positions, lines: str, eol: str) -> Change:
    headers = [p.whole[0] for p in positions.places.values() if p.holder == "table"]
    first = min(headers, default=len(text))
    pairs = [p.whole[1] for p in positions.places.values() if p.whole[1] <= first]
    if pairs:
        end = _end_of_line(text, max(pairs))
        lead = "" if text[end - 1 : end] in {"\n", "\r"} else eol
        return Change(end, end, f"{lead}{lines}{eol}")
    start = text.rfind("\n", 0, first) + 1
    return Change(start, start, f"{lines}{eol}{eol if text[start:].strip() else ''}")


def _inside(text: str, place: Place, entry: str) -> Change:
    """One more entry of an inline table."""
    start, end = place.value
    inner = text[start + 1 : end - 1]
    if not inner.strip():
        return Change(start, end, f"{{ {entry} }}")
    at = start + 1 + len(inner.rstrip())
    return Change(at, at, f", {entry}")


def _last_line(text: str, place: Place) -> int:
    """The end of the last line of a table that says something, its line end included."""
    start, end = place.whole
    return _end_of_line(text, start + len(text[start:end].rstrip()))


def _end_of_line(text: str, offset: int) -> int:
    found = _LINE_END.search(text, offset)
    return found.end() if found else len(text)


def _whole(text: str, place: Place) -> tuple[int, int]:
    """What goes when a key goes: whole lines, or an entry with one of the commas beside it."""
    start, end = place.whole
    if place.holder in {"pair", "table", "part"}:
        start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        end = start + len(text[start:end].rstrip())
        return start, _end_of_line(text, end)
    behind = re.compile(r"\s*,\s*").match(text, end)
    if behind is not None:
        return start, behind.end()
    before = re.search(r",\s*\Z", text[:start])
    return (before.start() if before else start), end
