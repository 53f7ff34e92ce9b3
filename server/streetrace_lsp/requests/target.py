"""Which targets serve an action, also where nothing is configured."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from streetrace_lsp.routing.errors import NotConfiguredError
from streetrace_lsp.routing.route import Group, Route, route
from streetrace_lsp.routing.targets import Target
from streetrace_lsp.routing.unconfigured import Offer, choose_without_configuration

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.host import ModelHost

# Asks a person whether to use a provider whose key variable is set; None means nobody answered.
AskOffer = Callable[[Offer], Awaitable[bool | None]]


async def route_for(
    configuration: Configuration,
    task: str,
    wanted: str | None,
    host: ModelHost,
    *,
    ask_offer: AskOffer | None = None,
) -> Route:
    """The route for a task; ``wanted`` is what the person asked for this once.

    Where nothing is configured, a chat model that Ollama has on this machine serves; a
    provider whose key is set is offered with ``ask_offer``, and never used unasked.
    Raises `RoutingError` with what to do when nothing serves it.
    """
    host.limit(configuration.settings.model_host.memory)
    try:
        return route(configuration, task, wanted)
    except NotConfiguredError as error:
        missing = error
    installed = None
    if missing.ollama_base is not None and missing.ollama_origin is not None:
        origin = missing.ollama_origin
        installed = await host.installed(missing.ollama_base, (origin.host, origin.port))
    chosen = choose_without_configuration(configuration, task, installed)
    if isinstance(chosen, Target):
        return Route((Group(f"{chosen.provider}/{chosen.model}", (chosen,)),))
    if ask_offer is not None and await ask_offer(chosen):
        return route(configuration, task, chosen.target)
    raise missing


async def target_for(
    configuration: Configuration,
    task: str,
    wanted: str | None,
    host: ModelHost,
    *,
    ask_offer: AskOffer | None = None,
) -> Target:
    """The first target of `route_for`. Raises as that does."""
    found = await route_for(configuration, task, wanted, host, ask_offer=ask_offer)
    return found.first
