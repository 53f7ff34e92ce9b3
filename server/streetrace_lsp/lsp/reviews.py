"""The reviews of one session: from the moment an edit is in, through everything typed later."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.review.layer import layer_of
from streetrace_lsp.review.reviewed import Reviewed, Undo

if TYPE_CHECKING:
    from lsprotocol import types

    from streetrace_lsp.lsp.apply import Landed
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer


@dataclass(frozen=True)
class Naming:
    """An applied edit: its id, and the title of the action that asked for it."""

    id: str
    title: str


class Reviews:
    """What was applied to each document, as far as it waits for the person."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        self._of: dict[str, Reviewed] = {}
        # What an edit of ours is undoing right now, by document.
        self._undoing: dict[str, Undo] = {}
        # Where the person was last: a document's URI and an offset in it.
        self.place: tuple[str, int] | None = None

    @staticmethod
    def named(title: str) -> Naming:
        """A name for an edit that is about to be applied; unique across restarts."""
        return Naming(f"review-{secrets.token_hex(4)}", title)

    def begin(self, naming: Naming, document: Document, landed: Landed) -> None:
        """Review an edit that is in the document, by its own way back."""
        if not landed.inverse:
            return
        before = apply(landed.after, landed.inverse)
        found = self._of.get(document.uri)
        if found is None:
            found = Reviewed(document.uri, self._server.settings.relative(document.uri))
            document.followers.append(partial(self._follow, document))
        layer = layer_of(naming.id, naming.title, before, landed.after)
        self._of[document.uri] = found.with_layer(layer)
        self._changed()

    def settle(self, naming: Naming) -> None:
        """Forget an edit that was taken back; what could not be taken back stays."""
        for uri, found in self._of.items():
            if not found.open_of(naming.id):
                self._of[uri] = found.without(naming.id)

    def on(self, uri: str) -> Reviewed | None:
        """The reviews of a document."""
        return self._of.get(uri)

    def all(self) -> list[Reviewed]:
        """The documents with something to review, the one changed last at the end."""
        return [found for found in self._of.values() if found.open]

    def everything(self) -> list[Reviewed]:
        """Every document that was reviewed in this session."""
        return list(self._of.values())

    def keep(self, uri: str, ids: Collection[str]) -> None:
        """Keep these hunks of a document."""
        self._of[uri] = self._of[uri].keep(ids)
        self._changed()

    @contextmanager
    def undoing(self, uri: str, undo: Undo) -> Iterator[None]:
        """While an edit is under way that undoes hunks of a document."""
        self._undoing[uri] = undo
        try:
            yield
        finally:
            del self._undoing[uri]

    def seen_at(self, document: Document, area: types.Range) -> None:
        """The person is here: what commands without arguments go by."""
        self.place = (document.uri, document.span(area)[0])

    def _follow(self, document: Document, before: str, change: Change) -> None:
        found = self._of.get(document.uri)
        if found is None:
            return
        moved = found.after(before, change, self._undoing.get(document.uri))
        # Newest last.
        del self._of[document.uri]
        self._of[document.uri] = moved
        self.place = (document.uri, change.start)

    def _changed(self) -> None:
        if self._server.profile.refreshes_lenses:
            self._server.spawn(self._server.workspace_code_lens_refresh_async(None))
