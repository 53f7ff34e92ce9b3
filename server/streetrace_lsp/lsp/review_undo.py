"""``streetrace.review.undo``: the old text in place of changes, by an edit like any other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.lsp.apply import Landed, NotApplied, Unconfirmed, apply_changes, when_shown
from streetrace_lsp.lsp.apply_parts import opened
from streetrace_lsp.lsp.file_operations import create, delete
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.review_chosen import Chosen, chosen
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.review.hunk import Hunk

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]

_OWN = "you have changed the file since the edit made it, so it is not deleted; delete it yourself"


def undo(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.review.undo``, which takes what `keep` takes: a job, as every edit is."""
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
    return {"job": server.jobs.start("review.undo", title, uri, work, at_once=True).id}


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
                if undo.own:
                    trouble.append(f"{path}: {_OWN}")
                    continue
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
