"""One job: from a snapshot and an action to a checked plan or an answer. No LSP in here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.edits import Plan, Refusal, plan
from streetrace_lsp.edits.confirm import reasons
from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.prompts.build import Ask, Prompt, build
from streetrace_lsp.routing import events
from streetrace_lsp.routing.call import reply

if TYPE_CHECKING:
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.targets import Target

# How a reply may end for its edit to count (specification: OpenAI and Ollama finish reasons).
_GOOD_ENDINGS = frozenset({"stop", "end_turn", "stop_sequence"})


@dataclass(frozen=True)
class Progress:
    """What a person may be shown while the model writes."""

    message: str
    characters: int = 0


@dataclass(frozen=True)
class Reply:
    """The model's whole reply to one prompt."""

    text: str
    reason: str
    finished: bool
    target: Target
    usage: events.Usage | None


@dataclass(frozen=True)
class Outcome:
    """What came of a job: an edit plan, or an answer in Markdown.

    ``plan`` is None for an answer. ``confirm`` lists what a person must agree to before the
    edit is applied (for example an invisible character that the edit adds), a sentence each.
    """

    reply: Reply
    prompt: Prompt
    plan: Plan | None = None
    confirm: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The model's words: the whole answer, or what it said beside its edit."""
        return self.plan.prose if self.plan is not None else self.reply.text


class RefusedError(StreetraceError):
    """Nothing was applied; ``partial`` is what the model had written, for a person to see."""

    is_failure = False

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        partial: str = "",
        refusals: tuple[Refusal, ...] = (),
    ) -> None:
        super().__init__(message, next_step)
        self.partial = partial
        self.refusals = refusals


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
    return _planned(ask, prompt, received)


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


def _planned(ask: Ask, prompt: Prompt, received: Reply) -> Outcome:
    path, text = ask.snapshot.path, ask.snapshot.text
    found = plan(
        received.text,
        {path: text},
        selection=(path, ask.start, ask.end) if prompt.edit_format == "selection" else None,
        default_path=path,
        finished=received.finished,
    )
    if found.refusals:
        first = found.refusals[0]
        others = f" (and {len(found.refusals) - 1} more)" if len(found.refusals) > 1 else ""
        raise RefusedError(
            f"The answer of {received.target.backend} can't be applied safely: "
            f"{first.message}{others}",
            "Nothing was changed. Try again, or look at the answer.",
            partial=received.text,
            refusals=found.refusals,
        )
    new = found.files.get(path, text)
    if new is None or new == text:
        raise RefusedError(
            f"{received.target.backend} proposed no change.",
            "Say more exactly what you want, or choose another action.",
            partial=received.text,
        )
    return Outcome(received, prompt, found, reasons(path, text, new))
