"""``streetrace/chat/send`` and its like: an answer as it comes, for a program."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from streetrace_lsp.chat.answer import Answer
from streetrace_lsp.chat.question import asked, worded
from streetrace_lsp.chat.slots import Task, slot
from streetrace_lsp.edits.changes import apply
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp import chat_params
from streetrace_lsp.lsp.chat_commands import begin, the_chat
from streetrace_lsp.lsp.chat_keep import with_kept
from streetrace_lsp.lsp.chat_requests import blocks_of, chat_of, plain
from streetrace_lsp.lsp.chat_send import Asked, Heard
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.params import VERSION
from streetrace_lsp.lsp.preview_command import NO_PREVIEW
from streetrace_lsp.lsp.register_chat_requests import PART
from streetrace_lsp.lsp.request_errors import read, refused
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.routing.ask import Asking
from streetrace_lsp.routing.events import Reasoning, Text

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

_FACTS = ("usage", "cost", "model", "backend", "cached", "withheld", "fallback")


async def send(server: StreetraceServer, params: Any) -> dict[str, Any]:
    """``streetrace/chat/send``: put a question into the chat, and answer it.

    Raises ``protocol.RefusedError``, which is the error of the response. Cancelling the task stops
    the answer; what was written stays.
    """
    given = read(chat_params.read_send, params)
    text = given.text.strip("\r\n") if given.text.strip() else ""
    words = worded(text, given.attachments)
    uri, stands = chat_of(server, given.chat)
    if words:
        stands = apply(stands, (asked(stands, words, instead=given.replace),))
    found = slot(server.chats.read(stands), "send")
    if isinstance(found, str):
        raise refused(RefusedError(found), None, "chat")
    seen = None
    if given.preview is not None:
        kept = server.chat_previews.get(given.preview)
        if kept is None or kept[0] != uri:
            raise refused(RefusedError(NO_PREVIEW), None, "chat")
        seen = kept[1]
    stream = _Stream(server, uri, given.token)
    return await stream.run("send", Asked(words, given.replace, given.model, stream.hear, seen))


async def again(server: StreetraceServer, task: Task, params: Any) -> dict[str, Any]:
    """``streetrace/chat/regenerate``, ``continue`` and ``compact``: `send` without a question."""
    given = read(chat_params.read_again, params)
    uri, text = chat_of(server, given.chat)
    found = slot(server.chats.read(text), task)
    if isinstance(found, str):
        raise refused(RefusedError(found), None, "chat")
    stream = _Stream(server, uri, given.token, found.before)
    return await stream.run(task, Asked(target=given.model, hear=stream.hear))


class _Stream:
    """Tells a program of one answer, piece by piece and as a whole."""

    def __init__(
        self, server: StreetraceServer, uri: str, token: str | int | None, before: str = ""
    ) -> None:
        self._server = server
        self._uri = uri
        self._token = token
        self._turn: int | None = None
        self._asked: Asking | None = None
        # Cleans what comes as it is cleaned for the document.
        self._answer = Answer("\n", before)
        # What the turn says already is not told again.
        self._before = before
        self._told = 0

    def hear(self, turn: int, event: Heard) -> None:
        """Send on what came."""
        self._turn = turn
        match event:
            case Asking():
                self._asked = event
            case Text(text):
                self._answer.feed(text)
                self._tell_text(self._answer.text[self._told :])
            case Reasoning(text):
                self._part("reasoning", text=text)

    async def run(self, task: Task, asked: Asked) -> dict[str, Any]:
        """Start the job and wait for its end."""
        with self._server.asking():
            try:
                job = begin(self._server, self._uri, task, asked, quiet=True)
            except StreetraceError as error:
                raise refused(error, None, "chat", self._server.worded) from error
            await self._ended(job)
        backend = self._asked.target.backend if self._asked is not None else None
        ending = job.ending or Ending("failed", "The server ends.")
        if job.error is not None:
            raise refused(job.error, backend, "chat", self._server.worded)
        if ending.state == "failed":
            raise refused(StreetraceError(ending.message), backend, "chat")
        self._tell_rest()
        told = {name: ending.facts.get(name) for name in _FACTS}
        if self._asked is not None and told["backend"] is None:
            told |= {"model": self._asked.target.model, "backend": backend}
        self._part("usage", **{name: told[name] for name in _FACTS[:4]})
        answered = {"chat": self._uri, "turn": self._turn, "state": ending.state}
        return {"version": VERSION, **answered, "message": ending.message, **told}

    async def _ended(self, job: Job) -> None:
        """Wait for the job; where nobody waits for the answer any more, it is stopped."""
        assert job.task is not None  # noqa: S101 - it was started just now
        try:
            await asyncio.shield(job.task)
        except asyncio.CancelledError:
            self._server.jobs.cancel(job.id)
            # The program hears that it is over when the chat says so.
            await uncancelled(job.task)
            raise

    def _tell_rest(self) -> None:
        """What the document says besides: an end of ours, notes, and code to apply."""
        found = the_chat(self._server, {"uri": self._uri})
        if found is None or self._turn is None:
            return
        transcript = self._server.chats.read(with_kept(self._server, *found))
        places = transcript.places[self._turn - 1 : self._turn]
        if not places or places[0].turn.speaker != "assistant":
            return
        text = plain(places[0].turn.text, transcript.eol)
        told = plain(self._before, transcript.eol) + self._answer.text
        if text.startswith(told):
            self._tell_text(text[len(told) :])
        if blocks := blocks_of(transcript).get(self._turn):
            self._part("edits", blocks=blocks)
        for note in places[0].turn.notes:
            self._part("note", text=note)

    def _tell_text(self, text: str) -> None:
        if text:
            self._told += len(text)
            self._part("text", text=text)

    def _part(self, kind: str, **what: Any) -> None:
        token = {"token": self._token} if self._token is not None else {}
        told = {"chat": self._uri, "turn": self._turn, "kind": kind}
        self._server.protocol.notify(PART, {**token, **told, **what})
