"""One answer in a conversation, from the turns to what was said, piece by piece. No LSP in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streetrace_lsp.chat.clean import without_secrets
from streetrace_lsp.chat.messages import Fitted, Said, fit, size, whole
from streetrace_lsp.config.model import CHAT_TASK
from streetrace_lsp.requests.account import account
from streetrace_lsp.requests.fitting import windowed
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
    """One request of a conversation, and afterwards what it came to."""

    session: Session
    configuration: Configuration
    route: Route
    said: Sequence[Said]
    fresh: bool = False
    fitted: Fitted = field(default_factory=lambda: Fitted([], 0))
    room: int = 0
    withheld: tuple[str, ...] = ()
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
        self.said, self.withheld = await asyncio.to_thread(without_secrets, self.said)
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
        if self.fitted.left_out and self._target is not None:
            turns = self.fitted.left_out
            many = "the first turn was" if turns == 1 else f"the first {turns:,} turns were"
            found.append(
                f"{many} not sent: {self._target.backend} ({self._target.model}) has room for "
                f"{self.room:,} tokens"
            )
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
            withheld=self.withheld,
        )

    async def _prepare(self, target: Target) -> Prepared:
        target, window = await windowed(self.session, self.configuration, target, size(self.said))
        if window is not None:
            self.room = prompt_room(window, target.options.get("max_tokens"))
            overflow = self.configuration.settings.context.overflow or "trim"
            shown = f"{target.backend} ({target.model})"
            self.fitted = fit(self.said, self.room, overflow=overflow, model=shown)
        else:
            self.fitted = whole(self.said)
        return Prepared(target, self.fitted.messages, self.fitted.tokens)


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
