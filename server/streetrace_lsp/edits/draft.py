"""A plan in the making: every block placed in one snapshot, then spliced and verified."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from streetrace_lsp.edits import selection as selecting
from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.guards import placeholder
from streetrace_lsp.edits.intents import EditIntent, Fence, Label
from streetrace_lsp.edits.left_out import left_out
from streetrace_lsp.edits.lines import content_of, split_lines
from streetrace_lsp.edits.locate.file import FileText
from streetrace_lsp.edits.overlap import disjoint
from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.edits.placing import Placed, Refused, place
from streetrace_lsp.edits.plan_types import Hunk, Plan, Refusal
from streetrace_lsp.edits.resolve import known_paths, normal
from streetrace_lsp.edits.splice import minimal
from streetrace_lsp.edits.verify import faithful
from streetrace_lsp.edits.whole import whole_text

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Draft:
    """Collects placed blocks and refusals; ``finish`` makes the plan."""

    files: Mapping[str, str]
    selection: tuple[str, int, int] | None = None
    refusals: list[Refusal] = field(default_factory=list)
    placed: dict[str, list[Placed]] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    texts: dict[str, FileText] = field(default_factory=dict)
    confirm: list[str] = field(default_factory=list)

    def refuse(
        self, path: str | None, block: int, code: str, message: str, lines: tuple[int, ...] = ()
    ) -> None:
        """Note why a block is not applied."""
        self.refusals.append(Refusal(path, block, code, message, lines))

    def intent(self, intent: EditIntent, label: Label | None, fallback: str | None) -> None:
        """Place one explicit edit. ``fallback`` is the file meant where no label says one."""
        path: str | None = None
        try:
            path = self._path(label, fallback, intent)
            if intent.moved_to is not None:
                self._move(path, intent.moved_to)
            if intent.kind == "delete":
                self._delete(path, intent)
            elif intent.kind == "create" or not any(intent.reading.old):
                self._create(path, intent)
            elif path not in self.files:
                raise Refused("unknown_path", f"{path} is not a file that the request included.")
            else:
                placed = place(self._text(path), path, intent, self._selected(path))
                self.placed.setdefault(path, []).append(placed)
        except Refused as refused:
            named = path or (label.path if label else None)
            self.refusals.append(
                Refusal(
                    named,
                    intent.block,
                    refused.code,
                    refused.message,
                    refused.lines,
                    refused.closest,
                )
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
        text = self.files[path]
        whole = not (text[: result.start] + text[result.end :]).strip()
        old, new = (
            [content_of(line) for line in split_lines(part)]
            for part in (text[result.start : result.end], result.text)
        )
        doubt = left_out(old, new, whole_file=whole)
        if doubt is not None:
            self.confirm.append(doubt)
        placed = Placed(fence.block, result.start, result.end, (result,))
        self.placed.setdefault(path, []).append(placed)

    def _selected(self, path: str) -> tuple[int, int] | None:
        if self.selection is None or self.selection[0] != path:
            return None
        return self.selection[1], self.selection[2]

    def _path(self, label: Label | None, fallback: str | None, intent: EditIntent) -> str:
        if label is None:
            if fallback is None:
                raise Refused("no_path", f"Edit {intent.block} does not say which file it is for.")
            path = fallback
        else:
            found = [] if intent.kind == "create" else known_paths(label.path, self.files)
            if len(found) > 1:
                names = ", ".join(sorted(found))
                raise Refused("ambiguous_path", f"{label.path} may be any of {names}.")
            path = found[0] if found else normal(label.path)
        self._allowed(path)
        if label is not None:
            self._allowed(label.path)
        return path

    def _allowed(self, path: str) -> None:
        reason = refuse_path(path)
        if reason is not None:
            raise Refused("protected_path", f"{path} is not edited: {reason}.")

    def _text(self, path: str) -> FileText:
        if path not in self.texts:
            self.texts[path] = FileText(self.files[path])
        return self.texts[path]

    def _move(self, path: str, target: str) -> None:
        target = normal(target)
        self._allowed(target)
        if path not in self.files:
            raise Refused("unknown_path", f"{path} is not a file that the request included.")
        if target in self.files or target in self.created:
            raise Refused("exists", f"{path} can't be renamed to {target}, which exists.")
        if self.moved.setdefault(path, target) != target:
            raise Refused("overlap", f"{path} is renamed twice.")

    def _delete(self, path: str, intent: EditIntent) -> None:
        if path not in self.files:
            raise Refused("unknown_path", f"{path} is not a file that the request included.")
        old = [line.rstrip() for line in intent.reading.old]
        if old and old != [line.rstrip() for line in self._text(path).lines]:
            raise Refused("not_found", f"{path} is not the file that edit {intent.block} deletes.")
        self.deleted.add(path)

    def _create(self, path: str, intent: EditIntent) -> None:
        new = intent.reading.new
        if intent.moved_to is not None and not new:
            return
        if path in self.created or path in self.placed:
            raise Refused("overlap", f"{path} is written twice.")
        if intent.kind == "create" and path in self.files:
            raise Refused("exists", f"{path} exists, and edit {intent.block} adds it as new.")
        if self.files.get(path):
            if intent.kind != "whole":
                message = f"{path} has text, and edit {intent.block} names none of it to replace."
                raise Refused("empty_search", message)
            text = self.files[path]
            after = whole_text(self._text(path), path, intent.block, new)
            change = Change(0, len(text), after)
            self.placed[path] = [Placed(intent.block, 0, len(text), (change,))]
            return
        left_out = placeholder((), new)
        if left_out is not None:
            raise Refused("placeholder", f"Edit {intent.block} leaves code out ({left_out}).")
        text = "\n".join(new)
        self.created[path] = text + "\n" if new and intent.final_newline else text

    def finish(self, partial: bool, prose: str) -> Plan:
        """The plan: overlaps refused, blocks spliced, the result verified."""
        texts: dict[str, str | None] = {}
        hunks: list[Hunk] = []
        for path in dict.fromkeys((*self.placed, *self.moved)):
            after, changes = self._changed(path)
            target = self.moved.get(path)
            if target is not None:
                old = self.files[path]
                texts |= {path: None, target: after}
                hunks += [Hunk(path, 0, len(old), old, ""), Hunk(target, 0, 0, "", after)]
            elif changes:
                texts[path] = after
                hunks += [
                    Hunk(path, one.start, one.end, self.files[path][one.start : one.end], one.text)
                    for one in changes
                ]
        for path in sorted(self.deleted):
            if path in texts or path in self.placed:
                self.refuse(path, 0, "overlap", f"{path} is both changed and deleted.")
            texts[path] = None
            hunks.append(Hunk(path, 0, len(self.files[path]), self.files[path], ""))
        for path, new in self.created.items():
            if self._encodable(path, (Change(0, 0, new),)):
                texts[path] = new
                hunks.append(Hunk(path, 0, 0, "", new))
        if self.placed and not texts and not self.refusals:
            self.refuse(None, 0, "no_change", "The reply's edits change nothing.")
        if self.refusals and not partial:
            return Plan({}, (), tuple(self.refusals), prose)
        return Plan(texts, tuple(hunks), tuple(self.refusals), prose, tuple(self.confirm))

    def _changed(self, path: str) -> tuple[str, tuple[Change, ...]]:
        """A file's text after its blocks, and the minimal changes to it."""
        text = self.files[path]
        kept, meeting = disjoint(self.placed.get(path, []))
        for one in meeting:
            line = self._text(path).line_at(one.start) + 1
            message = f"Edit {one.block} meets another edit's lines in {path}."
            self.refuse(path, one.block, "overlap", message, (line,))
        after = apply(text, kept)
        changes = minimal(self._text(path), kept)
        if apply(text, changes) != after or not faithful(text, changes, after):
            self.refuse(path, 0, "unverified", f"The edit to {path} could not be verified.")
            return text, ()
        return (after, changes) if self._encodable(path, changes) else (text, ())

    def _encodable(self, path: str, changes: tuple[Change, ...]) -> bool:
        if any(_SURROGATE.search(change.text) for change in changes):
            message = f"The new text for {path} holds half of a character (a lone surrogate)."
            self.refuse(path, 0, "surrogate", message)
            return False
        return True
