"""``streetrace.review.*``: keep or undo changes, go from one to the next, see them as a diff."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply import Landed, NotApplied, Unconfirmed, apply_changes, when_shown
from streetrace_lsp.lsp.apply_parts import opened
from streetrace_lsp.lsp.file_operations import create, delete
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.offered import plain
from streetrace_lsp.lsp.review_actions import bring_back
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.reviewed import Reviewed
from streetrace_lsp.review.shown import review_text

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]

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
    """The hunks that ``{uri?, hunk?, proposal?, all?}`` means, or the sentence that says why none.

    ``hunk``: that one. ``proposal``: all of one edit, in all its files or in ``uri`` alone.
    ``all``: all of ``uri``, or everything. Otherwise the nearest hunk to where the person was
    last, in ``uri`` or the document used last.
    """
    given = given if isinstance(given, dict) else {}
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


async def keep(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.review.keep {uri?, hunk?, proposal?, all?}``. Changes no text.

    Answers once it is noted: what was kept stays so, even if the server is killed.
    """
    found = chosen(server, given)
    if isinstance(found, str):
        return {**server.say(found), "kept": []}
    for one in found:
        server.reviews.keep(one.reviewed.uri, one.ids)
    await server.reviews.saved()
    return {"kept": [hunk.id for one in found for hunk in one.hunks]}


def undo(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.review.undo {uri?, hunk?, proposal?, all?}``: a job, as every edit is."""
    found = chosen(server, given)
    if isinstance(found, str):
        return server.say(found)
    for one in found:
        document = server.mirror.get_document(one.reviewed.uri)
        if document is not None and document.writer.locked():
            return server.say(
                f"Another action is at work on {one.reviewed.path}. "
                "Wait for it or stop it, then undo again."
            )

    async def work(job: Job) -> Ending:
        return await uncancelled(_undo(server, found))

    uri = found[0].reviewed.uri
    title = "Undo change" if sum(len(one.hunks) for one in found) == 1 else "Undo changes"
    return {"job": server.jobs.start("review.undo", title, uri, work).id}


async def _undo(server: StreetraceServer, found: list[Chosen]) -> Ending:
    done: list[str] = []
    sent: list[str] = []
    trouble: list[str] = []
    for one in found:
        path = one.reviewed.path
        if one.reviewed.deleted:
            why = await _bring_back(server, one)
            (done if why is None else trouble).append(path if why is None else f"{path}: {why}")
            continue
        document = await opened(server, one.reviewed.uri)
        if document is None:
            trouble.append(f"{path} is not open. Open it, then undo again")
            continue
        async with document.writer:
            now = server.reviews.on(document.uri)
            if now is None:
                continue
            undo = now.undoing(one.ids, document.text)
            trouble += [f"{path}: {_why(document, hunk)}" for hunk in undo.left]
            if not undo.changes:
                continue
            if now.unmade_by(undo):
                why = await delete(server, document.uri, document.text, "Streetrace: undo")
                if why is None:
                    server.reviews.forget(document.uri)
                (done if why is None else trouble).append(path if why is None else f"{path}: {why}")
                continue
            server.reviews.undoing(document.uri, undo)
            result = await apply_changes(server, document, undo.changes, "Streetrace: undo")
        if isinstance(result, NotApplied):
            trouble.append(f"{path}: {result.why}")
        elif isinstance(result, Unconfirmed):
            sent.append(path)
            when_shown(server, document, result, partial(_shown_later, server, document.uri))
            continue
        else:
            done.append(path)
        server.reviews.undoing(document.uri, None)
    return _ending(done, sent, trouble)


async def _bring_back(server: StreetraceServer, one: Chosen) -> str | None:
    """Make a file again that an edit deleted; says why not, as a clause."""
    uri = one.reviewed.uri
    undo = one.reviewed.undoing(one.ids, "")
    if not undo.text:
        # The edit before had made it.
        server.reviews.forget(uri)
        return None
    why = await create(server, uri, undo.text, "Streetrace: undo")
    if why is None:
        server.reviews.brought_back(uri, undo)
    return why


def _shown_later(server: StreetraceServer, uri: str, result: NotApplied | Landed) -> None:
    """What the text says that an editor showed only with its next request."""
    server.reviews.undoing(uri, None)
    if isinstance(result, NotApplied):
        path = server.settings.relative(uri)
        server.show(f"Not undone in {path}: {result.why}.", types.MessageType.Warning)


def _why(document: Document, hunk: Hunk) -> str:
    line = document.range(hunk.start, hunk.start).start.line + 1
    return f"the change at line {line} is left, because {hunk.doubt}"


def _ending(done: list[str], sent: list[str], trouble: list[str]) -> Ending:
    left = f" {'. '.join(trouble)}." if trouble else ""
    if sent:
        names = ", ".join([*done, *sent])
        said = f"Undo: sent to {names}; the editor has not shown its text yet.{left}"
        return Ending("applied", said, loud=bool(trouble))
    if done:
        said = f"Undone in {', '.join(done)}, not saved yet.{left}"
        return Ending("applied", said, loud=bool(trouble))
    return Ending("refused", f"Nothing was undone.{left}", loud=True)


async def go(server: StreetraceServer, given: Any = None, *, forward: bool) -> Answer:
    """``streetrace.review.next`` and ``.previous`` ``{uri?, hunk?}``: show the place, or say it."""
    found = _beside(server, given if isinstance(given, dict) else {}, forward=forward)
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
    if await _shown(server, document, area):
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


async def _shown(server: StreetraceServer, document: Document, area: types.Range) -> bool:
    if not server.profile.show_document:
        return False
    params = types.ShowDocumentParams(document.uri, take_focus=True, selection=area)
    try:
        answer = await server.protocol.send_request_async(types.WINDOW_SHOW_DOCUMENT, params)
    except Exception:
        return False
    return answer is not None and bool(answer.success)


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
