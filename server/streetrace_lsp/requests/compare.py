"""The same request to several models at once, side by side: what each says, takes and costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.ledger.dollars import in_dollars
from streetrace_lsp.prompts.build import Ask
from streetrace_lsp.requests.display import escape_controls
from streetrace_lsp.requests.job import Outcome, Progress, RefusedError, Reply, run
from streetrace_lsp.routing.route import route

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.session import Session


@dataclass(frozen=True)
class Compared:
    """What one model made of the request: an outcome, or why there is none. Seconds it took."""

    target: str
    seconds: float
    outcome: Outcome | None = None
    error: StreetraceError | None = None


async def compare(
    ask: Ask,
    targets: Sequence[str],
    session: Session,
    configuration: Configuration,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> list[Compared]:
    """What each target makes of ``ask``, in the given order. Nothing is applied.

    Each is asked afresh, without fallbacks: what stands under a name is that model's.
    Cancelling ends all of them.
    """
    loop = asyncio.get_running_loop()

    async def one(target: str) -> Compared:
        began = loop.time()
        try:
            chosen = route(configuration, ask.action.name, target)
            outcome = await run(
                ask, chosen, session, configuration, on_progress=on_progress, fresh=True
            )
        except StreetraceError as error:
            return Compared(target, loop.time() - began, error=error)
        return Compared(target, loop.time() - began, outcome)

    return await asyncio.gather(*(one(target) for target in dict.fromkeys(targets)))


def table(found: Sequence[Compared]) -> list[tuple[str, ...]]:
    """Rows of target, model, prompt and answer tokens, seconds, cost, result; the head first."""
    rows: list[tuple[str, ...]] = [("target", "model", "tokens", "seconds", "cost", "result")]
    for one in found:
        reply = _reply(one)
        usage = reply.usage if reply is not None else None
        tokens = f"{usage.prompt_tokens} + {usage.completion_tokens}" if usage else "?"
        cost = in_dollars(reply.cost) if reply is not None and reply.cost is not None else "?"
        rows.append(
            (
                one.target,
                reply.target.model if reply else "",
                tokens,
                f"{one.seconds:.1f}",
                cost,
                _result(one),
            )
        )
    return rows


def withheld(found: Sequence[Compared]) -> tuple[str, ...]:
    """What none of them was sent on purpose, in words; each thing once."""
    replies = [reply for one in found if (reply := _reply(one)) is not None]
    return tuple(dict.fromkeys(said for reply in replies for said in reply.withheld))


def _reply(one: Compared) -> Reply | None:
    """What was paid for, also where nothing could be used of it."""
    if one.outcome is not None:
        return one.outcome.reply
    return one.error.reply if isinstance(one.error, RefusedError) else None


def _result(one: Compared) -> str:
    if one.error is not None:
        return escape_controls(one.error.message)
    assert one.outcome is not None  # noqa: S101 - it is the one or the other
    if one.outcome.plan is None:
        return f"an answer of {len(one.outcome.answer):,} characters"
    count = len(one.outcome.plan.hunks)
    return "an edit at 1 place" if count == 1 else f"an edit at {count} places"
