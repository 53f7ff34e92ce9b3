"""The reviews of one session: from the moment an edit is in, through everything typed later."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.lsp.review_saving import Saving
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.account import UNTOLD, Told
from streetrace_lsp.requests.display import escape_controls
from streetrace_lsp.review.follow import follow
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.journal import Journal
from streetrace_lsp.review.layer import Layer, layer_of
from streetrace_lsp.review.record import from_record, reconciled
from streetrace_lsp.review.reviewed import Reviewed, Undo

if TYPE_CHECKING:
    from lsprotocol import types

    from streetrace_lsp.lsp.apply import Landed
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp.review")


@dataclass(frozen=True)
class Naming:
    """An applied edit: its id, the title of the action that asked for it, what it came to."""

    id: str
    title: str
    told: Told = UNTOLD


@dataclass
class _Followed:
    """The reviews of a document, and its text: the open one's own, or the last that is known."""

    reviewed: Reviewed
    last_text: str = ""
    document: Document | None = None

    @property
    def text(self) -> str:
        return self.document.text if self.document is not None else self.last_text


class Reviews:
    """What was applied to each document, as far as it waits for the person."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        # By URI; the one that changed last is at the end.
        self._of: dict[str, _Followed] = {}
        self._journal = Journal(server.state_dir / "reviews")
        self._saving = Saving(server, self._journal, self._current)
        # What an edit of ours is undoing right now, by document.
        self._undoing: dict[str, Undo] = {}
        # Where the person was last: a document's URI and an offset in it.
        self.place: tuple[str, int] | None = None
        self._recall()

    # --- from the edit to the review ---------------------------------------------------

    @staticmethod
    def named(title: str, told: Told = UNTOLD) -> Naming:
        """A name for an edit that is about to be applied; unique across restarts."""
        return Naming(f"review-{secrets.token_hex(4)}", title, told)

    def begin(self, naming: Naming, document: Document, landed: Landed) -> None:
        """Review an edit that is in the document, by its own way back."""
        if self._server.settings.of(document.uri).settings.review == "direct":
            return
        if not landed.inverse or landed.after != document.text:
            return
        before = apply(landed.after, landed.inverse)
        self._add(document, self._layer(naming, before, landed.after), before)

    def made(self, naming: Naming, uri: str, text: str) -> None:
        """Review a file that an edit made; an editor may not have it open, or not yet."""
        if self._server.settings.of(uri).settings.review == "direct":
            return
        document = self._server.mirror.get_document(uri)
        text = document.text if document is not None else text
        layer = replace(self._layer(naming, "", text), made=True)
        self._add_to(uri, document, text, layer)

    def deleted(self, naming: Naming, uri: str, text: str) -> None:
        """Review that an edit deleted a file with this text."""
        if self._server.settings.of(uri).settings.review == "direct" or not text:
            return
        layer = replace(self._layer(naming, text, ""), deleted=True)
        found = self._of.get(_key(uri))
        if found is not None:
            found.reviewed = found.reviewed.after(text, Change(0, len(text), ""))
            if found.document is not None:
                found.document.followers.clear()
                found.document = None
        self._add_to(uri, None, "", layer)

    def brought_back(self, uri: str, undo: Undo) -> None:
        """A file that was deleted is there again; an editor may not have it open, or not yet."""
        found = self._of[_key(uri)]
        if found.document is None:
            found.reviewed, found.last_text = undo.reviewed.back(), undo.text
        self._decided(_key(uri))

    def forget(self, uri: str) -> None:
        """The document is gone."""
        found = self._of[_key(uri)]
        found.reviewed = replace(found.reviewed, layers=())
        self._decided(_key(uri))

    def expect(self, naming: Naming, document: Document, after: str) -> None:
        """Follow an edit that the person may accept: until its changes show, they are undone."""
        before = document.text
        layer = self._layer(naming, before, after)
        every = {hunk.id for hunk in layer.hunks}
        self._add(document, follow(layer, after, Change(0, len(after), before), every))

    def hunks_of(self, uri: str, naming: Naming) -> tuple[Hunk, ...]:
        """The hunks of one edit in one document, whatever became of them."""
        found = self._of.get(_key(uri))
        layers = found.reviewed.layers if found is not None else ()
        return tuple(hunk for one in layers if one.review == naming.id for hunk in one.hunks)

    def _layer(self, naming: Naming, before: str, after: str) -> Layer:
        layers = (layer for one in self.everything() for layer in one.layers)
        number = 1 + sum(layer.review == naming.id for layer in layers)
        return replace(layer_of(naming.id, naming.title, before, after, number), told=naming.told)

    def _add(self, document: Document, layer: Layer, before: str | None = None) -> None:
        self._add_to(document.uri, document, document.text, layer, before)

    def _add_to(
        self,
        uri: str,
        document: Document | None,
        text: str,
        layer: Layer,
        before: str | None = None,
    ) -> None:
        key = _key(uri)
        found = self._of.get(key)
        if found is None:
            path = self._server.settings.relative(uri)
            found = self._of[key] = _Followed(Reviewed(uri, path))
        if document is not None:
            self._attach(found, document)
        else:
            found.last_text = text
        found.reviewed = found.reviewed.with_layer(layer, before)
        self._decided(key)

    def settle(self, naming: Naming) -> None:
        """Forget an edit that was taken back; what could not be taken back stays."""
        for key, found in self._of.items():
            if not found.reviewed.open_of(naming.id):
                found.reviewed = found.reviewed.without(naming.id)
                self._decided(key)

    # --- documents come and go ---------------------------------------------------------

    def opened(self, document: Document) -> None:
        """The client opened a document: what waits in it is found again by its text."""
        key = _key(document.uri)
        found = self._of.get(key)
        if found is None:
            found = self._recorded(self._journal.read(key))
            if found is None:
                return
            self._of[key] = found
        if found.document is document:
            return
        was = found.reviewed
        path = self._server.settings.relative(document.uri)
        found.reviewed = reconciled(
            replace(was, uri=document.uri, path=path), found.text, document.text
        ).back()
        self._attach(found, document)
        lost = len(was.open) - len(found.reviewed.open)
        if lost:
            path = escape_controls(path)
            log.info("%s has changed elsewhere: %d changes left the review", path, lost)
        self._decided(key)

    def closed(self) -> None:
        """The client closed a document; its text is kept, to go on from."""
        for found in self._of.values():
            document = found.document
            if document is not None and self._server.mirror.get_document(document.uri) is None:
                found.last_text, found.document = document.text, None
                document.followers.clear()

    def _attach(self, found: _Followed, document: Document) -> None:
        if found.document is document:
            return

        def changed(before: str, change: Change) -> None:
            self._follow(found, document, before, change)

        found.document = document
        document.followers.append(changed)

    def _follow(self, found: _Followed, document: Document, before: str, change: Change) -> None:
        key = _key(document.uri)
        waiting = found.reviewed.open
        found.reviewed = found.reviewed.after(before, change, self._undoing.get(key))
        self._of[key] = self._of.pop(key)
        self.place = (document.uri, change.start)
        if len(waiting) != len(found.reviewed.open):
            self._decided(key)
        elif waiting:
            self._saving.once_rested(key)

    # --- what waits --------------------------------------------------------------------

    def on(self, uri: str) -> Reviewed | None:
        """The reviews of a document."""
        found = self._of.get(_key(uri))
        return found.reviewed if found is not None else None

    def text_of(self, uri: str) -> str:
        """The text in which the reviews of a document stand. Raises ``KeyError``."""
        return self._of[_key(uri)].text

    def all(self) -> list[Reviewed]:
        """The documents with something to review, the one changed last at the end."""
        return [one for one in self.everything() if one.open]

    def everything(self) -> list[Reviewed]:
        """Every document that was reviewed in this session."""
        return [found.reviewed for found in self._of.values()]

    def seen_at(self, document: Document, area: types.Range) -> None:
        """The person is here: what commands without arguments go by."""
        self.place = (document.uri, document.span(area)[0])

    def keep(self, uri: str, ids: Collection[str]) -> None:
        """Keep these hunks of a document."""
        found = self._of[_key(uri)]
        found.reviewed = found.reviewed.keep(ids)
        self._decided(_key(uri))

    def undoing(self, uri: str, undo: Undo | None) -> None:
        """An edit is under way that undoes hunks of a document; None: it has arrived, or not."""
        if undo is not None:
            self._undoing[_key(uri)] = undo
        else:
            self._undoing.pop(_key(uri), None)

    # --- the journal -------------------------------------------------------------------

    async def close(self) -> None:
        """Write what is not in the journal yet."""
        await self._saving.close()

    async def saved(self) -> None:
        """Wait until what was decided is in the journal, as far as it can be written."""
        await self._saving.done()

    def _decided(self, key: str) -> None:
        """Something became of a change: the client asks again what is shown, and it is noted."""
        self._saving.now(key)
        self._server.review_changed()
        if self._server.profile.refreshes_lenses:
            self._server.spawn(self._server.workspace_code_lens_refresh_async(None))

    def _current(self, key: str) -> tuple[Reviewed, str]:
        return self._of[key].reviewed, self._of[key].text

    def _recall(self) -> None:
        """What waited in the workspace's documents when the last server ended."""
        for record in self._journal.records():
            found = self._recorded(record)
            if found is None:
                log.info("a record of a review can't be read, so it is left out")
            elif self._server.settings.root_of(local_path(found.reviewed.uri)) is not None:
                self._of[_key(found.reviewed.uri)] = found

    def _recorded(self, record: Any) -> _Followed | None:
        recorded = from_record(record) if record is not None else None
        return _Followed(*recorded) if recorded is not None else None


def _key(uri: str) -> str:
    """One spelling of a URI: editors escape differently."""
    return unquote(uri)
