"""One reply by a route: the first server that answers, paid for, kept, and remembered.

Until a reply begins, a fault of a server or of the way to it leads to the next one (see
`pool.FALLS_BACK`); after that nothing is tried again, and a model is never switched silently.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.ledger.cache_key import cache_key
from streetrace_lsp.ledger.entries import CachedReply

from .call import OnRetry, reply
from .chat_call import Message, Tools, chat_call
from .events import BackendError, Event, Finished, Text, Usage
from .pool import FALLS_BACK
from .spending import Purpose, Spending
from .trace import Trace, asking, ended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .route import Group, Route
    from .session import Session
    from .targets import Target

# Faults with which nothing was generated, so that nothing is billed.
FREE: Final = frozenset(
    {
        *("connect", "dns", "tls", "auth", "not_found", "rate_limit", "quota", "region"),
        *("request", "context", "refused_origin", "start", "replay_miss", "tools"),
    }
)


@dataclass(frozen=True)
class Prepared:
    """A request made to measure for one target; ``tokens`` estimates its prompt, tools too."""

    target: Target
    messages: Sequence[Message]
    tokens: int
    tools: Tools | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A target is about to be asked. ``why``: why it is not the first choice, or empty."""

    target: Target
    why: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """The request is over. ``cost``: nano-dollars, None where nobody knows. Seconds it took.

    ``cached``: the answer was kept from an earlier, identical request. ``key``: under which it
    is kept in the ledger, or empty.
    """

    cost: int | None
    seconds: float
    cached: bool = False
    key: str = ""


Told = Asking | Event | Paid
Prepare = Callable[["Target"], Awaitable[Prepared]]


async def ask(
    session: Session,
    purpose: Purpose,
    route: Route,
    prepare: Prepare,
    *,
    on_retry: OnRetry | None = None,
    on_start: Callable[[str], None] = lambda _: None,
    fresh: bool = False,
) -> AsyncGenerator[Told]:
    """What is told of a request: `Asking`, the reply's events, `Paid`.

    ``prepare`` makes the messages for a target. ``fresh`` passes over kept answers. Raises
    ``BackendError`` of the last server that was asked, ``OverBudgetError`` and what else stops
    a request before it is made; its message tells of the first failure too. Consumers that may
    stop early use ``contextlib.aclosing``.
    """
    tried: list[Target] = []
    failed = ""
    trace = session.traces.begin(purpose.task)
    while True:
        group, target, alone = _next(session, route, tried)
        tried.append(target)
        why = ""
        if target not in route.groups[0].targets:
            why = failed or f"{route.first.backend} failed a moment ago."
        begun = False
        one = _One(session, purpose, group.wanted, why, fresh, trace)
        try:
            # Counted from now on, so that requests of the same moment choose others.
            with session.balancer.asking(target):
                prepared = await prepare(await session.started(target, on_start))
                trace.step(asking(prepared.target, prepared.tokens, why))
                yield Asking(prepared.target, why)
                told = one.told(prepared, target, on_retry if alone else None, retries=alone)
                async with aclosing(told) as events:
                    async for event in events:
                        begun = True
                        yield event
            return
        except StreetraceError as error:
            trace.step(error.message)
            goes_on = not begun and _falls_back(error, failed)
            if not goes_on or _nobody_left(route, tried):
                if not begun:
                    error.message = _all_of_it(failed, error, route)
                raise
            failed = failed or error.message


def _falls_back(error: StreetraceError, failed: str) -> bool:
    """Whether the next target is asked. What stops only a fallback, such as a budget or a
    window, does not stop the ones behind it."""
    if isinstance(error, BackendError):
        return error.kind in FALLS_BACK
    return bool(failed)


def _all_of_it(failed: str, error: StreetraceError, route: Route) -> str:
    """What to tell where nobody answered: the first failure, the last, and who was left out."""
    said = f"{failed} What came after it: {error.message}" if failed else error.message
    tried_to = failed or (isinstance(error, BackendError) and error.kind in FALLS_BACK)
    return " ".join([said, *route.skipped]) if tried_to else said


def _next(session: Session, route: Route, tried: Sequence[Target]) -> tuple[Group, Target, bool]:
    """Whom to ask: its group, the server, and whether it is the last one of the group."""
    for group in route.groups:
        left = [target for target in group.targets if target not in tried]
        ready = session.balancer.ready(left)
        if ready:
            return group, ready[0], len(ready) == 1
    for group in route.groups:
        left = [target for target in group.targets if target not in tried]
        if left:
            return group, session.balancer.soonest(left)[0], len(left) == 1
    raise LookupError("every server of the route was tried")


def _nobody_left(route: Route, tried: Sequence[Target]) -> bool:
    return all(target in tried for group in route.groups for target in group.targets)


class _One:
    """One server, asked once."""

    def __init__(
        self,
        session: Session,
        purpose: Purpose,
        wanted: str,
        fallback_of: str,
        fresh: bool,
        trace: Trace,
    ) -> None:
        self._trace = trace
        self._session = session
        self._purpose = purpose
        self._wanted = wanted
        self._fallback_of = fallback_of
        self._fresh = fresh

    async def told(
        self, prepared: Prepared, known_as: Target, on_retry: OnRetry | None, *, retries: bool
    ) -> AsyncGenerator[Event | Paid]:
        """The events of the reply. ``known_as`` is the target that the balancer counts."""
        target = prepared.target
        loop = asyncio.get_running_loop()
        began = loop.time()
        spending = Spending(self._session, self._purpose, target, self._wanted)
        kept = await self._kept(prepared)
        if kept is not None:
            yield Text(kept.text)
            usage = Usage(kept.prompt_tokens, kept.completion_tokens)
            yield Finished(kept.reason, usage, marker=True)
            await spending.settle("cached", free=True)
            self._trace.step("an earlier answer to the very same request was kept")
            yield Paid(0, loop.time() - began, cached=True, key=self._key(prepared))
            return
        await spending.reserve(prepared.tokens)
        outcome, usage_seen, first, free = "cancelled", None, None, False
        pieces: list[str] = []
        cost: int | None = None
        key = ""
        duration: float | None = None
        try:
            events = reply(
                self._session.host,
                target,
                prepared.messages,
                tools=prepared.tools,
                on_retry=self._retrying(on_retry),
                retries=retries,
            )
            async with aclosing(events) as stream:
                async for event in stream:
                    if first is None:
                        first = loop.time() - began
                        self._trace.step("the answer begins")
                        self._session.balancer.answered(known_as)
                    if isinstance(event, Text):
                        pieces.append(event.text)
                    elif isinstance(event, Finished):
                        outcome, usage_seen = "done", event.usage
                        # Without the start of the process that asks.
                        first, duration = event.first_token or first, event.duration
                        key = await self._keep(prepared, "".join(pieces), event)
                    yield event
        except BackendError as error:
            outcome, free = error.kind, first is None and error.kind in FREE
            raise
        finally:
            cost = await spending.settle(
                outcome,
                usage_seen,
                free=free,
                first_token=first,
                duration=loop.time() - began if duration is None else duration,
                fallback_of=self._fallback_of,
            )
            self._trace.step(ended(outcome, usage_seen, cost))
        yield Paid(cost, loop.time() - began, key=key)

    def _retrying(self, on_retry: OnRetry | None) -> OnRetry:
        def told(sentence: str) -> Awaitable[None] | None:
            self._trace.step(sentence)
            return on_retry(sentence) if on_retry is not None else None

        return told

    def _key(self, prepared: Prepared) -> str:
        # By way of the call: what is ours alone, such as deadlines, is not part of it.
        call = chat_call(prepared.target, prepared.messages)
        # Whose key it was decides what it may see; of it a digest is enough.
        secrets = sorted(secret.reveal() for secret in call.secrets)
        whose = hashlib.sha256("\0".join(secrets).encode()).hexdigest()
        return cache_key(
            provider=call.provider,
            api_base=call.api_base,
            model=call.model,
            messages=call.messages,
            options={
                **call.options,
                "whose": whose,
                "tools": prepared.tools.frame() if prepared.tools else None,
            },
            extra_body=call.extra_body,
        )

    async def _kept(self, prepared: Prepared) -> CachedReply | None:
        if self._purpose.configuration.settings.cache.ttl is None or self._fresh:
            return None
        return await self._session.ledger.cached(self._key(prepared))

    async def _keep(self, prepared: Prepared, text: str, ending: Finished) -> str:
        ttl = self._purpose.configuration.settings.cache.ttl
        if ttl is None or not ending.marker or ending.reason != "stop" or not text.strip():
            return ""
        usage = ending.usage or Usage(None, None)
        answer = CachedReply(
            text,
            ending.reason,
            prepared.target.model,
            usage.prompt_tokens,
            usage.completion_tokens,
        )
        key = self._key(prepared)
        await self._session.ledger.keep(key, answer, ttl)
        return key
