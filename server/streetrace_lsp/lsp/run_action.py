"""Carry out one action: snapshot, model, then the edit into the editor or the answer shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply import Landed, Unconfirmed, apply_changes, confirm_later
from streetrace_lsp.lsp.confinement import refuse_document
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.trust import ask_offer, ask_once, refusal
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

UNCONFIRMED = (
    "sent to {path}. The editor says that it is applied, and has not shown its text yet. "
    "Should it be missing, the code action “Streetrace: Apply result” tries again."
)


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
    if reason := refuse_document(server, document.uri):
        path = server.settings.relative(document.uri)
        raise RefusedError(f"Streetrace does not edit {path}: {reason}.", "Edit it yourself.")
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
        changes = tuple(Change(hunk.start, hunk.end, hunk.new) for hunk in outcome.plan.hunks)
        edit = _Edit(outcome, snapshot.text, snapshot.path, changes, (start, end))
        return await uncancelled(_edit(server, document, job, edit, meanwhile))


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
        return await target_for(
            configuration, action.name, model, server.host, ask_offer=partial(ask_offer, server)
        )
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


@dataclass(frozen=True)
class _Edit:
    """A checked edit that is ready to go into the document."""

    outcome: Outcome
    base: str
    path: str
    changes: tuple[Change, ...]
    # The whole lines that the action was about: typing there means hands off.
    region: tuple[int, int]


async def _edit(
    server: StreetraceServer, document: Document, job: Job, edit: _Edit, meanwhile: Track
) -> Ending:
    path, model = edit.path, edit.outcome.reply.target.model

    def keep(message: str) -> Ending:
        kept = server.proposals.keep(
            document.uri, job.title, edit.base, edit.changes, edit.outcome.confirm
        )
        return Ending("proposed", f"{job.title}: {message}", kept.id, loud=True)

    def keep_since(why: str) -> Ending:
        return keep(
            f"not applied to {path}: {why}. The result is kept: "
            "the code action “Streetrace: Apply result” tries again."
        )

    moved = None if _touched(edit.region, meanwhile) else meanwhile.carry(edit.changes)
    if meanwhile.closed:
        return keep_since("the document was closed")
    if moved is None:
        return keep_since("you changed the same place meanwhile")
    if edit.outcome.confirm:
        return keep_since(f"it needs your agreement. {' '.join(edit.outcome.confirm)}")
    if server.settings.of(document.uri).settings.confirm:
        return keep_since("the configuration says confirm = true")
    if not server.profile.apply_edit:
        return keep(f"ready for {path}. Choose the code action “Streetrace: Apply result”.")
    job.report("Applying")
    result = await apply_changes(server, document, moved, f"Streetrace: {job.title}")
    if isinstance(result, Unconfirmed):
        ending = keep(UNCONFIRMED.format(path=path))
        server.spawn(follow(server, document, result, str(ending.proposal)))
        return ending
    if not isinstance(result, Landed):
        return keep_since(result.why)
    lines = "1 line" if result.lines == 1 else f"{result.lines} lines"
    return Ending("applied", f"{job.title}: changed {lines} in {path}, not saved yet ({model}).")


async def follow(
    server: StreetraceServer, document: Document, sent: Unconfirmed, proposal: str
) -> None:
    """Drop a proposal when the client's next text has it, and say so when it has not."""
    result = await confirm_later(server, document, sent, "Streetrace")
    if isinstance(result, Landed):
        server.proposals.drop(proposal)
        return
    path = server.settings.relative(document.uri)
    message = f"The result was not applied to {path}: {result.why}. It is kept: “Apply result”."
    server.show(message, types.MessageType.Warning)


def _touched(region: tuple[int, int], track: Track) -> bool:
    """Whether the person typed inside the region since the track began."""
    moved: tuple[int, int] | None = region
    for change in track.one_by_one():
        moved = _past(moved, change) if moved is not None else None
    return moved is None


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
