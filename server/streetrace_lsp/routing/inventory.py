"""Which models the configured servers have, each with the target string that means it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError

from . import listing
from .configured import ConfiguredModel, configured_models
from .errors import RoutingError
from .listing import Listed
from .providers import find_provider
from .targets import Target, resolve_all

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

    from .host import ModelHost

_TASK: Final = "ask"
# Stands where a target string needs a model and the server is what is meant.
_ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """A model. ``target``: what to write for it; ``configured_as``: the targets that name it.

    ``listed``: whether the server lists it, None where it gives no list.
    """

    target: str
    backend: str
    model: Listed
    configured_as: tuple[str, ...] = ()
    listed: bool | None = None


@dataclass(frozen=True)
class Inventory:
    """What one backend has. ``server``: provider and address, for people. ``fault``: why the
    server's own list is missing; what is configured is there all the same."""

    backend: str
    server: str
    rows: tuple[Row, ...] = ()
    fault: StreetraceError | None = field(default=None, compare=False)


async def inventory(
    configuration: Configuration, host: ModelHost, only: str | None = None
) -> AsyncIterator[Inventory]:
    """The models of each configured backend and provider, or of ``only``, one of them.

    Where nothing is configured, those of Ollama on this machine. Raises `RoutingError` for a
    name that is neither a backend nor a provider.
    """
    for name in _names(configuration, only):
        configured = [m for m in configured_models(configuration.settings) if _of(m) == name]
        title = _title(configuration, name)
        provider = find_provider(_provider_of(configuration, name))
        if provider is not None and not listing.gives_list(provider):
            yield Inventory(name, title, _rows(name, configured, None))
            continue
        try:
            targets = resolve_all(configuration, _TASK, f"{name}/{_ANY}")
        except StreetraceError as error:
            yield Inventory(name, title, _rows(name, configured, None), error)
            continue
        listed, fault = await _listed(host, targets)
        first = targets[0]
        server = f"{title} at {first.api_base}" if first.api_base else title
        yield Inventory(name, server, _rows(name, configured, listed), fault)


async def _listed(
    host: ModelHost, targets: tuple[Target, ...]
) -> tuple[list[Listed] | None, StreetraceError | None]:
    """The list of the first server that gives one, or why the first of them does not."""
    fault: StreetraceError | None = None
    for target in targets:
        if not listing.can_list(target):
            continue
        try:
            return await listing.models(host, target), None
        except StreetraceError as error:
            fault = fault or error
    return None, fault


def target_to_pull(configuration: Configuration, model: str, backend: str | None) -> Target:
    """The Ollama that fetches ``model``: the named backend, the only one there is, or the one on
    this machine. Raises `RoutingError`."""
    backends = configuration.settings.backends
    ollamas = [name for name, one in backends.items() if _provider(one.provider) == "ollama"]
    if backend is None and len(ollamas) > 1:
        raise RoutingError(
            f"Several backends are Ollama: {', '.join(sorted(ollamas))}.",
            "Say which one with --backend NAME.",
        )
    name = backend or (ollamas[0] if ollamas else "ollama")
    target = resolve_all(configuration, _TASK, f"{name}/{_ANY}")[0]
    if target.adapter != "ollama":
        raise RoutingError(
            f"{name} is not Ollama, so nothing can be fetched for it.",
            "Make its server load the model by its own means.",
        )
    return replace(target, model=model)


def _names(configuration: Configuration, only: str | None) -> list[str]:
    settings = configuration.settings
    if only is None:
        named = dict.fromkeys(map(_of, configured_models(settings)))
        return list(dict.fromkeys([*settings.backends, *named])) or ["ollama"]
    if only not in settings.backends and find_provider(only) is None:
        # Says what is meant, also where a project that is not trusted declares it.
        resolve_all(configuration, _TASK, f"{only}/{_ANY}")
    return [only]


def _of(entry: ConfiguredModel) -> str:
    return entry.backend or entry.provider


def _rows(
    name: str, configured: list[ConfiguredModel], listed: list[Listed] | None
) -> tuple[Row, ...]:
    """The server's models, then those that are configured and not in its list."""
    targets: dict[str, list[str]] = {}
    for entry in configured:
        targets.setdefault(entry.model, []).append(entry.target)
    rows = []
    for one in listed or ():
        shown = f"{name}/{one.name}"
        own = targets.pop(one.name, [])
        # Ollama's tag may be left out.
        own += targets.pop(one.name.removesuffix(":latest"), [])
        rows.append(Row(shown, name, one, _others(own, shown), listed=True))
    for model, own in targets.items():
        there = None if listed is None else False
        rows.append(Row(own[0], name, Listed(model), _others(own, own[0]), listed=there))
    return tuple(rows)


def _others(targets: list[str], shown: str) -> tuple[str, ...]:
    return tuple(target for target in targets if target != shown)


def _title(configuration: Configuration, name: str) -> str:
    provider = find_provider(_provider_of(configuration, name))
    return provider.title if provider is not None else name


def _provider_of(configuration: Configuration, name: str) -> str:
    backend = configuration.settings.backends.get(name)
    return backend.provider if backend is not None else name


def _provider(name: str) -> str:
    found = find_provider(name)
    return found.name if found is not None else name
