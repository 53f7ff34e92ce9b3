"""``streetrace.commit``: the message for what is staged, in the commit message or as a page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.uris import from_fs_path

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.confirm import reasons
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.apply import NotApplied, put
from streetrace_lsp.lsp.choosing import choose_folder
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.meant import last_used
from streetrace_lsp.lsp.run_action import Chosen, choose_route, reporter, uncancelled
from streetrace_lsp.lsp.sending import joining_for
from streetrace_lsp.lsp.settings import PROJECT_FILE, local_path
from streetrace_lsp.prompts.actions import COMMIT, COMMIT_LANGUAGES
from streetrace_lsp.requests.account import account, job_facts, signed
from streetrace_lsp.requests.commit import commit_ask, message_of
from streetrace_lsp.requests.guidance import rules_of
from streetrace_lsp.requests.job import Outcome, Progress, run

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer


def commit(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.commit {uri?, instruction?, model?}``: starts a job.

    ``uri``: a document of the project; an open commit message gets the text itself.
    """
    given = given if isinstance(given, dict) else {}
    used = last_used(server) if "uri" not in given else None
    uri = used.uri if used is not None else given.get("uri")
    document = server.mirror.get_document(uri) if isinstance(uri, str) else None
    root = server.settings.folder_of(local_path(uri)) if isinstance(uri, str) else None
    if root is None:
        folders = server.settings.folders()
        if len(folders) != 1:
            named = {
                folder.name: from_fs_path(str(folder / PROJECT_FILE)) or "" for folder in folders
            }
            said = "Open a file of the project to commit in, then run this again."
            return choose_folder(server, named, said)
        (root,) = folders
    words, model = given.get("instruction"), given.get("model")
    work = partial(
        _perform,
        server,
        root,
        document,
        instruction=words if isinstance(words, str) else "",
        model=model if isinstance(model, str) else None,
    )
    shown = document.uri if document is not None else from_fs_path(str(root)) or ""
    job = server.jobs.start(COMMIT.name, COMMIT.title, shown, work)
    return {**server.say(f"Looking at what is staged in {root.name}."), "job": job.id}


async def written(
    server: StreetraceServer,
    root: Path,
    instruction: str = "",
    model: str | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> tuple[Outcome, Chosen]:
    """Ask for the message of what is staged in the folder ``root``; the project is the folder's,
    whatever is open. Raises `StreetraceError`.
    """
    uri = from_fs_path(str(root / PROJECT_FILE)) or ""
    chosen = await choose_route(server, uri, COMMIT.name, model, rules=True)
    rules = rules_of(chosen.configuration, server.ignore_files)
    joins = joining_for(server, uri)
    ask = await asyncio.to_thread(commit_ask, chosen.configuration, root, rules, joins, instruction)
    outcome = await run(
        ask, chosen.route, server.session, chosen.configuration, on_progress=on_progress
    )
    return outcome, chosen


async def _perform(
    server: StreetraceServer,
    root: Path,
    document: Document | None,
    job: Job,
    *,
    instruction: str,
    model: str | None,
) -> Ending:
    outcome, chosen = await written(server, root, instruction, model, reporter(job))
    message = message_of(outcome.answer)
    confirm = chosen.configuration.settings.confirm or reasons("COMMIT_EDITMSG", None, message)
    if document is not None and _is_message(server, document) and not confirm:
        return await _insert(server, document, job, outcome, message)
    text = signed(f"```text\n{message}```", outcome.reply)
    shown = await show_text(server, f"{job.title}: {root.name}", text)
    where = "The message is open" if shown else "Answered"
    said = f"{job.title}: {where} ({account(outcome.reply)})."
    return Ending("answered", said, facts=job_facts(outcome))


def _is_message(server: StreetraceServer, document: Document) -> bool:
    """Whether the document is the commit message that git waits for, and nothing else in `.git`."""
    path = local_path(document.uri)
    return (
        server.profile.apply_edit
        and path is not None
        and path.name == "COMMIT_EDITMSG"
        and document.language in COMMIT_LANGUAGES
    )


async def _insert(
    server: StreetraceServer, document: Document, job: Job, outcome: Outcome, message: str
) -> Ending:
    """Put the message above what stands there. Text for people, in a file that git alone reads."""
    async with document.writer:
        end = "" if document.text.startswith(("\n", "\r\n")) or not document.text else "\n"
        change = Change(0, 0, message.removesuffix("\n") + end if document.text else message)
        label = f"Streetrace: {job.title}"
        result = await uncancelled(put(server, document, (change,), label))
    about = job_facts(outcome)
    if isinstance(result, NotApplied):
        await show_text(server, job.title, f"```text\n{message}```")
        return Ending("answered", f"{job.title}: not inserted: {result.why}.", facts=about)
    said = f"{job.title}: written ({account(outcome.reply)}). Look at it before you commit."
    return Ending("applied", said, facts=about)
