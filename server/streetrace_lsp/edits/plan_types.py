"""What planning gives back: new texts, the hunks they come from, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hunk:
    """One changed place: ``[start, end)`` of the original text, in code points, line-aligned."""

    path: str
    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A block that is not applied, and why, in words for the person who asked.

    ``block`` counts from 1 through the reply; 0 means the reply as a whole. ``lines`` are
    candidate lines of the file (1-based), where there are any; ``closest`` is the file's text
    that is most like a block's old text, where that is not in the file.
    """

    path: str | None
    block: int
    code: str
    message: str
    lines: tuple[int, ...] = ()
    closest: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The checked result of a reply.

    ``files`` maps each changed path to its new text, or to None where it is deleted. It is empty
    where anything was refused, unless a partial plan was asked for. ``prose`` is what the reply
    says around its blocks. ``confirm`` are sentences that say what a person should agree to first.
    """

    files: dict[str, str | None]
    hunks: tuple[Hunk, ...]
    refusals: tuple[Refusal, ...]
    prose: str
    confirm: tuple[str, ...] = ()
