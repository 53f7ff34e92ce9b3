"""What became of an edit that was sent to a client; `landing` finds it out."""

from __future__ import annotations

from dataclasses import dataclass

from streetrace_lsp.edits.changes import Change


@dataclass(frozen=True, slots=True)
class Applied:
    """Our edit is in, rebased over ``user_changes`` (against the text before)."""

    user_changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Our edit is not in ``text``; whatever changed is the user's."""

    text: str


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Our edit was applied at stale positions. ``restore`` is the text with it taken out."""

    restore: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """None of the above is proven by the texts so far."""


Landing = Applied | Absent | Misplaced | Unclear
