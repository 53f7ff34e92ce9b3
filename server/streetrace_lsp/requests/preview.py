"""What a request would send, before it is sent: to look at, and to send exactly that."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
class Page:
    """What a person sees of a request before it is sent.

    ``files``: those of which something is in it. ``left_out``, ``withheld``: in words, what had no
    room and what is kept back. ``costs``: nano-dollars for the prompt alone, and with the longest
    answer; None where the price is not known. ``notes``: what a person should know besides.
    ``messages`` in the form of OpenAI's chat completions. ``tools``: what the model may call.
    """

    target: Target
    messages: Sequence[Mapping[str, Any]]
    tokens: int
    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    costs: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    tools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Preview:
    """The messages of an action for one target, and what a person sees of them."""

    sent: Outgoing
    prompt: Prompt
    page: Page

    def way(self, now: Route) -> Route | None:
        """As `same_way`."""
        return same_way(self.page.target, now)


def same_way(seen: Target, now: Route) -> Route | None:
    """To the server of a preview, by the configuration of now; None if it is not asked now."""
    for group in now.groups:
        for target in group.targets:
            if _who(target) == _who(seen):
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
    await fitting.prepare(route.first)
    prompt = fitting.prompt
    page = Page(
        route.first,
        prompt.messages,
        prompt.tokens,
        (ask.snapshot.path, *(one.name for one in ask.guidance)),
        prompt.left_out,
        sent.withheld,
        await costs(route, session, configuration, prompt.tokens),
        tuple(notes),
    )
    return Preview(sent, prompt, page)


async def costs(
    route: Route, session: Session, configuration: Configuration, tokens: int
) -> tuple[int, int] | None:
    """What a prompt of so many tokens costs at the first target of the route, as in a `Page`."""
    target, wanted = route.first, route.groups[0].wanted
    facts = session.facts.get((target.backend, target.model))
    # The first look reads a table of a megabyte.
    price = await asyncio.to_thread(price_for, configuration, target, wanted=wanted, facts=facts)
    if price is None:
        return None
    most = [target.options.get("max_tokens"), max_output_of(target, facts)]
    longest = min((one for one in most if one), default=LONGEST_ANSWER)
    return cost_of(price, tokens, 0), cost_of(price, tokens, longest)


def as_markdown(page: Page) -> str:
    """The preview as a page, without a title: whom, how much, what of which files, every word."""
    target = page.target
    where = "on this machine" if target.local else "not on this machine"
    lines = [
        f"- To: {target.backend} ({target.model}), {where}{_address(target)}",
        f"- Size: about {page.tokens:,} tokens",
        f"- Cost: {_cost(page.costs)}",
    ]
    if page.files:
        lines.append(f"- Files: {', '.join(page.files)}")
    if page.left_out:
        lines.append(f"- Left out: {' and '.join(page.left_out)}")
    if page.withheld:
        lines.append(f"- Withheld: {' and '.join(page.withheld)}")
    lines += [f"- {note}" for note in page.notes]
    parts = ["\n".join(lines)]
    for message in page.messages:
        parts += [f"## {message['role']}", *map(_fenced, _texts(message))]
    if page.tools:
        parts += ["## Tools", *(_fenced(_json(tool)) for tool in page.tools)]
    return "\n\n".join(parts)


def facts(page: Page) -> dict[str, Any]:
    """The same for programs."""
    return {
        "backend": page.target.backend,
        "model": page.target.model,
        "messages": list(page.messages),
        **({"tools": list(page.tools)} if page.tools else {}),
        "tokens": page.tokens,
        "cost": [cost / 1e9 for cost in page.costs] if page.costs is not None else None,
        "files": list(page.files),
        "leftOut": list(page.left_out),
        "withheld": list(page.withheld),
        "notes": list(page.notes),
    }


def _address(target: Target) -> str:
    return f", at {target.api_base}" if target.api_base else ""


def _cost(costs: tuple[int, int] | None) -> str:
    if costs is None:
        return "not known"
    if not costs[1]:
        return "nothing"
    return f"{in_dollars(costs[0])} for the prompt, at most {in_dollars(costs[1])} with the answer"


def _texts(message: Mapping[str, Any]) -> list[str]:
    """What a message says: its texts, and the calls in it."""
    content = message.get("content")
    said = [content] if isinstance(content, str) else [part["text"] for part in content or ()]
    return [*said, *(_json(call["function"]) for call in message.get("tool_calls") or ())]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _who(target: Target) -> tuple[object, ...]:
    return target.backend, target.provider, target.model, target.api_base, target.origins
