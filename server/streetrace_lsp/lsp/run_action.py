"""Carry out one action: snapshot, model, then the edit into the editor or the answer shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply import Landed, apply_changes
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.trust import ask_once, refusal
from streetrace_lsp.prompts.actions import Action
from streetrace_lsp.prompts.build import Ask, Snapshot
from streetrace_lsp.prompts.symbols import enclosing
from streetrace_lsp.requests.job import Outcome, Progress, RefusedError, run
from streetrace_lsp.requests.selection import whole_lines

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document, Track
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.targets import Target

T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What a command asked for; offsets are code points in the text of that moment."""

    action: Action
    start: int
    end: int
    instruction: str = ""
    diagnostic: str = ""
    model: str | None = None


async def perform(server: StreetraceServer, document: Document, job: Job, wanted: Wanted) -> Ending:
    """Do the whole job. Raises `StreetraceError` for what the person has to know."""
    if wanted.action.output == "answer":
        return await _attempt(server, document, job, wanted)
    with document.track() as waiting:
        async with document.writer:
            wanted = _moved(wanted, waiting)
            return await _attempt(server, document, job, wanted)


async def _attempt(
    server: StreetraceServer, document: Document, job: Job, wanted: Wanted
) -> Ending:
    with document.track() as waiting:
        target = await choose_target(server, document.uri, wanted.action, wanted.model)
        wanted = _moved(wanted, waiting)
    start, end = _meant(document, wanted)
    snapshot = Snapshot(server.settings.relative(document.uri), document.text, document.language)
    ask = Ask(
        wanted.action,
        snapshot,
        start,
        end,
        wanted.instruction,
        (wanted.diagnostic,) if wanted.diagnostic else (),
    )
    job.event("running", f"Asking {target.backend} ({target.model})", model=target.model)

    with document.track() as meanwhile:
        try:
            outcome = await run(ask, target, server.host, on_progress=_reporter(job))
        except RefusedError as error:
            if error.partial:
                server.partials[job.id] = (job.title, error.partial)
                error.next_step += " The command streetrace.show shows what it wrote."
            raise
        if outcome.plan is None:
            return await _answer(server, job, outcome, snapshot.path)
        return await uncancelled(_edit(server, document, job, ask, outcome, meanwhile))


async def choose_target(
    server: StreetraceServer, uri: str, action: Action, model: str | None
) -> Target:
    """The target that serves an action on a document, after the question of trust."""
    from streetrace_lsp.requests.target import target_for

    trusted = await ask_once(server, uri)
    configuration = server.settings.of(uri)
    if configuration.fault is not None:
        raise configuration.fault
    try:
        return await target_for(configuration, action, model, server.host)
    except StreetraceError:
        # Without the project's file there may be nothing to serve: say why first.
        if not trusted and configuration.project is not None:
            raise refusal(configuration.project) from None
        raise


def _reporter(job: Job) -> Any:
    def report(progress: Progress) -> None:
        count = f", {progress.characters:,} characters" if progress.characters else ""
        job.report(progress.message + count)

    return report


def _meant(document: Document, wanted: Wanted) -> tuple[int, int]:
    """The whole lines an action works on: the selection, or the enclosing symbol."""
    if wanted.start == wanted.end:
        return enclosing(document.text, wanted.start, document.language)
    return whole_lines(document.text, wanted.start, wanted.end)


def _moved(wanted: Wanted, track: Track) -> Wanted:
    """The same span after the edits that came while the job waited."""
    start, end = wanted.start, wanted.end
    for change in track.one_by_one():
        start = _shift(start, change, stay=True)
        end = max(start, _shift(end, change, stay=wanted.start == wanted.end))
    return Wanted(wanted.action, start, end, wanted.instruction, wanted.diagnostic, wanted.model)


def _shift(offset: int, change: Change, *, stay: bool) -> int:
    grown = len(change.text) - (change.end - change.start)
    if change.end < offset or (change.end == offset and not (stay and change.start == offset)):
        return offset + grown
    return min(offset, change.start + len(change.text)) if change.start < offset else offset


async def _answer(server: StreetraceServer, job: Job, outcome: Outcome, path: str) -> Ending:
    shown = await show_text(server, f"{job.title}: {path}", outcome.answer)
    where = "The answer is open" if shown else "Answered"
    return Ending("answered", f"{job.title}: {where} ({outcome.reply.target.model}).")


async def _edit(
    server: StreetraceServer,
    document: Document,
    job: Job,
    ask: Ask,
    outcome: Outcome,
    meanwhile: Track,
) -> Ending:
    assert outcome.plan is not None  # noqa: S101 - the caller looked
    base, path = ask.snapshot.text, ask.snapshot.path
    changes = tuple(
        Change(hunk.start, hunk.end, hunk.new) for hunk in outcome.plan.hunks if hunk.path == path
    )

    def keep(why: str) -> Ending:
        kept = server.proposals.keep(document.uri, job.title, base, changes, outcome.confirm)
        return Ending(
            "proposed",
            f"{job.title}: not applied to {path}: {why}. The result is kept: "
            "the code action “Streetrace: Apply result” tries again.",
            kept.id,
            loud=True,
        )

    if meanwhile.closed:
        return keep("the document was closed")
    region: tuple[int, int] | None = (ask.start, ask.end)
    for change in meanwhile.one_by_one():
        region = _past(region, change) if region is not None else None
    moved = meanwhile.carry(changes)
    if region is None or moved is None:
        return keep("you changed the same place meanwhile")
    if outcome.confirm:
        return keep(f"it needs your agreement. {' '.join(outcome.confirm)}")
    if server.settings.of(document.uri).settings.confirm:
        return keep("the configuration says confirm = true")
    if not server.profile.apply_edit:
        kept = server.proposals.keep(document.uri, job.title, base, changes)
        return Ending(
            "proposed",
            f"{job.title}: ready for {path}. Choose the code action “Streetrace: Apply result”.",
            kept.id,
            loud=True,
        )
    job.report("Applying")
    result = await apply_changes(server, document, moved, f"Streetrace: {job.title}")
    if not isinstance(result, Landed):
        return keep(result.why)
    return Ending("applied", applied_message(job.title, path, result, outcome.reply.target.model))


def applied_message(title: str, path: str, landed: Landed, model: str) -> str:
    """The sentence after an edit has arrived."""
    lines = "1 line" if landed.lines == 1 else f"{landed.lines} lines"
    return f"{title}: changed {lines} in {path}, not saved yet ({model})."


def _past(region: tuple[int, int], change: Change) -> tuple[int, int] | None:
    """The region after a change outside it; None when the change touches the region.

    Whole lines inserted right above or right below the region are outside of it.
    """
    start, end = region
    grown = len(change.text) - (change.end - change.start)
    whole = change.text.endswith(("\n", "\r"))
    if change.end < start or (change.end == start and (whole or change.start < start)):
        return start + grown, end + grown
    if change.start > end or (change.start == end and change.start != start):
        return region
    return None


async def uncancelled(work: Awaitable[T]) -> T:
    """Finish ``work`` even when the task is cancelled: an edit is never left half verified."""
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
    return task.result()
