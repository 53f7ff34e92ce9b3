"""A prompt made to measure for each target that is asked: its format, its window, its options."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from streetrace_lsp.prompts.build import Ask, Prompt, build
from streetrace_lsp.prompts.trim import fit
from streetrace_lsp.routing.ask import Prepared
from streetrace_lsp.routing.facts import learn
from streetrace_lsp.routing.num_ctx import SMALLEST
from streetrace_lsp.routing.spending import refuse_if_used_up
from streetrace_lsp.routing.windows import needed_window, prompt_room, window_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.session import Session
    from streetrace_lsp.routing.targets import Target


class Fitting:
    """The prompts of one job. ``prompt`` is the one that was made last; ``cut``: what the
    window of its target left no room for.

    ``fixed``: a prompt that a person has seen, which is sent as it is or not at all. ``offline``:
    no server is asked for its window.
    """

    def __init__(
        self,
        ask: Ask,
        configuration: Configuration,
        session: Session,
        *,
        fixed: Prompt | None = None,
        offline: bool = False,
    ) -> None:
        self._ask = ask
        self._configuration = configuration
        self._session = session
        self._fixed = fixed
        self._offline = offline
        self.prompt = Prompt([], "search-replace")
        self.cut: tuple[str, ...] = ()

    async def prepare(self, target: Target) -> Prepared:
        """The request for ``target``. Raises ``PromptTooLargeError``."""
        if self._fixed is not None:
            return await self.again(target, self._fixed)
        wanted = self._ask.action.edit_format or target.edit_format
        return await self.again(target, build(self._ask, wanted))

    async def again(self, target: Target, prompt: Prompt) -> Prepared:
        """The request for ``target`` with this prompt. Raises ``PromptTooLargeError``."""
        target, window = await windowed(
            self._session, self._configuration, target, prompt.tokens, offline=self._offline
        )
        if window is not None:
            room = prompt_room(window, target.options.get("max_tokens"))
            overflow = self._configuration.settings.context.overflow or "trim"
            if self._fixed is not None:
                overflow = "refuse"
            shown = f"{target.backend} ({target.model})"
            whole, prompt = prompt, fit(prompt, room, overflow=overflow, model=shown)
            self.cut = prompt.left_out if prompt is not whole else ()
        else:
            self.cut = ()
        self.prompt = prompt
        return Prepared(target, prompt.messages, prompt.tokens)


async def windowed(
    session: Session,
    configuration: Configuration,
    target: Target,
    tokens: int,
    *,
    offline: bool = False,
) -> tuple[Target, int | None]:
    """The target with the window it is asked for, where it takes one, and that window.

    ``tokens``: the estimate of the prompt. The window is None where it is not known.
    ``offline``: no server is asked for it.
    """
    ollama = target.provider == "ollama"
    # What fits the smallest step needs no question about the model's ceiling.
    small = needed_window(tokens, target.options.get("max_tokens")) <= SMALLEST
    unknown = target.provider == "litellm_proxy" or (ollama and not small)
    if unknown and not offline:
        if (target.backend, target.model) not in session.facts:
            await refuse_if_used_up(session, configuration, target)
        await learn(session, target)
    facts = session.facts.get((target.backend, target.model))
    # The first look reads a table of a megabyte.
    window = await asyncio.to_thread(window_of, configuration, target, facts)
    if not ollama or window is None:
        return target, window
    num_ctx = session.windows.num_ctx(target, tokens, window)
    return replace(target, options={**target.options, "num_ctx": num_ctx}), num_ctx
