"""A plan in the making: every block located against one snapshot, then spliced and verified."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from streetrace_lsp.edits import selection as selecting
from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.guards import already_there, placeholder, too_little
from streetrace_lsp.edits.intents import EditIntent, Fence, Label, Reading
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.locate.indent import Shift
from streetrace_lsp.edits.locate.tiers import Match, candidates, nearest
from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.edits.plan_types import Hunk, Plan, Refusal
from streetrace_lsp.edits.resolve import known_paths, normal
from streetrace_lsp.edits.splice import splice
from streetrace_lsp.edits.verify import faithful

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block's changes and the range of the file it was located in."""

    block: int
    start: int
    end: int
    changes: tuple[Change, ...]


class _Refused(Exception):  # noqa: N818 -- it ends one block, it is no error
    def __init__(self, code: str, message: str, lines: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.lines = lines


@dataclass(slots=True)
class Draft:
    """Collects placed blocks and refusals; ``finish`` makes the plan."""

    files: Mapping[str, str]
    selection: tuple[str, int, int] | None = None
    refusals: list[Refusal] = field(default_factory=list)
    placed: dict[str, list[Placed]] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    texts: dict[str, FileText] = field(default_factory=dict)

    def refuse(
        self, path: str | None, block: int, code: str, message: str, lines: tuple[int, ...] = ()
    ) -> None:
        """Note why a block is not applied."""
        self.refusals.append(Refusal(path, block, code, message, lines))

    def intent(self, intent: EditIntent, label: Label | None, fallback: str | None) -> None:
        """Place one explicit edit."""
        path: str | None = None
        try:
            path = self._path(label, fallback, intent)
            self._place(intent, path)
        except _Refused as refused:
            self.refuse(
                path or (label.path if label else None),
                intent.block,
                refused.code,
                refused.message,
                refused.lines,
            )

    def replace_selection(self, fence: Fence) -> None:
        """Place the lone fence that answers for the selection."""
        if self.selection is None:
            return
        path, start, end = self.selection
        reason = refuse_path(path)
        if reason is not None:
            self.refuse(path, fence.block, "protected_path", f"{path} is not edited: {reason}.")
            return
        result = selecting.replace(self.files[path], (start, end), fence.lines)
        if isinstance(result, selecting.Doubt):
            self.refuse(path, fence.block, result.code, result.message)
            return
        placed = Placed(fence.block, result.start, result.end, (result,))
        self.placed.setdefault(path, []).append(placed)

    def _path(self, label: Label | None, fallback: str | None, intent: EditIntent) -> str:
        if label is None:
            if fallback is None:
                raise _Refused("no_path", f"Edit {intent.block} does not say which file it is for.")
            path = fallback
        else:
            found = known_paths(label.path, self.files)
            if len(found) > 1:
                raise _Refused(
                    "ambiguous_path", f"{label.path} may be any of {', '.join(sorted(found))}."
                )
            path = found[0] if found else normal(label.path)
        reason = refuse_path(path) or (refuse_path(label.path) if label else None)
        if reason is not None:
            raise _Refused("protected_path", f"{path} is not edited: {reason}.")
        return path

    def _place(self, intent: EditIntent, path: str) -> None:
        readings = [reading for reading in intent.readings if any(reading.old)]
        if not readings:
            self._create(intent, path)
            return
        if path not in self.files:
            raise _Refused("unknown_path", f"{path} is not a file that the request included.")
        file = self._text(path)
        reading, match = self._locate(file, path, intent, readings)
        left_out = placeholder(reading.old, reading.new)
        if left_out is not None:
            raise _Refused("placeholder", f"Edit {intent.block} leaves code out ({left_out}).")
        if already_there(file, match, reading.old, reading.new):
            raise _Refused(
                "already_applied",
                f"{path} already has the new text of edit {intent.block}.",
                (match.first + 1,),
            )
        changes = splice(file, match, reading)
        if changes is None:
            raise _Refused(
                "indentation",
                f"The new text of edit {intent.block} can't be indented as {path} is.",
                (match.first + 1,),
            )
        placed = Placed(intent.block, file.starts[match.first], file.starts[match.end], changes)
        self.placed.setdefault(path, []).append(placed)

    def _create(self, intent: EditIntent, path: str) -> None:
        if len(intent.readings) > 1:
            raise _Refused("malformed", f"Edit {intent.block} can be read in more than one way.")
        if self.files.get(path) or path in self.created or path in self.placed:
            raise _Refused(
                "empty_search",
                f"Edit {intent.block} does not say which lines of {path} it replaces.",
            )
        new = intent.readings[0].new
        left_out = placeholder((), new)
        if left_out is not None:
            raise _Refused("placeholder", f"Edit {intent.block} leaves code out ({left_out}).")
        self.created[path] = "".join(line + "\n" for line in new)

    def _text(self, path: str) -> FileText:
        if path not in self.texts:
            self.texts[path] = FileText(self.files[path])
        return self.texts[path]

    def _locate(
        self, file: FileText, path: str, intent: EditIntent, readings: list[Reading]
    ) -> tuple[Reading, Match]:
        """The one reading of the block that stands at one place of the file."""
        found = [(reading, candidates(file, reading)) for reading in readings]
        found = [(reading, matches) for reading, matches in found if matches]
        if not found:
            self._not_found(file, path, intent, readings)
        best = min(matches[0].tier for _, matches in found)
        found = [(reading, matches) for reading, matches in found if matches[0].tier == best]
        lines = tuple(match.first + 1 for _, matches in found for match in matches)
        if len(found) > 1:
            raise _Refused(
                "malformed", f"Edit {intent.block} can be read in more than one way.", lines
            )
        reading, matches = found[0]
        chosen = self._choose(file, path, intent, matches)
        if len(chosen) != 1:
            raise _Refused(
                "ambiguous",
                f"The old text of edit {intent.block} stands at several places in {path}.",
                lines,
            )
        if too_little(reading.old) and intent.line_hint != chosen[0].first + 1:
            raise _Refused(
                "too_little", f"The old text of edit {intent.block} has nothing to go by.", lines
            )
        return reading, chosen[0]

    def _choose(
        self, file: FileText, path: str, intent: EditIntent, matches: list[Match]
    ) -> list[Match]:
        if len(matches) == 1:
            return matches
        hinted = [match for match in matches if match.first + 1 == intent.line_hint]
        if hinted:
            return hinted
        if intent.line_hint is None and self.selection is not None and self.selection[0] == path:
            _, start, end = self.selection
            region = selecting.region_of(file.text, start, end)
            return [
                match
                for match in matches
                if region.start <= file.starts[match.first]
                and file.starts[match.end - 1] < region.end
            ] or matches
        return matches

    def _not_found(
        self, file: FileText, path: str, intent: EditIntent, readings: list[Reading]
    ) -> None:
        for reading in readings:
            there = candidates(file, Reading(reading.new, ()))
            if there and not too_little(reading.new) and there[0].shift == Shift():
                raise _Refused(
                    "already_applied",
                    f"{path} already has the new text of edit {intent.block}.",
                    tuple(match.first + 1 for match in there),
                )
        lines = nearest(file, readings[0].old)
        near = f" Something like it starts at line {lines[0]}." if lines else ""
        raise _Refused(
            "not_found", f"The old text of edit {intent.block} is not in {path}.{near}", lines
        )

    def finish(self, partial: bool, prose: str) -> Plan:
        """The plan: overlaps refused, blocks spliced, the result verified."""
        texts: dict[str, str | None] = {}
        hunks: list[Hunk] = []
        for path, placed in self.placed.items():
            text = self.files[path]
            after = apply(text, self._disjoint(path, placed))
            changes = diff(text, after)
            if not faithful(text, changes, after) or apply(text, changes) != after:
                self.refuse(path, 0, "unverified", f"The edit to {path} could not be verified.")
                continue
            if self._encodable(path, changes) and changes:
                texts[path] = after
                hunks += [
                    Hunk(path, one.start, one.end, text[one.start : one.end], one.text)
                    for one in changes
                ]
        for path, new in self.created.items():
            if self._encodable(path, (Change(0, 0, new),)):
                texts[path] = new
                hunks.append(Hunk(path, 0, 0, "", new))
        if self.placed and not texts and not self.refusals:
            self.refuse(None, 0, "no_change", "The reply's edits change nothing.")
        if self.refusals and not partial:
            return Plan({}, (), tuple(self.refusals), prose)
        return Plan(texts, tuple(hunks), tuple(self.refusals), prose)

    def _encodable(self, path: str, changes: tuple[Change, ...]) -> bool:
        if any(_SURROGATE.search(change.text) for change in changes):
            message = f"The new text for {path} holds half of a character (a lone surrogate)."
            self.refuse(path, 0, "surrogate", message)
            return False
        return True

    def _disjoint(self, path: str, placed: list[Placed]) -> list[Change]:
        """The changes of all blocks, sorted; a block that meets an earlier one is refused."""
        kept: list[Placed] = []
        for one in placed:
            if any(other.changes == one.changes for other in kept):
                continue  # the model repeated itself
            if any(_meet(one, other) for other in kept):
                self.refuse(
                    path,
                    one.block,
                    "overlap",
                    f"Edit {one.block} changes lines that another edit to {path} changes too.",
                    (self._text(path).line_at(one.start) + 1,),
                )
                continue
            kept.append(one)
        return sorted(
            (change for one in kept for change in one.changes),
            key=lambda change: (change.start, change.end),
        )


def _meet(one: Placed, other: Placed) -> bool:
    """Whether a change of either lies in the range that the other stands for."""
    return any(
        _inside(change, other) or _touches(change, other.changes) for change in one.changes
    ) or any(_inside(change, one) for change in other.changes)


def _inside(change: Change, placed: Placed) -> bool:
    if change.start == change.end:
        return placed.start < change.start < placed.end
    return change.start < placed.end and placed.start < change.end


def _touches(change: Change, others: tuple[Change, ...]) -> bool:
    """Whether two insertions are at one place: their order would be a guess."""
    return any(change.start == change.end == other.start == other.end for other in others)
