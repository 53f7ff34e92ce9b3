"""Edits that wait for a person: kept when they could not be applied, or must be confirmed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from streetrace_lsp.edits.changes import Change, apply, rebase
from streetrace_lsp.edits.diff import diff


@dataclass(frozen=True)
class Proposal:
    """A checked edit of one document that is not in it yet.

    ``changes`` are against ``base``. ``confirm`` says what must be agreed to first.
    """

    id: str
    uri: str
    title: str
    base: str
    changes: tuple[Change, ...]
    confirm: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        """The document as the edit would have left it."""
        return apply(self.base, self.changes)

    def onto(self, text: str) -> tuple[Change, ...] | None:
        """The edit against the present text, or None where the two touch the same place."""
        if text == self.base:
            return self.changes
        return rebase(self.changes, diff(self.base, text), self.base)


@dataclass
class Proposals:
    """The proposals of one session, newest last."""

    _kept: dict[str, Proposal] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def keep(
        self,
        uri: str,
        title: str,
        base: str,
        changes: tuple[Change, ...],
        confirm: tuple[str, ...] = (),
    ) -> Proposal:
        """Keep an edit; a newer one for the same document does not replace an older one."""
        proposal = Proposal(f"proposal-{next(self._numbers)}", uri, title, base, changes, confirm)
        self._kept[proposal.id] = proposal
        return proposal

    def get(self, proposal_id: str) -> Proposal | None:
        """The proposal of this id, if it is still there."""
        return self._kept.get(proposal_id)

    def on(self, uri: str) -> list[Proposal]:
        """The proposals for one document."""
        return [p for p in self._kept.values() if p.uri == uri]

    def newest(self) -> Proposal | None:
        """The proposal made last."""
        return next(reversed(self._kept.values()), None)

    def drop(self, proposal_id: str) -> None:
        """Forget a proposal that was applied or dismissed."""
        self._kept.pop(proposal_id, None)
