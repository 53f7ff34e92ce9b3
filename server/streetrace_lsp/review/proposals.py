"""Edits that wait for a person: kept when they could not be applied, or must be confirmed.

They are written to the disk at once, so that they survive a restart of server and editor.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from streetrace_lsp.edits.changes import Change, apply, rebase
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.review.journal import Journal

log = logging.getLogger("streetrace_lsp.review")

_VERSION = 1


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


class Proposals:
    """The proposals of one session, newest last, and those that an earlier one left.

    ``here`` says of a document's URI whether this session is about it; ``changed`` is called when
    there are others.
    """

    def __init__(
        self, journal: Journal, here: Callable[[str], bool], changed: Callable[[], None]
    ) -> None:
        self._journal = journal
        self._changed = changed
        self._kept: dict[str, Proposal] = {}
        # Another session may have applied them since.
        self._recalled: set[str] = set()
        for record in journal.records():
            found = from_record(record)
            if found is None:
                log.info("a record of a result can't be read, so it is left out")
            elif any(here(part.uri) for part in found.parts):
                self._kept[found.id] = found
                self._recalled.add(found.id)

    def keep(self, title: str, parts: tuple[Part, ...], confirm: tuple[str, ...] = ()) -> Proposal:
        """Keep an edit; a newer one for the same document does not replace an older one."""
        proposal = Proposal(f"proposal-{secrets.token_hex(4)}", title, parts, confirm)
        self._kept[proposal.id] = proposal
        try:
            if not self._journal.write(proposal.id, to_record(proposal)):
                log.warning("a result is too large to survive a restart")
        except OSError as error:
            log.warning("a result will not survive a restart: %s", error.strerror)
        self._changed()
        return proposal

    def get(self, proposal_id: str) -> Proposal | None:
        """The proposal of this id, if it is still there."""
        return next((one for one in self.all() if one.id == proposal_id), None)

    def on(self, uri: str) -> list[Proposal]:
        """The proposals that have a part for this document."""
        return [p for p in self.all() if any(part.uri == uri for part in p.parts)]

    def newest(self) -> Proposal | None:
        """The proposal made last."""
        return next(reversed(self.all()), None)

    def drop(self, proposal_id: str) -> None:
        """Forget a proposal that was applied or discarded."""
        if self._kept.pop(proposal_id, None) is not None:
            self._changed()
        try:
            self._journal.drop(proposal_id)
        except OSError as error:
            log.warning("a result that is done with stays on the disk: %s", error.strerror)

    def all(self) -> list[Proposal]:
        """Every proposal, newest last."""
        for gone in [one for one in self._recalled if not self._journal.has(one)]:
            self._kept.pop(gone, None)
            self._recalled.discard(gone)
        return list(self._kept.values())


def to_record(proposal: Proposal) -> dict[str, Any]:
    """JSON of a proposal."""
    return {
        "version": _VERSION,
        "id": proposal.id,
        "title": proposal.title,
        "confirm": list(proposal.confirm),
        "parts": [
            {
                "uri": part.uri,
                "path": part.path,
                "base": part.base,
                "new": part.new,
                "changes": [
                    {"start": change.start, "end": change.end, "text": change.text}
                    for change in part.changes
                ],
            }
            for part in proposal.parts
        ],
    }


def from_record(record: Any) -> Proposal | None:
    """The proposal; None for a record that can't be believed."""
    try:
        if record["version"] != _VERSION:
            return None
        parts = tuple(_part(one) for one in record["parts"])
        confirm = tuple(str(one) for one in record["confirm"])
        return Proposal(str(record["id"]), str(record["title"]), parts, confirm)
    except (KeyError, TypeError, ValueError):
        return None


def _part(record: Any) -> Part:
    """Raises ValueError where the changes do not make the one text of the other."""
    base, new = (None if record[name] is None else str(record[name]) for name in ("base", "new"))
    changes = tuple(
        Change(int(one["start"]), int(one["end"]), str(one["text"])) for one in record["changes"]
    )
    if base is not None and new is not None and apply(base, changes) != new:
        raise ValueError("the changes do not lead to the text")
    return Part(str(record["uri"]), str(record["path"]), base, new, changes)
