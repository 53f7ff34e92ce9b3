"""The running jobs: each ends with exactly one final event, however it ends."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from lsprotocol import types

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.held_command import edits_at_once
from streetrace_lsp.lsp.progress import ProgressLine

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp.jobs")

JOB = "streetrace/job"

# A message box waits so many seconds for an editor that has not agreed to the progress yet.
_AGREED = 1.0

Final = Literal["applied", "answered", "proposed", "refused", "failed", "cancelled"]


@dataclass(frozen=True)
class Ending:
    """How a job ended and the sentence that tells the user."""

    state: Final
    message: str
    proposal: str | None = None
    # Said with a message box even where the client shows progress.
    loud: bool = False
    # What the request came to, for programs: see docs/protocol.md.
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """An action that failed on a text, and the argument of the command to try it again with."""

    title: str
    text: str
    argument: Mapping[str, Any]


@dataclass
class Job:
    """One running action on one document."""

    id: str
    action: str
    title: str
    uri: str
    server: StreetraceServer
    line: ProgressLine = field(init=False)
    task: asyncio.Task[None] | None = None
    # It was started by a program, which is told how it ends: no message box says it.
    quiet: bool = False
    ending: Ending | None = None
    error: StreetraceError | None = None

    def __post_init__(self) -> None:
        self.line = ProgressLine(self.server, f"Streetrace: {self.title}")

    def report(self, message: str) -> None:
        """Show progress."""
        self.line.report(message)

    def event(self, state: str, message: str, **more: Any) -> None:
        """Send ``streetrace/job``."""
        self.server.protocol.notify(
            JOB,
            {
                "job": self.id,
                "action": self.action,
                "uri": self.uri,
                "state": state,
                "message": message,
                "final": False,
                **more,
            },
        )


class Jobs:
    """Starts, lists and cancels jobs."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        self._running: dict[str, Job] = {}
        self._numbers = itertools.count(1)
        # Nothing is said to the editor any more.
        self.closing = False

    def start(
        self,
        action: str,
        title: str,
        uri: str,
        work: Callable[[Job], Awaitable[Ending]],
        *,
        quiet: bool = False,
        at_once: bool = False,
    ) -> Job:
        """Start a job; ``work`` does it and says how it ended, or raises.

        ``at_once``: it brings in an edit that is there already.
        """
        job = Job(f"job-{next(self._numbers)}", action, title, uri, self._server, quiet=quiet)
        self._running[job.id] = job
        job.event("queued", job.title)
        job.task = asyncio.create_task(self._carry(job, work))
        if at_once:
            edits_at_once(job.task)
        return job

    def running(self) -> list[Job]:
        """Every job that runs."""
        return list(self._running.values())

    def on(self, uri: str) -> list[Job]:
        """The jobs that run on a document, however its URI is escaped."""
        plain = unquote(uri)
        return [job for job in self._running.values() if unquote(job.uri) == plain]

    def by_token(self, token: Any) -> Job | None:
        """The job whose progress has this token."""
        return next((job for job in self._running.values() if job.line.token == token), None)

    def cancel(self, job_id: str | None = None) -> list[str]:
        """Cancel one job, or all; returns the ids of those that were still running."""
        chosen = [job for job in self._running.values() if job_id in (None, job.id)]
        for job in chosen:
            if job.task is not None:
                job.task.cancel()
        return [job.id for job in chosen]

    async def close(self) -> None:
        """Cancel everything and wait until each job has said its last word."""
        self.closing = True
        tasks = [job.task for job in self._running.values() if job.task is not None]
        self.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, job: Job, work: Callable[[Job], Awaitable[Ending]]) -> None:
        try:
            ending = await work(job)
        except asyncio.CancelledError:
            ending = Ending("cancelled", f"{job.title}: stopped. Nothing was changed.")
        except StreetraceError as error:
            job.error = error
            state: Final = "failed" if error.is_failure else "refused"
            said = self._server.worded(error.sentence)
            ending = Ending(state, said, loud=True, facts=_cause(error))
        except Exception:
            log.exception("job %s (%s) failed", job.id, job.action)
            ending = Ending(
                "failed",
                f"{job.title}: an error inside Streetrace. Nothing was changed.",
                loud=True,
            )
        finally:
            self._running.pop(job.id, None)
        job.ending = ending
        await self._end(job, ending)

    async def _end(self, job: Job, ending: Ending) -> None:
        if ending.loud:
            # What comes last stays to be read where both share a line, as in Helix.
            await job.line.end(ending.state.capitalize(), _AGREED)
        profile = self._server.profile
        tell = not job.quiet and (ending.loud or not profile.progress)
        if tell and not profile.shows_endings:
            kind = {
                "failed": types.MessageType.Error,
                "refused": types.MessageType.Warning,
            }.get(ending.state, types.MessageType.Info)
            self._server.show(ending.message, kind)
        more = {"proposal": ending.proposal} if ending.proposal else {}
        job.event(
            ending.state, ending.message, **{**ending.facts, **more, "tell": tell, "final": True}
        )
        log.info("job=%s action=%s state=%s", job.id, job.action, ending.state)
        if not ending.loud:
            # The progress has the title already.
            await job.line.end(ending.message.removeprefix(f"{job.title}: "))


def _cause(error: StreetraceError) -> dict[str, Any]:
    """What kept a job from its end, for programs; ``variable``: that of a key that is needed."""
    from streetrace_lsp.lsp.request_errors import kind_of

    variable = getattr(error, "variable", None)
    return {"kind": kind_of(error), **({"variable": variable} if variable else {})}
