"""What can be done with the changes under review: code actions, and lenses above each change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.reviewed import Reviewed

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

Offer = tuple[str, str, dict[str, Any]]

KEEP, UNDO = "streetrace.review.keep", "streetrace.review.undo"
NEXT, PREVIOUS = "streetrace.review.next", "streetrace.review.previous"
SHOW = "streetrace.review.show"
# A menu has no room for more; all of them are undone with “all files”.
_MOST_DELETED = 3


def offers(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> Iterator[Offer]:
    """Title, command and argument of each code action for a range.

    On a changed hunk always; elsewhere in the document only when the person asks.
    """
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if not automatic:
        yield from _deleted(server)
    reviewed = server.reviews.on(document.uri)
    if reviewed is None or not reviewed.open:
        return
    server.reviews.seen_at(document, params.range)
    here = [hunk for hunk in reviewed.open if touches(document, hunk, params.range)]
    if not here and automatic:
        return
    uri = document.uri
    if here:
        # Of hunks in one place, the newest edit's.
        one = {"uri": uri, "hunk": _newest(reviewed, here).id}
        yield "Keep this change", KEEP, one
        yield "Undo this change", UNDO, one
        yield "Show this change", SHOW, one
    start = {"uri": uri, **({"hunk": here[-1].id} if here else {})}
    others = [one for one in server.reviews.all() if one.uri != uri]
    if len(reviewed.open) > 1 or others or not here:
        yield "Next change", NEXT, start
        yield "Previous change", PREVIOUS, start
    if len(reviewed.open) > 1 or not here:
        yield "Keep all changes in this file", KEEP, {"uri": uri, "all": True}
        yield "Undo all changes in this file", UNDO, {"uri": uri, "all": True}
    if others:
        yield "Keep all changes in all files", KEEP, {"all": True}
        yield "Undo all changes in all files", UNDO, {"all": True}


def bring_back(reviewed: Reviewed) -> str:
    """What the action is called that undoes the deletion of a file."""
    return f"Bring back {reviewed.path}"


def _deleted(server: StreetraceServer) -> Iterator[Offer]:
    """Files that an edit deleted have no document: they are offered in every other one."""
    found = [one for one in server.reviews.all() if one.deleted]
    for one in found[-_MOST_DELETED:]:
        everything = {"uri": one.uri, "all": True}
        yield bring_back(one), UNDO, everything
        yield f"Leave {one.path} deleted", KEEP, everything


def lenses(server: StreetraceServer, document: Document) -> list[types.CodeLens] | None:
    """``Keep`` and ``Undo`` above each change; None where there is none."""
    reviewed = server.reviews.on(document.uri) if server.has_reviews() else None
    if reviewed is None or not reviewed.open:
        return None
    return [
        types.CodeLens(
            document.range(hunk.start, hunk.start),
            types.Command(title=title, command=command, arguments=[argument]),
        )
        for hunk in reviewed.open
        for argument in ({"uri": document.uri, "hunk": hunk.id},)
        for title, command in (("Keep", KEEP), ("Undo", UNDO))
    ]


def touches(document: Document, hunk: Hunk, area: types.Range) -> bool:
    """Whether a range is on the lines of a hunk. Removed lines stood between two of them."""
    first = document.range(hunk.start, hunk.start).start.line
    last = document.range(hunk.end, hunk.end).start.line
    if not hunk.now:
        return area.start.line <= first and first - 1 <= area.end.line
    at_start = document.range(hunk.end, hunk.end).start.character == 0
    last -= at_start
    return area.start.line <= last and first <= area.end.line


def _newest(reviewed: Reviewed, hunks: list[Hunk]) -> Hunk:
    ids = {hunk.id for hunk in hunks}
    ordered = [hunk for layer in reviewed.layers for hunk in layer.hunks if hunk.id in ids]
    return ordered[-1] if len(hunks) > 1 and _overlap(hunks) else hunks[0]


def _overlap(hunks: list[Hunk]) -> bool:
    return hunks[1].start < hunks[0].end
