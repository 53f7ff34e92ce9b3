"""Unified diffs, with or without line numbers, as git or as a model writes them.

A hunk with counts is complete when they are met. Models often miscount: inside a closed fence
the structure decides instead; in bare text, which has no other end, a miscounted hunk is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from streetrace_lsp.edits.intents import Block, Broken, EditIntent, Kind, Label, Reading

_HUNK = re.compile(r"@@+(?:\s+-(\d{1,9})(?:,(\d{1,9}))?\s+\+(\d{1,9})(?:,(\d{1,9}))?\s+@@+)?(.*)")
_GIT = re.compile(r"diff --git (.+)")
_PART = re.compile(
    r"[ +\-@\\]|diff --git |index [0-9a-f]|(?:new|deleted) file mode|rename (?:from|to) "
    r"|(?:dis)?similarity index|(?:old|new) mode |Binary files |GIT binary"
)


def starts(line: str, following: str) -> bool:
    """Whether two lines are the head of a file's diff."""
    return line.startswith("--- ") and following.startswith("+++ ")


def is_git_head(line: str) -> bool:
    """Whether a line starts a git diff."""
    return line.startswith("diff --git ")


def belongs(line: str) -> bool:
    """Whether a line can be part of a bare diff."""
    return not line or _PART.match(line) is not None


def looks_unified(lines: Sequence[str]) -> bool:
    """Whether a fence's lines are a diff: it has hunks."""
    return any(line.startswith("@@") for line in lines) and any(
        line[:1] in ("+", "-") for line in lines
    )


@dataclass(slots=True)
class _FileDiff:
    """The head of one file's diff."""

    old: str | None = None
    new: str | None = None
    renamed_to: str | None = None
    created: bool = False
    deleted: bool = False
    hunks: int = 0
    first: int = 0


@dataclass(slots=True)
class UnifiedDiff:
    """Reads the lines of one diff; ``parsed`` gives an intent per hunk."""

    lines: Sequence[str]
    first: int
    fenced: bool
    label: Label | None
    number: Callable[[], int]
    blocks: list[Block] = field(default_factory=list)

    def parsed(self) -> list[Block]:
        """The blocks of the diff."""
        at = 0
        head = _FileDiff()
        count = len(self.lines)
        while at < count:
            line = self.lines[at]
            if is_git_head(line):
                self._close(head, at)
                head = _FileDiff(first=at)
                at += 1
            elif line.startswith("--- ") and at + 1 < count and starts(line, self.lines[at + 1]):
                if head.hunks or head.new is not None:
                    self._close(head, at)
                    head = _FileDiff(first=at)
                head.old, head.new = _path(line[4:], "a/"), _path(self.lines[at + 1][4:], "b/")
                at += 2
            elif line.startswith("rename from "):
                head.old = line[12:].strip()
                at += 1
            elif line.startswith("rename to "):
                head.renamed_to = line[10:].strip()
                at += 1
            elif line.startswith("@@"):
                head.hunks += 1
                at = self._hunk(head, at)
            else:
                if not belongs(line) or (self.fenced and line[:1] in ("+", "-")):
                    self._broken(head, at, "malformed", "A line of the diff belongs to no hunk.")
                at += 1
        self._close(head, count)
        return self.blocks

    def _label(self, head: _FileDiff) -> Label | None:
        name = head.new if head.new not in (None, "/dev/null") else head.old
        if head.renamed_to is not None:
            name = head.old
        return Label(name, True) if name and name != "/dev/null" else self.label

    def _close(self, head: _FileDiff, end: int) -> None:
        if head.renamed_to is not None and not head.hunks:
            self._add(head, (head.first, end))

    def _add(self, head: _FileDiff, span: tuple[int, int]) -> None:
        self.blocks.append(
            EditIntent(
                self.number(),
                self._label(head),
                "replace",
                Reading((), ()),
                (self.first + span[0], self.first + span[1]),
                moved_to=head.renamed_to,
            )
        )

    def _broken(self, head: _FileDiff, at: int, code: str, message: str) -> None:
        span = (self.first + at, self.first + at + 1)
        self.blocks.append(Broken(self.number(), self._label(head), code, message, span))

    def _hunk(self, head: _FileDiff, at: int) -> int:
        """Read the hunk at ``@@``; gives the line after it."""
        match = _HUNK.fullmatch(self.lines[at])
        groups = match.groups() if match else (None, None, None, None, "")
        end: int | None = None
        if groups[0] is not None:
            needs = (int(groups[1] or 1), int(groups[3] or 1))
            end = self._counted(at + 1, *needs)
            if end is None and not self.fenced:
                self._broken(head, at, "unclosed", "A hunk of the diff is shorter than it says.")
                return self._structural(at + 1)
        if end is None:
            end = self._structural(at + 1)
        body = list(self.lines[at + 1 : end])
        while body and not body[-1]:
            body.pop()
        if any(line and line[0] not in " +-\\" for line in body):
            self._broken(head, at, "malformed", "A line of the diff has no mark before it.")
            return end
        old = tuple(line[1:] for line in body if line[:1] in ("", " ", "-"))
        new = tuple(line[1:] for line in body if line[:1] in ("", " ", "+"))
        kind: Kind = "replace"
        if head.old == "/dev/null":
            kind = "create"
        elif head.new == "/dev/null":
            kind = "delete"
        heading = (groups[4] or "").strip().strip("@").strip()
        self.blocks.append(
            EditIntent(
                self.number(),
                self._label(head),
                kind,
                Reading(old, new),
                (self.first + at, self.first + end),
                anchors=(heading,) if heading and heading != "..." else (),
                line_hint=int(groups[0]) if groups[0] else None,
                moved_to=head.renamed_to,
                final_newline=not _without_newline(body),
            )
        )
        return end

    def _counted(self, at: int, old: int, new: int) -> int | None:
        """The line after a hunk whose counts are right, else None."""
        while at < len(self.lines) and (old > 0 or new > 0):
            mark = self.lines[at][:1]
            if mark in ("", " "):
                old, new = old - 1, new - 1
            elif mark == "-":
                old -= 1
            elif mark == "+":
                new -= 1
            elif mark != "\\":
                return None
            at += 1
        if old or new:
            return None
        if at < len(self.lines) and self.lines[at].startswith("\\"):
            at += 1
        if at < len(self.lines) and self.lines[at][:1] in ("+", "-", " "):
            head = at + 1 < len(self.lines) and starts(self.lines[at], self.lines[at + 1])
            return at if head else None
        return at

    def _structural(self, at: int) -> int:
        """The line at which the next hunk or file starts."""
        while at < len(self.lines):
            line = self.lines[at]
            following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
            if line.startswith("@@") or is_git_head(line) or starts(line, following):
                break
            at += 1
        return at


def _without_newline(body: Sequence[str]) -> bool:
    """Whether the new text ends without a final newline."""
    for at in range(len(body) - 1, 0, -1):
        if body[at].startswith("\\"):
            return body[at - 1][:1] in ("+", " ", "")
        if body[at][:1] in ("+", " "):
            return False
    return False


def _path(text: str, prefix: str) -> str:
    return text.split("\t", maxsplit=1)[0].strip().strip('"').removeprefix(prefix)
