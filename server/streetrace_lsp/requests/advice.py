"""Which of the configured models suits a task best: measured, looked up, and said why."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.routing.configured import configured_models
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.recommend import Recommendation, recommend
from streetrace_lsp.routing.targets import Target, resolve_all

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.session import Session


async def advise(
    session: Session,
    configuration: Configuration,
    task: str,
    *,
    max_cost: Any = None,
    top_k: int = 3,
) -> list[Recommendation]:
    """The best configured targets for ``task``, best first. Nothing is contacted.

    Targets that could not be asked, such as those without a key, are left out. Raises
    `RoutingError` when none is left, ``CostLimitError`` for a limit that is none.
    """
    targets: dict[str, Target] = {}
    for model in configured_models(configuration.settings):
        try:
            targets[model.target] = resolve_all(configuration, task, model.target)[0]
        except RoutingError:
            continue
    if not targets:
        raise RoutingError(
            "None of the configured models can be asked.",
            "Run: streetrace-lsp doctor",
        )
    try:
        speeds = await session.ledger.speeds()
    except StreetraceError:
        speeds = {}
    known = {(target.backend, target.model): name for name, target in targets.items()}
    facts = {known[key]: found for key, found in session.facts.items() if key in known}
    # Prices and windows come out of a table of a megabyte.
    return await asyncio.to_thread(
        recommend,
        configuration,
        task,
        targets,
        speeds=speeds,
        facts=facts,
        max_cost=max_cost,
        top_k=top_k,
    )


def as_markdown(found: list[Recommendation], task: str) -> str:
    """The recommendations as a page, without a title."""
    if not found:
        return "No configured model is within that limit of cost, as far as prices are known."
    parts = [f"For {task}, of the models that are configured:"]
    for place, one in enumerate(found, start=1):
        reasons = "\n".join(f"   - {reason}" for reason in one.why)
        parts.append(f"{place}. `{one.target}`: {one.score:g} of 100\n{reasons}")
    return "\n\n".join(parts)
