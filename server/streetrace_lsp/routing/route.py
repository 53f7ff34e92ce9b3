"""In which order targets are tried for a task: the chosen one, then its fallbacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.config.configuration import Configuration

from .errors import NotConfiguredError, RoutingError
from .targets import Target, resolve_all, wanted_or_configured

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Settings


@dataclass(frozen=True)
class Group:
    """Servers of which any will do, and the target string that means them."""

    wanted: str
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Route:
    """The groups in the order in which they are tried.

    ``skipped``: why fallbacks that the configuration names are not among them, in sentences.
    """

    groups: tuple[Group, ...]
    skipped: tuple[str, ...] = ()

    @property
    def first(self) -> Target:
        """The target that is asked when all is well."""
        return self.groups[0].targets[0]


def route(configuration: Configuration, task: str, wanted: str | None = None) -> Route:
    """The route for ``task``. What a person asked for by name (``wanted``) has no fallbacks.

    Raises as `targets.resolve` does when the first target can't be asked at all. A fallback
    that can't is left out, with its reason.
    """
    text = wanted_or_configured(configuration, task, wanted)
    groups = [Group(text, resolve_all(configuration, task, text))]
    skipped: list[str] = []
    for fallback in () if wanted else fallbacks(configuration, task):
        if any(group.wanted == fallback for group in groups):
            continue
        try:
            groups.append(Group(fallback, resolve_all(configuration, task, fallback)))
        except NotConfiguredError:
            raise
        except RoutingError as error:
            skipped.append(f"The fallback {fallback} was left out: {error.message}")
    return Route(tuple(groups), tuple(skipped))


def fallbacks(configuration: Configuration, task: str) -> tuple[str, ...]:
    """The target strings to try after the first for ``task``: the action's, the task's, or all's.

    A model that the environment or a person's switch names has the general ones.
    """
    settings = configuration.settings
    if configuration.sources.get("model") not in {"environment", "switch"}:
        own = _own(settings, task)
        if own is not None:
            return own
    return tuple(settings.fallbacks or ())


def _own(settings: Settings, task: str) -> tuple[str, ...] | None:
    action = settings.actions.get(task)
    if action is not None and action.fallbacks is not None:
        return tuple(action.fallbacks)
    if action is not None and action.model:
        return None
    given = settings.tasks.get(task)
    return tuple(given[1:]) if isinstance(given, list) else None
