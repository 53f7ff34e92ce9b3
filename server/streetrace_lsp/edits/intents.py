"""What a reply asks for, in one neutral form that every grammar is parsed into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Label:
    """A path as the reply spells it.

    ``sure``: the spelling stands where only a path can. Otherwise it counts only where it names
    a file that is known.
    """

    path: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """These old lines become these new lines. Lines carry no EOL."""

    old: tuple[str, ...]
    new: tuple[str, ...]


Kind = Literal["replace", "create", "delete", "whole"]


@dataclass(frozen=True, slots=True)
class EditIntent:
    """One edit that a reply asks for.

    ``block`` counts from 1 through the reply. For kinds ``create`` and ``whole`` the
    reading's ``new`` is the file's text. ``anchors`` are lines that
    stand above the region, ``line_hint`` is its first line (1-based), where the reply says so.
    ``moved_to`` renames the file. ``source_span`` are the block's lines in the reply (0-based,
    end exclusive). ``final_newline`` False: the new text ends without one.
    ``inline``: the old text may be a piece of a line.
    """

    block: int
    label: Label | None
    kind: Kind
    reading: Reading
    source_span: tuple[int, int]
    anchors: tuple[str, ...] = ()
    line_hint: int | None = None
    moved_to: str | None = None
    final_newline: bool = True
    at_end: bool = False
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block that holds no edit grammar: an example, a whole file, or a replacement.

    ``edits``: what it means where it is no replacement, for JSON that names whole files.
    """

    block: int
    label: Label | None
    info: str
    lines: tuple[str, ...]
    source_span: tuple[int, int]
    edits: tuple[EditIntent, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A block that can't be read: truncated, unpaired, or not its grammar."""

    block: int
    label: Label | None
    code: str
    message: str
    source_span: tuple[int, int]


Block = EditIntent | Fence | Broken


@dataclass(frozen=True, slots=True)
class Reply:
    """A parsed reply: its blocks in order, and its lines (reasoning taken out) around them.

    ``silent`` are lines (0-based) that only enclose blocks: fences around edits.
    """

    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    silent: frozenset[int] = frozenset()

    def prose(self, used: tuple[Block, ...]) -> str:
        """The lines that belong to none of the ``used`` blocks."""
        kept: list[str] = []
        done = 0
        for first, end in sorted(block.source_span for block in used):
            kept += self._spoken(done, first)
            done = max(done, end)
        kept += self._spoken(done, len(self.lines))
        return "\n".join(kept).strip("\n")

    def _spoken(self, first: int, end: int) -> list[str]:
        return [self.lines[at] for at in range(first, end) if at not in self.silent]
