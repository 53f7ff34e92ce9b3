"""One job: from a snapshot and an action to a checked plan or an answer. No LSP in here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.prompts.build import Ask, Prompt, build, build_repair
from streetrace_lsp.requests.outcome import Outcome, Progress, RefusedError, Reply
from streetrace_lsp.requests.plan_reply import plan_reply
from streetrace_lsp.routing import events
from streetrace_lsp.routing.call import reply

if TYPE_CHECKING:
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.targets import Target

__all__ = ["Outcome", "Progress", "RefusedError", "Reply", "run"]

# How a reply may end for its edit to count (specification: OpenAI and Ollama finish reasons).
_GOOD_ENDINGS = frozenset({"stop", "end_turn", "stop_sequence"})


async def run(
    ask: Ask,
    target: Target,
    host: ModelHost,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Outcome:
    """Ask the target's model and check what it answers.

    Raises `BackendError` when the backend fails, `RefusedError` when the reply is no edit that
    can be applied with certainty. Cancelling the task closes the connection.
    """
    if ask.action.output == "edit" and (reason := refuse_path(ask.snapshot.path)):
        raise RefusedError(
            f"Streetrace does not edit {ask.snapshot.path}: {reason}.", "Edit it yourself."
        )
    wanted = ask.action.edit_format or target.edit_format
    prompt = build(ask, wanted)
    if prompt.left_out:
        on_progress(Progress(f"{target.backend}: left out {' and '.join(prompt.left_out)}"))
    received = await _read(prompt, target, host, on_progress)
    if not received.text.strip():
        raise RefusedError(
            f"{target.backend} sent an empty answer.", "Try again, or choose another model."
        )
    _check_ending(received, edit=ask.action.output == "edit")
    if ask.action.output == "answer":
        return Outcome(received, prompt)
    try:
        return plan_reply(ask, prompt, received)
    except RefusedError as refused:
        if not refused.refusals or not target.repair:
            raise
        on_progress(Progress(f"{target.backend}: the edit does not fit, asking once more"))
        reasons = [refusal.message for refusal in refused.refusals]
        again = build_repair(prompt, received.text, reasons)
        try:
            received = await _read(again, target, host, on_progress)
            _check_ending(received, edit=True)
            return plan_reply(ask, again, received)
        except StreetraceError:
            # The first reply is what the person asked for; its refusal is the one to explain.
            raise refused from None


async def _read(
    prompt: Prompt, target: Target, host: ModelHost, on_progress: Callable[[Progress], None]
) -> Reply:
    pieces: list[str] = []
    length = 0
    note = f" {target.note}" if target.note else ""
    on_progress(Progress(f"Asking {target.backend} ({target.model}).{note}"))

    def retrying(message: str) -> None:
        pieces.clear()
        on_progress(Progress(message))

    async with aclosing(reply(host, target, prompt.messages, on_retry=retrying)) as stream:
        async for event in stream:
            if isinstance(event, events.Text):
                pieces.append(event.text)
                length += len(event.text)
                on_progress(Progress(f"{target.model} writes", length))
            elif isinstance(event, events.Reasoning):
                on_progress(Progress(f"{target.model} thinks", length))
            elif isinstance(event, events.Finished):
                return Reply("".join(pieces), event.reason, event.marker, target, event.usage)
    return Reply("".join(pieces), "", False, target, None)


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
