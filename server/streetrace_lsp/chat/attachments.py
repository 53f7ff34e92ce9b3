"""What a person may write in a question to send more than its words: ``@file PATH`` and its kin."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from streetrace_lsp.chat.blocks import blocks

# Each with what is written behind it, and what it sends.
KINDS: Final = {
    "file": ("PATH", "a file of the workspace, as it is now"),
    "selection": ("PATH:LINES", "lines of a file; alone: those that the chat was started about"),
    "symbol": ("NAME", "the definition of a function, class or type"),
    "diagnostics": ("", "what the editor says is wrong in the open files"),
    "diff": ("", "what changed since the last commit (git)"),
    "open": ("", "every open file"),
    "search": ("WORDS", "the places in the workspace that fit the words best"),
}

_TRAILING = ".,;:!?)]}'\"»”"
_MENTION = re.compile(
    r"(?<![\w@/.`])@(?P<kind>" + "|".join(KINDS) + r")(?![\w-])(?P<rest>[^\r\n]*)", re.ASCII
)
_WORD = re.compile(r"[ \t]+(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[^\s\"]+))")
_LINES = re.compile(r"(?P<path>.+):(?P<first>\d+)(?:-(?P<last>\d+))?\Z")
_ACTION = re.compile(r"(?<![^\r\n])[ \t]*/(?P<name>[A-Za-z0-9][\w-]*)(?![\w/.-])")


@dataclass(frozen=True)
class Attachment:
    """One mention: ``start`` to ``end`` of the text. ``kind`` is one of `KINDS`, or ``action``."""

    kind: str
    argument: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """As a person writes it."""
        if self.kind == "action":
            return f"/{self.argument}"
        return f"@{self.kind} {self.argument}".rstrip()


@dataclass(frozen=True)
class Lines:
    """Lines of a file, counted from 1, both included."""

    path: str
    first: int
    last: int


def attachments(text: str, actions: Collection[str] = ()) -> list[Attachment]:
    """What a question mentions, outside of its code blocks; ``actions`` are the names there are."""
    if "@" not in text and "/" not in text:
        return []
    found: list[Attachment] = []
    at = 0
    while (mention := _MENTION.search(text, at)) is not None:
        one = _attachment(mention)
        at = max(one.end, mention.start() + 1)
        found.append(one)
    for mention in _ACTION.finditer(text):
        if mention["name"] in actions:
            start = mention.start("name") - 1
            found.append(Attachment("action", mention["name"], start, mention.end()))
    if not found:
        return []
    code = [(block.start, block.end) for block in blocks(text)]
    outside = [one for one in found if not any(start <= one.start < end for start, end in code)]
    return sorted(outside, key=lambda one: one.start)


def lines_of(argument: str) -> Lines | None:
    """``PATH:3-9`` or ``PATH:3``; None where it is something else."""
    found = _LINES.match(argument)
    if found is None:
        return None
    first = int(found["first"])
    last = int(found["last"] or first)
    return Lines(found["path"], first, last) if 0 < first <= last else None


def _attachment(mention: re.Match[str]) -> Attachment:
    kind, rest, start = mention["kind"], mention["rest"], mention.start()
    behind = mention.start("rest")
    if kind == "search":
        return Attachment(kind, rest.strip(), start, behind + len(rest.rstrip()))
    if KINDS[kind][0] and (word := _WORD.match(rest)) is not None:
        argument = word["quoted"] or word["plain"].rstrip(_TRAILING)
        end = behind + word.end()
        if word["plain"]:
            end -= len(word["plain"]) - len(argument)
        if argument and (kind != "selection" or lines_of(argument)):
            return Attachment(kind, argument, start, end)
    return Attachment(kind, "", start, behind)
