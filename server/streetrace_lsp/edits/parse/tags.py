"""Edits between tags: ``<old_text>`` … ``</old_text>`` and ``<new_text>`` … ``</new_text>``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from streetrace_lsp.edits.intents import Broken, EditIntent, Label, Reading

_PAIRS = {
    "old_text": "new_text",
    "old_str": "new_str",
    "old_string": "new_string",
    "search": "replace",
}
_OPEN = re.compile(r"\s*<(old_text|old_str|old_string|search)\b([^<>\n]*)>", re.IGNORECASE)
_LINE = re.compile(r"\bline\s*=\s*[\"']?(\d{1,9})")
_PATH = re.compile(r"<\w+\b[^<>\n]*\b(?:path|file|filename)\s*=\s*[\"']([^\"'<>\n]+)[\"'][^<>\n]*>")
_PATH_TAG = re.compile(r"\s*<(path|file_path|filename)>([^<>\n]+)</\1>\s*")


def opens(line: str) -> bool:
    """Whether a line opens an edit between tags."""
    return "<" in line[:80] and _OPEN.match(line) is not None


def path_in(line: str) -> Label | None:
    """The path that a tag on this line names."""
    if "<" not in line[:80]:
        return None
    match = _PATH.search(line[:400])
    if match:
        return Label(match[1].strip(), True)
    match = _PATH_TAG.fullmatch(line[:400])
    return Label(match[2].strip(), True) if match else None


@dataclass(slots=True)
class TagBlock:
    """Collects the lines of one edit until its last closing tag."""

    block: int
    label: Label | None
    opener: str
    first: int
    lines: list[str] = field(default_factory=list)
    _old: str = field(init=False)
    _hint: int | None = field(init=False)
    _seen: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        match = _OPEN.match(self.opener)
        self._old = match[1].lower() if match else ""
        line = _LINE.search(match[2]) if match else None
        self._hint = int(line[1]) if line else None

    def line(self, text: str, number: int) -> EditIntent | Broken | None:
        """Take the next line (the first one too); the result once it is complete."""
        self.lines.append(text)
        lowered = text.lower()
        self._seen = self._seen or f"</{self._old}>" in lowered
        if self._seen and f"</{_PAIRS[self._old]}>" in lowered:
            return self._finish(number + 1)
        return None

    def unclosed(self, end: int) -> Broken:
        """The reply ended inside the edit."""
        message = f"Edit {self.block} has no closing tag."
        return Broken(self.block, self.label, "unclosed", message, (self.first, end))

    def _finish(self, end: int) -> EditIntent | Broken:
        new = _PAIRS[self._old]
        form = re.compile(
            rf"\s*<{self._old}\b[^<>\n]*>(.*?)</{self._old}>\s*<{new}\b[^<>\n]*>(.*)</{new}>"
            r"\s*(?:</\w+>\s*)*",
            re.DOTALL | re.IGNORECASE,
        )
        match = form.fullmatch("\n".join(self.lines))
        if match is None or match[2].lower().count(f"</{new}>"):
            message = f"The tags of edit {self.block} are not in pairs."
            return Broken(self.block, self.label, "malformed", message, (self.first, end))
        reading = Reading(lines_between(match[1]), lines_between(match[2]))
        return EditIntent(
            self.block,
            self.label,
            "replace",
            reading,
            (self.first, end),
            line_hint=self._hint,
            inline=_is_piece(match[1]),
        )


def _is_piece(text: str) -> bool:
    """Whether old text may start and end inside lines: the tags stand right next to it."""
    return len(lines_between(text)) == 1 or not (text[:1] == "\n" or text[-1:] == "\n")


def lines_between(text: str) -> tuple[str, ...]:
    """Text between tags as lines: the line breaks next to the tags belong to the tags."""
    text = text.removeprefix("\n")
    if not text:
        return ()
    body, newline, indent = text.rpartition("\n")
    return tuple((body if newline and not indent.strip(" \t") else text).split("\n"))
