"""One job: from a snapshot and an action to a checked plan or an answer. No LSP in here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.prompts.build import Ask, build_repair
from streetrace_lsp.requests.fitting import Fitting
from streetrace_lsp.requests.outcome import Outcome, Progress, RefusedError, Reply
from streetrace_lsp.requests.outgoing import outgoing
from streetrace_lsp.requests.plan_reply import plan_reply
from streetrace_lsp.routing import events
from streetrace_lsp.routing.ask import Asking, Paid, Prepare
from streetrace_lsp.routing.ask import ask as ask_route
from streetrace_lsp.routing.route import Group, Route
from streetrace_lsp.routing.spending import Purpose

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.requests.preview import Preview
    from streetrace_lsp.routing.session import Session

__all__ = ["Outcome", "Progress", "RefusedError", "Reply", "run"]

# How a reply may end for its edit to count (specification: OpenAI and Ollama finish reasons).
_GOOD_ENDINGS = frozenset({"stop", "end_turn", "stop_sequence"})


async def run(
    ask: Ask,
    route: Route,
    session: Session,
    configuration: Configuration,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    fresh: bool = False,
    preview: Preview | None = None,
) -> Outcome:
    """Ask the first model of the route that answers, and check what it says.

    ``fresh`` passes over kept answers. ``preview``: the messages that a person has seen, which
    are sent as they are. Raises `BackendError` when the backend fails, with what had come of its
    answer, `RefusedError` when the reply is no edit that can be applied with certainty, and what
    stops a request before it is made. Cancelling the task closes the connection.
    """
    if ask.action.output == "edit" and (reason := refuse_path(ask.snapshot.path)):
        raise RefusedError(
            f"Streetrace does not edit {ask.snapshot.path}: {reason}.", "Edit it yourself."
        )
    purpose = Purpose(configuration, ask.action.name)
    # Patterns by the dozen over the whole file.
    sent = preview.sent if preview is not None else await asyncio.to_thread(outgoing, ask)
    fixed = preview.prompt if preview is not None else None
    fitting = Fitting(sent.ask, configuration, session, fixed=fixed)
    for skipped in route.skipped:
        on_progress(Progress(skipped))
    reading = _Reading(session, purpose, fitting, sent.withheld, on_progress, fresh)
    received = await reading.read(route, fitting.prepare)
    target = received.target
    prompt = fitting.prompt
    try:
        _check_ending(received, edit=ask.action.output == "edit")
        if ask.action.output == "answer":
            return Outcome(received, prompt)
        return plan_reply(sent, prompt, received)
    except RefusedError as refused:
        refused.reply = received
        if received.key:
            # The same request shall not fail in the same way again.
            await session.ledger.forget_cached(received.key)
        if not refused.refusals or not target.repair:
            raise
        on_progress(Progress(f"{target.backend}: the edit does not fit, asking once more"))
        reasons = [refusal.message for refusal in refused.refusals]
        again = build_repair(prompt, received.text, reasons)
        try:
            same = Route((Group(route.groups[0].wanted, (target,)),))
            repaired = await reading.read(same, lambda target: fitting.again(target, again))
            refused.reply = _both(received, repaired)
            _check_ending(repaired, edit=True)
            return plan_reply(sent, fitting.prompt, refused.reply)
        except StreetraceError:
            # The first reply is what the person asked for; its refusal is the one to explain.
            raise refused from None


@dataclass(frozen=True)
class _Reading:
    """Reads one reply after the other, and tells how each comes along."""

    session: Session
    purpose: Purpose
    fitting: Fitting
    withheld: tuple[str, ...]
    on_progress: Callable[[Progress], None]
    fresh: bool

    async def read(self, route: Route, prepare: Prepare) -> Reply:
        """The whole reply of the first target that answers."""
        pieces: list[str] = []
        length = 0
        target, why, reason = route.first, "", ""
        ending: events.Finished | None = None
        paid: Paid | None = None

        def say(message: str) -> None:
            self.on_progress(Progress(message))

        told = ask_route(
            self.session,
            self.purpose,
            route,
            prepare,
            on_retry=say,
            on_start=say,
            fresh=self.fresh,
        )
        try:
            async with aclosing(told) as stream:
                async for event in stream:
                    match event:
                        case Asking():
                            pieces.clear()
                            target, why = event.target, event.why
                            self._announce(event)
                        case events.Text():
                            pieces.append(event.text)
                            length += len(event.text)
                            self.on_progress(Progress(f"{target.model} writes", length))
                        case events.Reasoning():
                            self.on_progress(Progress(f"{target.model} thinks", length))
                        case events.Finished():
                            ending, reason = event, event.reason
                        case Paid():
                            paid = event
        except events.BackendError as error:
            error.partial = "".join(pieces)
            raise
        return Reply(
            "".join(pieces),
            reason,
            ending is not None and ending.marker,
            target,
            ending.usage if ending else None,
            cost=paid.cost if paid else None,
            why=why,
            instead_of=route.first.backend,
            cached=paid is not None and paid.cached,
            key=paid.key if paid else "",
            left_out=self.fitting.cut,
            withheld=self.withheld,
        )

    def _announce(self, asking: Asking) -> None:
        target, left_out = asking.target, self.fitting.prompt.left_out
        because = f"{asking.why} " if asking.why else ""
        note = f" {target.note}" if target.note else ""
        if left_out:
            said = f"{target.backend}: left out {' and '.join(left_out)}"
            self.on_progress(Progress(said))
        said = f"{because}Asking {target.backend} ({target.model}).{note}"
        self.on_progress(Progress(said, target=target))


def _both(first: Reply, second: Reply) -> Reply:
    """The second reply with what both came to."""
    costs = (first.cost, second.cost)
    usages = (first.usage, second.usage)
    return replace(
        second,
        cost=None if None in costs else sum(filter(None, costs)),
        usage=_sum(usages[0], usages[1]) if all(usages) else None,
        why=first.why,
        instead_of=first.instead_of,
        asked_twice=True,
    )


def _sum(one: events.Usage | None, other: events.Usage | None) -> events.Usage | None:
    if one is None or other is None:
        return None
    return events.Usage(
        _plus(one.prompt_tokens, other.prompt_tokens),
        _plus(one.completion_tokens, other.completion_tokens),
    )


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _check_ending(received: Reply, *, edit: bool) -> None:
    """A reply that did not end by the model's own will is never an edit."""
    backend, partial = received.target.backend, received.text
    if received.reason == "length":
        raise RefusedError(
            f"{backend} stopped at its token limit before the answer was complete.",
            "Raise max_tokens, or select less.",
            partial=partial,
        )
    if received.reason in {"content_filter", "refusal"}:
        raise RefusedError(
            f"{backend} declined to answer ({received.reason.replace('_', ' ')}).",
            "Rephrase the instruction, or choose another model.",
            partial=partial,
        )
    if not received.finished or (edit and received.reason not in _GOOD_ENDINGS):
        raise RefusedError(
            f"The answer of {backend} was cut off.",
            "Nothing was applied. Try again.",
            partial=partial,
        )
    if not partial.strip():
        raise RefusedError(
            f"{backend} sent an empty answer.", "Try again, or choose another model."
        )
