"""What a job says while it runs, what comes of it, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streetrace_lsp.errors import StreetraceError

if TYPE_CHECKING:
    from streetrace_lsp.edits import Plan, Refusal
    from streetrace_lsp.prompts.build import Prompt
    from streetrace_lsp.routing.events import Usage
    from streetrace_lsp.routing.targets import Target


@dataclass(frozen=True)
class Progress:
    """What a person may be shown while the model writes. ``target``: it is being asked now."""

    message: str
    characters: int = 0
    target: Target | None = None


@dataclass(frozen=True)
class Reply:
    """The model's whole reply to one prompt.

    ``cost``: nano-dollars, None where nobody knows. ``why``: why ``target`` is not the first
    choice, which is ``instead_of``, or empty. ``cached``: it was kept from an earlier, identical
    request, under ``key``.
    ``left_out``: what of the prompt was cut because the model's window is too small.
    ``withheld``: the secrets that were taken out of it, in words. ``asked_twice``: it was asked for
    once more, with what was wrong with the first; tokens and cost are those of both.
    """

    text: str
    reason: str
    finished: bool
    target: Target
    usage: Usage | None
    cost: int | None = None
    why: str = ""
    instead_of: str = ""
    cached: bool = False
    key: str = ""
    left_out: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    asked_twice: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a job: an edit plan, or an answer in Markdown.

    ``plan`` is None for an answer. ``confirm`` lists what a person must agree to before the
    edit is applied (for example an invisible character that the edit adds), a sentence each.
    ``bases`` are the texts that the plan was made for, by path.
    """

    reply: Reply
    prompt: Prompt
    plan: Plan | None = None
    confirm: tuple[str, ...] = ()
    bases: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """The model's words: the whole answer, or what it said beside its edit."""
        return self.plan.prose if self.plan is not None else self.reply.text


class RefusedError(StreetraceError):
    """Nothing was applied; ``partial`` is what the model had written, for a person to see.

    ``reply``: what was paid for all the same, a second try included.
    """

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
        self.reply: Reply | None = None
