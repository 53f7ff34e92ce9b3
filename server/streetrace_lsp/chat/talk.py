"""One answer in a conversation, from the turns to what was said, piece by piece. No LSP in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streetrace_lsp.chat.messages import Said, size
from streetrace_lsp.chat.outgoing import Sent, outgoing, size_of
from streetrace_lsp.config.model import CHAT_TASK
from streetrace_lsp.prompts.trim import PromptTooLargeError
from streetrace_lsp.requests.account import account
from streetrace_lsp.requests.fitting import windowed
from streetrace_lsp.requests.guidance import Joining
from streetrace_lsp.requests.outcome import Reply
from streetrace_lsp.routing import events
from streetrace_lsp.routing.ask import Asking, Paid, Prepared, ask
from streetrace_lsp.routing.spending import Purpose
from streetrace_lsp.routing.windows import prompt_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.route import Route
    from streetrace_lsp.routing.session import Session
    from streetrace_lsp.routing.targets import Target


@dataclass
class Talk:
    """One request of a conversation, and afterwards what it came to.

    ``rules``: those of the project that join it. ``seen``: what a person has previewed, which is
    sent in place of ``said`` as it is, or not at all.
    """

    session: Session
    configuration: Configuration
    route: Route
    said: Sequence[Said]
    rules: Joining = field(default_factory=Joining)
    fresh: bool = False
    seen: Sent | None = None
    sent: Sent = field(default_factory=lambda: Sent([], 0))
    _target: Target | None = None
    _why: str = ""
    _ending: events.Finished | None = None
    _paid: Paid | None = None

    async def stream(
        self, on_progress: Callable[[str], None]
    ) -> AsyncGenerator[Asking | events.Text | events.Reasoning]:
        """Who is asked, and the pieces of the answer. Raises as ``routing.ask`` does.

        Consumers that may stop early use ``contextlib.aclosing``.
        """
        told = ask(
            self.session,
            Purpose(self.configuration, CHAT_TASK),
            self.route,
            self._prepare,
            on_retry=on_progress,
            on_start=on_progress,
            fresh=self.fresh,
        )
        async with aclosing(told) as stream:
            async for event in stream:
                match event:
                    case events.Finished():
                        self._ending = event
                    case Paid():
                        self._paid = event
                    case Asking():
                        self._target, self._why = event.target, event.why
                        yield event
                    case events.Text() | events.Reasoning():
                        yield event

    @property
    def notes(self) -> tuple[str, ...]:
        """What the document says below the answer: what it came to, and what was wrong with it."""
        found = []
        if self.sent.left_out and self._target is not None:
            was = "was" if self.sent.left_out == 1 else "were"
            turns = turns_left_out(self.sent)
            found.append(f"{turns} {was} not sent: {room_at(self._target, self.sent)}")
        reply = self.reply("")
        if reply is not None:
            if wrong := _wrong(reply):
                found.append(wrong)
            found.append(account(reply))
        return tuple(found)

    def reply(self, text: str) -> Reply | None:
        """The reply with this text; None where nobody was asked to the end."""
        if self._target is None or self._ending is None:
            return None
        return Reply(
            text,
            self._ending.reason,
            self._ending.marker,
            self._target,
            self._ending.usage,
            cost=self._paid.cost if self._paid else None,
            why=self._why,
            instead_of=self.route.first.backend,
            cached=self._paid is not None and self._paid.cached,
            withheld=(*self.rules.left_out, *self.sent.redaction.withheld),
        )

    async def _prepare(self, target: Target) -> Prepared:
        if self.seen is None:
            target, self.sent = await made_for(
                target, self.said, self.rules, self.session, self.configuration
            )
        else:
            target, self.sent = await _as_seen(target, self.seen, self.session, self.configuration)
        return Prepared(target, self.sent.messages, self.sent.tokens)


async def made_for(
    target: Target,
    said: Sequence[Said],
    rules: Joining,
    session: Session,
    configuration: Configuration,
    *,
    offline: bool = False,
) -> tuple[Target, Sent]:
    """The target with the window that it is asked for, and what of a conversation goes to it.

    ``offline``: no server is asked for its window. Raises ``PromptTooLargeError``.
    """
    tokens = size(said) + size_of(rules.guidance)
    target, window = await windowed(session, configuration, target, tokens, offline=offline)
    room = None if window is None else prompt_room(window, target.options.get("max_tokens"))
    sent = await asyncio.to_thread(
        outgoing,
        said,
        rules.guidance,
        room,
        overflow=configuration.settings.context.overflow or "trim",
        model=f"{target.backend} ({target.model})",
    )
    return target, sent


async def _as_seen(
    target: Target, seen: Sent, session: Session, configuration: Configuration
) -> tuple[Target, Sent]:
    """What a person has previewed, where it fits: it is not cut any more."""
    target, window = await windowed(session, configuration, target, seen.tokens)
    if window is not None:
        room = prompt_room(window, target.options.get("max_tokens"))
        if seen.tokens > room:
            raise PromptTooLargeError(
                f"What was previewed takes about {seen.tokens:,} tokens, and {target.backend} "
                f"({target.model}) has room for {room:,}. Nothing was sent.",
                "Send it without the preview, which leaves out the oldest turns.",
            )
    return target, seen


def turns_left_out(sent: Sent) -> str:
    """For example “the first 3 turns”."""
    return "the first turn" if sent.left_out == 1 else f"the first {sent.left_out:,} turns"


def room_at(target: Target, sent: Sent) -> str:
    """Why turns are left out, as a clause."""
    return f"{target.backend} ({target.model}) has room for {sent.room or 0:,} tokens"


def _wrong(reply: Reply) -> str:
    backend = reply.target.backend
    if reply.reason == "length":
        return f"{backend} stopped at its token limit. Continue lets it write on."
    if reply.reason in {"content_filter", "refusal"}:
        declined = reply.reason.replace("_", " ")
        return f"{backend} declined to answer ({declined}). Rephrase, or change the model."
    if not reply.finished:
        return f"The answer of {backend} was cut off. Continue lets it write on."
    return ""
