"""Which target serves an action, also where nothing is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.routing.targets import resolve

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration
    from streetrace_lsp.prompts.actions import Action
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.targets import Target


async def target_for(
    configuration: Configuration, action: Action, model: str | None, host: ModelHost
) -> Target:
    """The target for an action; ``model`` is what the person asked for this once.

    Raises `RoutingError` with what to configure when nothing serves it.
    """
    return resolve(configuration, action.name, model)
