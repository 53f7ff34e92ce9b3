"""Every model that a configuration names, with the target string that means it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.config.target_strings import TargetError, choose

from .providers import find_provider

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend, Settings


@dataclass(frozen=True, slots=True)
class ConfiguredModel:
    """One model. ``target``: what to write for it. ``backend`` and ``role`` are None where a
    target string names a provider's model directly, or no role leads to it."""

    target: str
    backend: str | None
    role: str | None
    provider: str
    model: str


def configured_models(settings: Settings) -> tuple[ConfiguredModel, ...]:
    """The models of all backends, then those that targets name directly; each target once."""
    found: dict[str, ConfiguredModel] = {}
    for name, backend in settings.backends.items():
        for entry in _of_backend(name, backend):
            found.setdefault(entry.target, entry)
    for target in target_strings(settings):
        direct = _direct(target, settings)
        if direct is not None:
            found.setdefault(target, direct)
    return tuple(found.values())


def leads_to(settings: Settings, target: str | None, task: str = "edit") -> str | None:
    """``BACKEND/MODEL`` that a target string means, whether it has a key or not; None for a pool,
    whose servers differ, and for what means nothing."""
    if not target or target in settings.pools:
        return None
    try:
        choice = choose(target, settings, task)
    except TargetError:
        return None
    return f"{choice.backend or choice.provider.name}/{choice.model}"


def target_strings(settings: Settings) -> tuple[str, ...]:
    """All target strings that the settings hold, in their order, each once."""
    chains = [
        (settings.model,),
        settings.fallbacks or (),
        *((given,) if isinstance(given, str) else given for given in settings.tasks.values()),
        *((action.model, *(action.fallbacks or ())) for action in settings.actions.values()),
        *settings.pools.values(),
    ]
    return tuple(dict.fromkeys(target for chain in chains for target in chain if target))


def _of_backend(name: str, backend: Backend) -> Iterator[ConfiguredModel]:
    found = find_provider(backend.provider)
    provider = found.name if found is not None else backend.provider
    for role, deployment in backend.deployments.items():
        model = deployment.model or deployment.deployment
        yield ConfiguredModel(f"{name}/{role}", name, role, provider, model)
    for role, model in backend.models.items():
        yield ConfiguredModel(f"{name}/{role}", name, role, provider, model)
    if backend.model and backend.model not in backend.models.values():
        yield ConfiguredModel(f"{name}/{backend.model}", name, None, provider, backend.model)


def _direct(target: str, settings: Settings) -> ConfiguredModel | None:
    head = target.partition("/")[0]
    if target in settings.pools:
        return None
    try:
        choice = choose(target, settings, "edit")
    except TargetError:
        return None
    if choice.backend == head and "/" not in target:
        return None
    return ConfiguredModel(target, choice.backend, None, choice.provider.name, choice.model)
