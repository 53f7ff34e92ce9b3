"""Ask a model for the next answer of a chat, and bring it into the document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streetrace_lsp.chat.answer import Answer
from streetrace_lsp.chat.slots import Slot, Task, next_heading, slot, unanswered
from streetrace_lsp.chat.talk import Talk
from streetrace_lsp.chat.transcript import STOPPED, heading, note
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answer_writer import AnswerWriter
from streetrace_lsp.lsp.chat_ask import Question, talk_as_seen, talk_for
from streetrace_lsp.lsp.chat_keep import deliver
from streetrace_lsp.lsp.chat_writer import TYPED_INSIDE
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.requests.account import account, facts
from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.routing import events
from streetrace_lsp.routing.ask import Asking

if TYPE_CHECKING:
    from streetrace_lsp.chat.preview import Previewed
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp.chat")

# Seconds from one edit to the next: about three in a second.
_PAUSE = 0.33
# What is heard of an answer while it comes, with the number of its turn.
Heard = Asking | events.Text | events.Reasoning
_STOPPED = Ending("cancelled", "Chat: stopped. What was written stays.")


def _unheard(_: int, __: Heard) -> None:
    pass


@dataclass(frozen=True)
class Asked:
    """How a program asks: a question to put under the last heading, and who is to answer it.

    ``words`` are empty once the question is in the chat. ``instead``: it takes the place of the one
    that stands there. ``seen``: what was previewed, to be sent as it is.
    ``hear`` is told what comes, by the number of the answer's turn.
    """

    words: str = ""
    instead: bool = False
    target: str | None = None
    hear: Callable[[int, Heard], None] = _unheard
    seen: Previewed | None = None


BY_PERSON = Asked()


async def answer_in(
    server: StreetraceServer, uri: str, text: str, job: Job, task: Task, asked: Asked = BY_PERSON
) -> Ending:
    """Ask, and write the answer into the chat as it comes, be it open or not.

    ``text`` is the chat as it is now, with the question. Where an editor takes no edits meanwhile
    the whole answer waits for the person. Raises `StreetraceError` for what the person has to
    know; it stands in the chat too.
    """
    transcript = server.chats.read(text)
    found = slot(transcript, task)
    if isinstance(found, str):
        raise RefusedError(found)
    async with AnswerWriter(server, uri, text, task, found) as writer:
        reading = Reading(server, job, found, transcript.model, task, asked)
        return await _Stream(reading, writer, transcript.eol).run(uri, task)


class Reading:
    """One answer as it arrives."""

    def __init__(
        self,
        server: StreetraceServer,
        job: Job,
        wanted: Slot,
        model: str | None,
        task: Task,
        asked: Asked,
    ) -> None:
        self.server = server
        self.wanted = wanted
        # Who was asked, as BACKEND/MODEL.
        self.model = ""
        self.news = asyncio.Event()
        self._job = job
        self._target = model
        self.asked = asked
        self._fresh = task == "regenerate"
        self._pieces: list[str] = []
        self._talk: Talk | None = None

    async def read(self, uri: str) -> None:
        """Ask and take in the answer. Raises as ``routing.ask`` does."""
        seen = self.asked.seen
        asked = Question(self.wanted.turns, self._target, self.asked.target, self._fresh)
        if seen is None:
            self._talk = await talk_for(self.server, uri, asked, self._job.report)
        else:
            self._talk = await talk_as_seen(self.server, uri, asked, seen)
        said: list[str] = [self.wanted.before]
        length = 0
        try:
            async with aclosing(self._talk.stream(self._job.report)) as stream:
                async for event in stream:
                    self.asked.hear(self.wanted.number, event)
                    match event:
                        case Asking():
                            self._announce(event)
                        case events.Text():
                            length += len(event.text)
                            said.append(event.text)
                            self._pieces.append(event.text)
                            self.news.set()
                            self._job.report(f"{self.model} writes, {length:,} characters")
                        case _:
                            self._job.report(f"{self.model} thinks")
        finally:
            # Also of an answer that was stopped: its code can be applied.
            self._learn(uri, "".join(said), self._talk.sent.redaction.secrets)

    def _learn(self, uri: str, said: str, secrets: Mapping[str, str]) -> None:
        """Remember what the place-holders of the answer stand for."""
        if not secrets:
            return
        try:
            self.server.chats.stand_ins.learn(uri, said, secrets)
        except OSError as error:
            log.warning("what an answer's place-holders mean was not kept: %s", error.strerror)

    def taken(self) -> str:
        """What has come since this was asked last."""
        taken = "".join(self._pieces)
        self._pieces.clear()
        return taken

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands below the answer."""
        own = (self.wanted.note,) if self.wanted.note else ()
        return (*own, *(self._talk.notes if self._talk is not None else ()))

    def ending(self, answer: Answer) -> Ending:
        """How the job ended, where the whole answer has come."""
        reply = self._talk.reply(answer.text) if self._talk is not None else None
        if reply is None:
            raise RefusedError("The answer ended without an end.", "Try again.")
        if not answer.text.strip():
            raise RefusedError(
                f"{reply.target.backend} sent an empty answer.",
                "Try again, or choose another model.",
            )
        return Ending("answered", f"Chat: answered ({account(reply)}).", facts=facts(reply))

    def _announce(self, asking: Asking) -> None:
        target = asking.target
        self.model = f"{target.backend}/{target.model}"
        said = f"{asking.why} Asking {target.backend} ({target.model}).".strip()
        self._job.report(said)
        self._job.event("running", said, model=target.model, backend=target.backend)


class _Stream:
    """Writes one answer into its chat while it is read."""

    def __init__(self, reading: Reading, writer: AnswerWriter, eol: str) -> None:
        self._reading = reading
        self._writer = writer
        self._answer = Answer(eol, reading.wanted.before)
        self._eol = eol
        self._rest = ""

    async def run(self, uri: str, task: Task) -> Ending:
        """Read and write until both are done, or the person wants no more."""
        reading = asyncio.create_task(self._reading.read(uri))
        reading.add_done_callback(lambda _: self._reading.news.set())
        try:
            await self._write_while(reading)
            if self._writer.stopped == TYPED_INSIDE:
                return await self._given_up()
            await reading
            self._rest = self._answer.feed(self._reading.taken())
            ending = self._reading.ending(self._answer)
            await self._uncancelled(self._close(self._reading.notes))
        except asyncio.CancelledError:
            await _end(reading)
            server = self._reading.server
            # An editor that ends answers nothing more, and a file is written all the same.
            if not server.jobs.closing or server.mirror.get_document(uri) is None:
                await uncancelled(self._close((STOPPED,)))
            if self._writer.waits:
                raise
            return _STOPPED
        except StreetraceError as error:
            await uncancelled(self._close((self._reading.server.worded(error.sentence),)))
            raise
        finally:
            await _end(reading)
        if self._writer.stopped == TYPED_INSIDE:
            return await self._given_up()
        if self._writer.stopped or self._writer.waits:
            # The editor refuses, or takes edits only when it is asked: the answer is not lost.
            body = self._answer.whole(self._reading.notes)
            return await deliver(self._reading, uri, task, body, ending)
        return ending

    async def _write_while(self, task: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        while not self._writer.stopped:
            await self._reading.news.wait()
            if task.done():
                return
            self._reading.news.clear()
            began = loop.time()
            await self._uncancelled(self._out(self._answer.feed(self._reading.taken())))
            await asyncio.wait((task,), timeout=max(began + _PAUSE - loop.time(), 0))

    async def _uncancelled(self, work: Coroutine[Any, Any, None]) -> None:
        """Let an edit be finished and verified; a person who stopped meanwhile is obeyed then.

        At the end of the session nobody answers any more, and nothing is waited for.
        """
        task = asyncio.ensure_future(work)
        stopped = False
        while not task.done():
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                stopped = True
                if self._reading.server.jobs.closing:
                    await _end(task)
        if stopped:
            raise asyncio.CancelledError
        await task

    async def _out(self, text: str) -> None:
        if text and not self._writer.begun:
            wanted = self._reading.wanted
            head = f"{heading(self._reading.model)}{self._eol * 2}" if wanted.headed else ""
            text = f"{wanted.lead}{head}{text}"
        await self._writer.write(text)

    async def _close(self, notes: tuple[str, ...]) -> None:
        """Write the rest, the notes, and the heading under which the person goes on."""
        eol, wanted = self._eol, self._reading.wanted
        text = self._rest + self._answer.feed(self._reading.taken())
        self._rest = ""
        if not self._answer.text.strip():
            # Nothing was said: what stood there stays, and the notes come under it.
            await self._writer.write(unanswered(self._writer.old, wanted, notes, eol))
            return
        text += self._answer.finish(notes)
        await self._out(text + next_heading(self._writer.behind, eol))

    async def _given_up(self) -> Ending:
        """Say that nothing more is written, and leave a heading for the person to go on."""
        eol = self._eol
        text = f"{eol}{eol}{note(TYPED_INSIDE)}{eol}{eol}"
        text += next_heading(self._writer.behind, eol)
        await uncancelled(self._writer.write_behind(text))
        return Ending("refused", f"Chat: {TYPED_INSIDE}.", loud=True)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
