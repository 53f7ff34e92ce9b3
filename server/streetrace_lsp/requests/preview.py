"""What a request would send, before it is sent: to look at, and to send exactly that."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.ledger.dollars import in_dollars
from streetrace_lsp.prompts.build import Ask, Prompt
from streetrace_lsp.requests.fitting import Fitting
from streetrace_lsp.requests.outgoing import Outgoing, outgoing
from streetrace_lsp.routing.prices import LONGEST_ANSWER, cost_of, price_for
from streetrace_lsp.routing.route import Group, Route
from streetrace_lsp.routing.windows import max_output_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.session import Session
    from streetrace_lsp.routing.targets import Target


@dataclass(frozen=True)
class Preview:
    """The messages for one target. ``costs``: nano-dollars for the prompt alone, and with the
    longest answer; None where the price is not known. ``notes``: what a person should know."""

    sent: Outgoing
    prompt: Prompt
    target: Target
    costs: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()

    def way(self, now: Route) -> Route | None:
        """To the same server, by the configuration of this moment; None if it is not asked now."""
        for group in now.groups:
            for target in group.targets:
                if _who(target) == _who(self.target):
                    return Route((Group(group.wanted, (target,)),))
        return None


async def preview(
    ask: Ask,
    route: Route,
    session: Session,
    configuration: Configuration,
    *,
    notes: Sequence[str] = (),
) -> Preview:
    """What ``ask`` would send to the first target of the route. Nobody is contacted.

    Raises ``PromptTooLargeError``.
    """
    sent = await asyncio.to_thread(outgoing, ask)
    fitting = Fitting(sent.ask, configuration, session, offline=True)
    target, wanted = route.first, route.groups[0].wanted
    await fitting.prepare(target)
    facts = session.facts.get((target.backend, target.model))
    # The first look reads a table of a megabyte.
    price = await asyncio.to_thread(price_for, configuration, target, wanted=wanted, facts=facts)
    costs = None
    if price is not None:
        most = [target.options.get("max_tokens"), max_output_of(target, facts)]
        longest = min((one for one in most if one), default=LONGEST_ANSWER)
        tokens = fitting.prompt.tokens
        costs = (cost_of(price, tokens, 0), cost_of(price, tokens, longest))
    return Preview(sent, fitting.prompt, target, costs, tuple(notes))


def as_markdown(found: Preview) -> str:
    """The preview as a page, without a title: whom, how much, what of which files, every word."""
    target, prompt = found.target, found.prompt
    where = "on this machine" if target.local else "not on this machine"
    lines = [
        f"- To: {target.backend} ({target.model}), {where}{_address(target)}",
        f"- Size: about {prompt.tokens:,} tokens",
        f"- Cost: {_cost(found.costs)}",
        f"- Files: {', '.join(files(found))}",
    ]
    if prompt.left_out:
        lines.append(f"- Left out: {' and '.join(prompt.left_out)}")
    if found.sent.withheld:
        lines.append(f"- Withheld: {' and '.join(found.sent.withheld)}")
    lines += [f"- {note}" for note in found.notes]
    parts = ["\n".join(lines)]
    for message in prompt.messages:
        parts.append(f"## {message['role']}\n\n{_fenced(message['content'])}")
    return "\n\n".join(parts)


def files(found: Preview) -> list[str]:
    """The files of which something is in the prompt."""
    ask = found.sent.ask
    return [ask.snapshot.path, *(one.name for one in ask.guidance)]


def _address(target: Target) -> str:
    return f", at {target.api_base}" if target.api_base else ""


def _cost(costs: tuple[int, int] | None) -> str:
    if costs is None:
        return "not known"
    if not costs[1]:
        return "nothing"
    return f"{in_dollars(costs[0])} for the prompt, at most {in_dollars(costs[1])} with the answer"


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _who(target: Target) -> tuple[object, ...]:
    return target.backend, target.provider, target.model, target.api_base, target.origins
