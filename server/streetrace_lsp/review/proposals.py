"""Edits that wait for a person: kept when they could not be applied, or must be confirmed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from streetrace_lsp.edits.changes import Change, rebase
from streetrace_lsp.edits.diff import diff


@dataclass(frozen=True)
class Part:
    """What a proposal does to one document.

    ``base`` is None for a document that is to be made, ``new`` for one that is to be deleted.
    ``changes`` are against ``base``.
    """

    uri: str
    path: str
    base: str | None
    new: str | None
    changes: tuple[Change, ...] = ()

    def onto(self, text: str) -> tuple[Change, ...] | None:
        """The changes against the present text, or None where the two touch the same place."""
        if self.base is None or text == self.base:
            return self.changes
        return rebase(self.changes, diff(self.base, text), self.base)


@dataclass(frozen=True)
class Proposal:
    """A checked edit that is not in its documents yet: all of its parts, or none.

    ``confirm`` says what must be agreed to first, a sentence each.
    """

    id: str
    title: str
    parts: tuple[Part, ...]
    confirm: tuple[str, ...] = ()

    @property
    def paths(self) -> str:
        """The documents by their paths, for a sentence."""
        return ", ".join(part.path for part in self.parts)


@dataclass
class Proposals:
    """The proposals of one session, newest last. ``changed`` is called when there are others."""

    changed: Callable[[], None] = lambda: None
    _kept: dict[str, Proposal] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def keep(self, title: str, parts: tuple[Part, ...], confirm: tuple[str, ...] = ()) -> Proposal:
        """Keep an edit; a newer one for the same document does not replace an older one."""
        proposal = Proposal(f"proposal-{next(self._numbers)}", title, parts, confirm)
        self._kept[proposal.id] = proposal
        self.changed()
        return proposal

    def get(self, proposal_id: str) -> Proposal | None:
        """The proposal of this id, if it is still there."""
        return self._kept.get(proposal_id)

    def on(self, uri: str) -> list[Proposal]:
        """The proposals that have a part for this document."""
        return [p for p in self._kept.values() if any(part.uri == uri for part in p.parts)]

    def newest(self) -> Proposal | None:
        """The proposal made last."""
        return next(reversed(self._kept.values()), None)

    def drop(self, proposal_id: str) -> None:
        """Forget a proposal that was applied or dismissed."""
        if self._kept.pop(proposal_id, None) is not None:
            self.changed()

    def all(self) -> list[Proposal]:
        """Every proposal, newest last."""
        return list(self._kept.values())
