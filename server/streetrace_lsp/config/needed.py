"""Which variables a configuration may want to look up, and which providers it uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .expand import references
from .pools import expanded
from .providers import PROVIDERS, Provider, find_provider
from .target_strings import Choice, TargetError, choose
from .variables import Variables

if TYPE_CHECKING:
    from .model import Backend, Settings

_OWN: Final = frozenset({"STREETRACE_MODEL", "STREETRACE_TEMPERATURE", "STREETRACE_MAX_TOKENS"})


def has_own_base(variables: Variables) -> bool:
    """Whether an OpenAI-compatible address is set in the environment: bare names go there."""
    return any(variables.has(name) for name in PROVIDERS["openai"].base_variables)


def chain(given: str | list[str]) -> list[str]:
    """A task's target strings: the first one, and those to try after it."""
    return [given] if isinstance(given, str) else given


def targets(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each target string with a task that it serves."""
    if settings.model:
        yield settings.model, "edit"
    yield from ((target, "edit") for target in settings.fallbacks or ())
    for pool in settings.pools.values():
        yield from ((target, "edit") for target in pool)
    for task, given in settings.tasks.items():
        yield from ((target, task) for target in chain(given))
    for name, action in settings.actions.items():
        if action.model:
            yield action.model, name
        yield from ((target, name) for target in action.fallbacks or ())


def choices(own: Settings, effective: Settings) -> list[Choice]:
    """What the target strings of ``own`` mean in the whole, pools resolved; those that mean
    nothing left out."""
    found = []
    for named, task in targets(own):
        for target in expanded(effective, named):
            try:
                found.append(choose(target, effective, task))
            except TargetError:
                continue
    return found


def used_backends(project: Settings, effective: Settings) -> list[tuple[str, Backend, bool]]:
    """The backends that a project's file declares or uses: name, backend, whether the
    project's own. A provider that is named without a backend stands under its own name."""
    from .model import Backend

    used = {name: (name, backend, True) for name, backend in project.backends.items()}
    named = [target for given, _ in targets(project) for target in expanded(effective, given)]
    named += [project.defaults.embedding_backend or ""]
    for target in named:
        # Also where it is not yet clear which of its models is meant.
        name = target.strip().partition("/")[0]
        if name in effective.backends and name not in used:
            used[name] = (name, effective.backends[name], False)
    for choice in choices(project, effective):
        if choice.backend is None:
            name = choice.provider.name
            used.setdefault(f"{name}/", (name, Backend(provider=name), False))
        elif choice.backend not in used:
            name = choice.backend
            used[name] = (name, effective.backends[name], False)
    return list(used.values())


def variable_names(settings: Settings) -> frozenset[str]:
    """The variables that a trusted project's `.env` may set: those that the configuration
    names, those of the providers it uses, and our own."""
    names = set(_OWN)
    providers: list[Provider | None] = [choice.provider for choice in choices(settings, settings)]
    for backend in settings.backends.values():
        providers.append(find_provider(backend.provider))
        names |= set(references(backend.model_dump()))
    for provider in providers:
        if provider is not None:
            names |= _of_provider(provider)
    return frozenset(names)


def _of_provider(provider: Provider) -> set[str]:
    names = {*provider.key_variables, *provider.base_variables, *provider.region_variables}
    names |= {name for setting in provider.settings for name in setting.variables}
    names |= set(provider.login_variables)
    return names | {name for _, name in provider.credentials}
