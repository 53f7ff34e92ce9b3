"""Which changes a command of the review means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.lsp.meant import position_of
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.reviewed import Reviewed

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

NOTHING = "There is nothing to review: no change of Streetrace's waits for you."


@dataclass(frozen=True)
class Chosen:
    """Open hunks of one document; ``everything`` there is."""

    reviewed: Reviewed
    hunks: tuple[Hunk, ...]
    everything: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the hunks, and of what shows again once they are undone."""
        if self.everything:
            return self.reviewed.all_ids()
        return frozenset(hunk.id for hunk in self.hunks)


def chosen(server: StreetraceServer, given: Any) -> list[Chosen] | str:
    """The hunks that ``{uri?, hunk?, proposal?, all?, position?}`` means, or the sentence that says
    why none. ``position``: where in ``uri`` the person is.

    ``hunk``: that one. ``proposal``: all of one edit, in all its files or in ``uri`` alone.
    ``all``: all of ``uri``, or everything. Otherwise the nearest hunk to where the person was
    last, in ``uri`` or the document used last.
    """
    given = given if isinstance(given, dict) else {}
    look_where(server, given)
    uri, hunk, proposal = (given.get(name) for name in ("uri", "hunk", "proposal"))
    known = server.reviews.all()
    if isinstance(hunk, str):
        return _by_id(server, hunk)
    if isinstance(uri, str):
        document = server.mirror.get_document(uri)
        known = [one for one in known if one.uri == (document.uri if document else uri)]
        if not known:
            path = server.settings.relative(uri)
            return f"There is nothing to review in {path}."
    if isinstance(proposal, str):
        found = [Chosen(one, hunks) for one in known if (hunks := one.open_of(proposal))]
        return found or "No change of this edit waits for you any more."
    if not known:
        return NOTHING
    if given.get("all") is True:
        return [Chosen(one, one.open, everything=True) for one in known]
    reviewed, hunk_here = nearest(server, known)
    return [Chosen(reviewed, (hunk_here,))]


def nearest(server: StreetraceServer, known: list[Reviewed]) -> tuple[Reviewed, Hunk]:
    """The open hunk nearest to where the person was last; ``known`` has open ones."""
    place = server.reviews.place
    here = next((one for one in known if place and one.uri == place[0]), None)
    if here is None or place is None:
        return known[-1], known[-1].open[0]
    at = place[1]
    return here, min(here.open, key=lambda hunk: max(hunk.start - at, at - hunk.end, 0))


def _by_id(server: StreetraceServer, hunk_id: str) -> list[Chosen] | str:
    for one in server.reviews.everything():
        hunk = one.find(hunk_id)
        if hunk is None:
            continue
        if hunk.is_open:
            return [Chosen(one, (hunk,))]
        said = {
            "kept": "was kept already",
            "undone": "is undone already",
            "gone": f"can't be told apart any more: {hunk.gone}",
        }
        return f"This change of {one.path} {said[hunk.state]}."
    return "This change is not under review any more."


def look_where(server: StreetraceServer, given: dict[str, Any]) -> None:
    """Note where the person is, if the client says so: it knows better than the last request."""
    uri, place = given.get("uri"), position_of(given.get("position"))
    document = server.mirror.get_document(uri) if isinstance(uri, str) else None
    if document is not None and place is not None and place.line < document.index.line_count:
        server.reviews.seen_at(document, types.Range(place, place))
