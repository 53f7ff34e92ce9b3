"""Carry out one action: snapshot, model, then the edit into the editor or the answer shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pygls.uris import from_fs_path

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.confinement import refuse_document
from streetrace_lsp.lsp.editor_keys import with_keys
from streetrace_lsp.lsp.finish_edit import Edit, finish_edit, parts_of
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.sending import joining_for, refuse_to_send
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.lsp.trust import ask_offer, ask_once, ask_rules, refusal
from streetrace_lsp.prompts.actions import Action
from streetrace_lsp.prompts.build import Ask, Snapshot
from streetrace_lsp.prompts.instruction import comment_of, with_code_below
from streetrace_lsp.prompts.symbols import enclosing
from streetrace_lsp.requests.account import account, job_facts, signed, with_record
from streetrace_lsp.requests.files import mentioned, text_of
from streetrace_lsp.requests.job import Outcome, Progress, RefusedError, run
from streetrace_lsp.requests.selection import whole_lines

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.lsp.track import Track
    from streetrace_lsp.requests.preview import Preview
    from streetrace_lsp.routing.route import Route

T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What a command asked for; offsets are code points in the text of that moment."""

    action: Action
    start: int
    end: int
    instruction: str = ""
    diagnostics: tuple[str, ...] = ()
    model: str | None = None
    fresh: bool = False
    preview: Preview | None = None


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
        wanted, said = named_model(server, document.uri, wanted)
        if said:
            job.report(said)
        unseen = wanted.preview is None
        chosen = await choose_route(
            server, document.uri, wanted.action.name, wanted.model, rules=unseen
        )
        wanted = _moved(_in_force(server, document.uri, wanted), waiting)
    if wanted.preview is None:
        ask = ask_for(server, document, wanted)
    else:
        ask = wanted.preview.sent.asked
        if document.text != ask.snapshot.text:
            raise RefusedError(
                f"{ask.snapshot.path} has changed since the preview, so nothing was sent.",
                "Preview it again.",
            )
        way = wanted.preview.way(chosen.route)
        if way is None:
            raise RefusedError(
                "The configuration has changed since the preview, so nothing was sent.",
                "Preview it again.",
            )
        chosen = replace(chosen, route=way)
    with document.track() as meanwhile:
        try:
            outcome = await run(
                ask,
                chosen.route,
                server.session,
                chosen.configuration,
                on_progress=reporter(job),
                fresh=wanted.fresh,
                preview=wanted.preview,
            )
        except StreetraceError as error:
            if error.partial.strip():
                server.partials[job.id] = (job.title, error.partial)
                error.next_step += " The command streetrace.show shows what it wrote."
            raise
        if outcome.plan is None:
            return await _answer(server, job, outcome, ask)
        edit = Edit(outcome, parts_of(server, document, outcome), (ask.start, ask.end))
        return await uncancelled(finish_edit(server, document, job, edit, meanwhile))


def ask_for(server: StreetraceServer, document: Document, wanted: Wanted) -> Ask:
    """What to ask a model, about the document as it is now.

    Raises `RefusedError` for a document of which nothing may be sent.
    """
    refuse_to_send(server, document.uri)
    start, end = _meant(document, wanted)
    path = server.settings.relative(document.uri)
    joins = joining_for(server, document.uri)
    return Ask(
        wanted.action,
        Snapshot(path, document.text, document.language),
        start,
        end,
        wanted.instruction,
        wanted.diagnostics,
        partial(_others, server, document.uri),
        joins.guidance,
        joins.left_out,
        comment_of(document.text, start, end, wanted.instruction),
    )


def _others(server: StreetraceServer, uri: str, reply: str) -> dict[str, str]:
    """The other files of the workspace folder that a reply names; open ones as they are."""
    path = local_path(uri)
    root = server.settings.root_of(path)
    if path is None or root is None:
        return {}

    def read(name: str) -> str | None:
        place = root / name
        if place == path:
            return None
        document = server.mirror.get_document(from_fs_path(str(place)) or "")
        return document.text if document is not None else text_of(place)

    return mentioned(root, reply, read, server.settings.relative(uri))


@dataclass(frozen=True)
class Chosen:
    """Whom to ask, under which configuration."""

    route: Route
    configuration: Configuration


async def choose_route(
    server: StreetraceServer,
    uri: str,
    task: str,
    model: str | None,
    *,
    rules: bool = False,
) -> Chosen:
    """The targets that serve a task in a document's project, after the question of trust, and
    with ``rules`` the one about the project's rules files."""
    from streetrace_lsp.requests.target import route_for

    trusted = await ask_once(server, uri)
    if rules:
        await ask_rules(server, joining_for(server, uri).pending)
    configuration = server.settings.of(uri)
    if configuration.fault is not None:
        raise configuration.fault
    try:
        found = await with_keys(
            server,
            # By what was answered meanwhile: an offer is made once.
            lambda: route_for(
                server.settings.of(uri),
                task,
                model,
                server.host,
                ask_offer=partial(ask_offer, server),
            ),
        )
    except StreetraceError:
        # Without the project's file there may be nothing to serve: say why first.
        if not trusted and configuration.project is not None:
            raise refusal(server, configuration.project) from None
        raise
    # What was accepted just now is in a configuration that is read again.
    return Chosen(found, server.settings.of(uri))


def _in_force(server: StreetraceServer, uri: str, wanted: Wanted) -> Wanted:
    """What is wanted, by the action as it is configured after the question of trust."""
    action = server.settings.actions(uri).get(wanted.action.name)
    if action is not None and action.output == wanted.action.output and not action.fault:
        return replace(wanted, action=action)
    project = server.settings.of(uri).project
    if action is None and project is not None and project.status == "restricted":
        raise refusal(server, project)
    if action is not None and action.fault:
        raise StreetraceError(action.fault)
    raise StreetraceError(f"{wanted.action.title} has changed meanwhile.", "Choose it again.")


def named_model(server: StreetraceServer, uri: str, wanted: Wanted) -> tuple[Wanted, str]:
    """What is wanted, with the model that the instruction's first words name and without them;
    and what to tell about it, or nothing."""
    if wanted.model or not wanted.instruction:
        return wanted, ""
    from streetrace_lsp.routing.selector import select

    selection = select(wanted.instruction, server.settings.of(uri).settings)
    if selection is None:
        return wanted, ""
    rest = selection.rest
    if wanted.action.wants == "instruction" and not rest.strip():
        return wanted, ""
    said = f"“{selection.words}”: {selection.target}"
    return replace(wanted, model=selection.target, instruction=rest), said


def reporter(job: Job) -> Callable[[Progress], None]:
    """Shows how a request comes along."""

    def report(progress: Progress) -> None:
        count = f", {progress.characters:,} characters" if progress.characters else ""
        job.report(progress.message + count)
        if progress.target is not None:
            target = progress.target
            job.event("running", progress.message, model=target.model, backend=target.backend)

    return report


def _meant(document: Document, wanted: Wanted) -> tuple[int, int]:
    """The whole lines an action works on: the selection, or the enclosing symbol."""
    if wanted.start == wanted.end:
        found = enclosing(document.text, wanted.start, document.language)
        return with_code_below(document.text, *found)
    return whole_lines(document.text, wanted.start, wanted.end)


def _moved(wanted: Wanted, track: Track) -> Wanted:
    """The same span after the edits that came while the job waited."""
    start, end = wanted.start, wanted.end
    for change in track.one_by_one():
        start = _shift(start, change, stay=True)
        end = max(start, _shift(end, change, stay=wanted.start == wanted.end))
    return replace(wanted, start=start, end=end)


def _shift(offset: int, change: Change, *, stay: bool) -> int:
    grown = len(change.text) - (change.end - change.start)
    if change.end < offset or (change.end == offset and not (stay and change.start == offset)):
        return offset + grown
    return min(offset, change.start + len(change.text)) if change.start < offset else offset


async def _answer(server: StreetraceServer, job: Job, outcome: Outcome, ask: Ask) -> Ending:
    written = signed if ask.action.shown == "document" else with_record
    text = written(outcome.answer, outcome.reply)
    shown = await show_text(server, job.title, text, ask.action.shown, about=ask.snapshot.path)
    where = "The answer is open" if shown else "Answered"
    said = f"{job.title}: {where} ({account(outcome.reply)})."
    return Ending("answered", said, facts=job_facts(outcome))


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
