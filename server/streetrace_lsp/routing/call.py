"""One reply from one target: deadlines, and retries before the first byte."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from .chat_call import ChatCall, Message, Tools, chat_call
from .events import BackendError, Event
from .explain import explain_timeout
from .host import ModelHost
from .retry import delay

if TYPE_CHECKING:
    from .targets import Target

OnRetry = Callable[[str], Awaitable[None] | None]

# Spread, not secrecy.
_JITTER = random.Random()  # noqa: S311


async def reply(
    host: ModelHost,
    target: Target,
    messages: Sequence[Message],
    *,
    tools: Tools | None = None,
    on_retry: OnRetry | None = None,
    retries: bool = True,
) -> AsyncGenerator[Event]:
    """The events of ``target``'s reply; the last one is ``Finished``.

    Raises ``BackendError``. Without ``retries`` it is raised at once: somebody else can be asked.
    ``on_retry`` is told, in a sentence for the user, before each wait.
    Cancelling the consuming task, or ``aclose()``, closes the upstream connection at once. A
    consumer that may stop early iterates inside ``contextlib.aclosing``.
    """
    call = chat_call(target, messages, tools)
    attempt = 1
    while True:
        begun = False
        try:
            async with aclosing(_within_deadlines(host, call)) as events:
                async for event in events:
                    begun = True
                    yield event
            return
        except BackendError as error:
            wait = None if begun or not retries else delay(error, attempt, jitter=_JITTER)
            if wait is None:
                raise
            if on_retry is not None:
                told = on_retry(f"{error.message} Trying again in {wait:.0f} s.")
                if told is not None:
                    await told
        await asyncio.sleep(wait)
        attempt += 1


async def _within_deadlines(host: ModelHost, call: ChatCall) -> AsyncGenerator[Event]:
    loop = asyncio.get_running_loop()
    end = loop.time() + call.deadlines.total
    which, seconds = "timeout_first", call.deadlines.first
    async with aclosing(host.stream(call)) as events:
        while True:
            left = end - loop.time()
            if left < seconds:
                which, seconds = "timeout_total", left
            try:
                async with asyncio.timeout(max(0.0, seconds)) as limit:
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError:
                if not limit.expired():
                    raise
                raise explain_timeout(which, call) from None
            yield event
            which, seconds = "timeout_idle", call.deadlines.idle
