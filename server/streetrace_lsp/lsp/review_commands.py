"""``streetrace.review.*``: keep or undo changes, go from one to the next, see them as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply_parts import opened
from streetrace_lsp.lsp.front import bring_to_front
from streetrace_lsp.lsp.offered import plain
from streetrace_lsp.lsp.review_actions import bring_back
from streetrace_lsp.lsp.review_chosen import NOTHING, Chosen, chosen, look_where
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.reviewed import Reviewed
from streetrace_lsp.review.shown import review_text

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]


async def keep(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.review.keep {uri?, hunk?, proposal?, all?, position?}``. Changes no text.

    Answers once it is noted: what was kept stays so, even if the server is killed.
    """
    found = chosen(server, given)
    if isinstance(found, str):
        return {**server.say(found), "kept": []}
    for one in found:
        server.reviews.keep(one.reviewed.uri, one.ids)
    await server.reviews.saved()
    answer = {"kept": [hunk.id for one in found for hunk in one.hunks]}
    # Who sees no marks in the text sees nothing change otherwise.
    return (
        answer if server.profile.shows_reviews else {**server.say(_kept(server, found)), **answer}
    )


def _kept(server: StreetraceServer, found: list[Chosen]) -> str:
    count = sum(len(one.hunks) for one in found)
    left = sum(len(one.open) for one in server.reviews.all())
    paths = ", ".join(one.reviewed.path for one in found)
    waiting = f"{left} to review" if left else "nothing is left to review"
    return f"Kept {count} change{'s' if count != 1 else ''} in {paths}; {waiting}."


async def go(server: StreetraceServer, given: Any = None, *, forward: bool) -> Answer:
    """``streetrace.review.next`` and ``.previous`` ``{uri?, hunk?, position?}``: show the place, or
    say it.
    """
    given = given if isinstance(given, dict) else {}
    look_where(server, given)
    found = _beside(server, given, forward=forward)
    if found is None:
        return server.say(NOTHING)
    reviewed, hunk = found
    if reviewed.deleted:
        said = (
            f"The edit deleted {reviewed.path}. “Streetrace: {bring_back(reviewed)}” undoes that."
        )
        return {"uri": reviewed.uri, "hunk": hunk.id, **server.say(said)}
    document = await opened(server, reviewed.uri)
    if document is None:
        return server.say(f"The next change is in {reviewed.path}. Open it.")
    area = document.range(hunk.start, hunk.end)
    server.reviews.place = (document.uri, hunk.start)
    answer = {"uri": document.uri, "hunk": hunk.id, "range": plain(area)}
    # Nothing is selected: what is typed goes into the change, and never in place of it.
    if await bring_to_front(server, document.uri, document.text, hunk.start):
        return answer
    line = area.start.line + 1
    return {**answer, **server.say(f"The next change is in {reviewed.path}, line {line}.")}


def _beside(
    server: StreetraceServer, given: dict[str, Any], *, forward: bool
) -> tuple[Reviewed, Hunk] | None:
    """The open hunk after, or before, the given one or where the person is; round the files."""
    known = sorted(server.reviews.all(), key=lambda one: one.path)
    everything = [(one, hunk) for one in known for hunk in one.open]
    if not everything:
        return None
    place = _from(server, given)
    if place is None:
        return everything[0 if forward else -1]
    path, at = place
    before = [pair for pair in everything if (pair[0].path, pair[1].start) < (path, at)]
    behind = [pair for pair in everything if (pair[0].path, pair[1].start) > (path, at)]
    if forward:
        return (behind or everything)[0]
    return (before or everything)[-1]


def _from(server: StreetraceServer, given: dict[str, Any]) -> tuple[str, int] | None:
    wanted = given.get("hunk")
    for one in server.reviews.everything():
        hunk = one.find(wanted) if isinstance(wanted, str) else None
        if hunk is not None:
            return one.path, hunk.start
    place, uri = server.reviews.place, given.get("uri")
    if isinstance(uri, str) and (place is None or place[0] != uri):
        return server.settings.relative(uri), -1
    return (server.settings.relative(place[0]), place[1]) if place is not None else None


async def show(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.review.show {uri?, hunk?, proposal?, all?}``: the changes as a diff.

    Without arguments everything that waits in the document used last.
    """
    given = given if isinstance(given, dict) else {}
    if not given:
        place = server.reviews.place
        here = server.reviews.on(place[0]) if place is not None else None
        given = {"uri": here.uri, "all": True} if here and here.open else {"all": True}
    elif not {"hunk", "proposal"} & set(given):
        given = {**given, "all": True}
    found = chosen(server, given)
    if isinstance(found, str):
        return server.say(found)
    texts: list[str] = []
    for one in found:
        if one.reviewed.deleted:
            texts.append(review_text(one.reviewed, one.ids, ""))
            continue
        document = await opened(server, one.reviewed.uri)
        if document is None:
            texts.append(f"{one.reviewed.path} is not open.")
            continue
        now = server.reviews.on(document.uri) or one.reviewed
        texts.append(review_text(now, one.ids, document.text))
    await show_text(server, "Changes under review", "\n\n".join(texts))
    return {"shown": [hunk.id for one in found for hunk in one.hunks]}
