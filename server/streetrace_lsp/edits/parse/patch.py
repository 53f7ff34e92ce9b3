"""apply_patch (V4A): ``*** Begin Patch`` … ``*** End Patch``.

Sections add, update, delete or move one file each; an update's chunks are found by their context
and by ``@@`` lines above them. Without its end line a patch is cut and nothing of it counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from streetrace_lsp.edits.intents import Block, Broken, EditIntent, Label, Reading

_BEGIN, _END = "*** Begin Patch", "*** End Patch"
_HEADS = {"*** Add File:": "add", "*** Update File:": "update", "*** Delete File:": "delete"}
_MOVE, _EOF = "*** Move to:", "*** End of File"


def opens(line: str) -> bool:
    """Whether a line opens a patch."""
    return line.strip() == _BEGIN


@dataclass(slots=True)
class PatchBlock:
    """Collects the lines of a patch until its end line."""

    first: int
    number: Callable[[], int]
    lines: list[str] = field(default_factory=list)

    def line(self, text: str, number: int) -> list[Block] | None:
        """Take the next line; the patch's blocks once it is complete."""
        if text.rstrip() == _END:
            return self._parsed(number + 1)
        self.lines.append(text)
        return None

    def unclosed(self, end: int) -> Broken:
        """The reply ended inside the patch."""
        message = f"The patch has no {_END} line."
        return Broken(self.number(), None, "unclosed", message, (self.first, end))

    def _parsed(self, end: int) -> list[Block]:
        span = (self.first, end)
        blocks: list[Block] = []
        section: list[str] = []
        head: tuple[str, str] | None = None
        for line in [*self.lines, _END]:
            action = next((_HEADS[mark] for mark in _HEADS if line.startswith(mark)), None)
            if action is None and line != _END:
                section.append(line)
                continue
            if head is not None:
                blocks += self._section(head[0], Label(head[1], True), section, span)
            elif any(text.strip() for text in section):
                blocks.append(self._broken(None, "The patch starts without a file.", span))
            section = []
            if action is not None:
                head = (action, line.split(":", 1)[1].strip())
        return blocks

    def _broken(self, label: Label | None, message: str, span: tuple[int, int]) -> Broken:
        return Broken(self.number(), label, "malformed", message, span)

    def _section(
        self, action: str, label: Label, lines: list[str], span: tuple[int, int]
    ) -> list[Block]:
        while lines and not lines[-1].strip():
            lines.pop()
        if action == "delete":
            if lines:
                return [self._broken(label, "A deleted file has lines in the patch.", span)]
            return [EditIntent(self.number(), label, "delete", Reading((), ()), span)]
        if action == "add":
            if any(line[:1] != "+" for line in lines):
                return [self._broken(label, "A line of an added file has no + before it.", span)]
            new = Reading((), tuple(line[1:] for line in lines))
            return [EditIntent(self.number(), label, "create", new, span)]
        moved = None
        if lines and lines[0].startswith(_MOVE):
            moved = lines[0].split(":", 1)[1].strip()
            lines = lines[1:]
        blocks = self._chunks(label, lines, span, moved)
        if not blocks and moved is not None:
            return [
                EditIntent(self.number(), label, "replace", Reading((), ()), span, moved_to=moved)
            ]
        return blocks or [self._broken(label, f"The update of {label.path} is empty.", span)]

    def _chunks(
        self, label: Label, lines: list[str], span: tuple[int, int], moved: str | None
    ) -> list[Block]:
        blocks: list[Block] = []
        anchors: list[str] = []
        body: list[str] = []
        at_end = False
        for line in [*lines, "@@"]:
            if line.rstrip() == _EOF:
                at_end = True
                continue
            if not line.startswith("@@"):
                body.append(line)
                continue
            if body:
                blocks.append(self._chunk(label, body, span, tuple(anchors), moved, at_end))
                anchors, body, at_end = [], [], False
            anchor = line[2:].strip().removesuffix("@@").strip()
            if anchor:
                anchors.append(anchor)
        return blocks

    def _chunk(
        self,
        label: Label,
        body: list[str],
        span: tuple[int, int],
        anchors: tuple[str, ...],
        moved: str | None,
        at_end: bool,
    ) -> Block:
        if any(line and line[0] not in " +-" for line in body):
            return self._broken(label, f"A line of the update of {label.path} has no mark.", span)
        old = tuple(line[1:] for line in body if line[:1] in ("", " ", "-"))
        new = tuple(line[1:] for line in body if line[:1] in ("", " ", "+"))
        return EditIntent(
            self.number(),
            label,
            "replace",
            Reading(old, new),
            span,
            anchors=anchors,
            moved_to=moved,
            at_end=at_end,
        )
