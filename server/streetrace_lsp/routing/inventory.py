"""Which models the configured servers have, each with the target string that means it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.target_strings import nearest
from streetrace_lsp.errors import StreetraceError

from . import listing
from .configured import ConfiguredModel, configured_models
from .errors import RoutingError, UntrustedError
from .events import BackendError
from .listing import Listed
from .prices import price_for
from .providers import PROVIDERS, Provider, find_provider
from .targets import Target, resolve_all
from .windows import window_of

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
    server's own list is missing; what is configured is there all the same. ``waits``: `launch`
    starts the server when it is needed, and it does not run now."""

    backend: str
    server: str
    rows: tuple[Row, ...] = ()
    fault: StreetraceError | None = field(default=None, compare=False)
    waits: bool = False


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
            rows = _rows(name, configured, None)
            # LiteLLM's table is a large file.
            yield await asyncio.to_thread(_without_list, configuration, name, provider, rows)
            continue
        try:
            targets = resolve_all(configuration, _TASK, f"{name}/{_ANY}")
        except StreetraceError as error:
            yield Inventory(name, title, _rows(name, configured, None), error)
            continue
        listed, fault, asked = await _listed(host, targets)
        if targets[0].launch is not None and _is_away(fault, listed):
            program = Path((targets[0].launch.launch or [title])[0]).name
            yield Inventory(name, program, _rows(name, configured, None), waits=True)
            continue
        server = f"{title} at {asked.api_base}" if asked.api_base else title
        yield Inventory(name, server, _rows(name, configured, listed), fault)


def _without_list(
    configuration: Configuration, name: str, provider: Provider, rows: tuple[Row, ...]
) -> Inventory:
    """What is known of configured models without asking: windows, prices, and the address."""
    server, full = provider.title, []
    for row in rows:
        try:
            target = resolve_all(configuration, _TASK, row.target)[0]
            if target.api_base not in {None, provider.base}:
                server = f"{provider.title} at {target.api_base}"
        except StreetraceError:
            # It can't be asked now; what it is and costs is known all the same.
            target = Target(name, provider.name, row.model.name, provider.adapter)
        target = replace(target, priced_as=target.priced_as or row.model.name)
        price = price_for(configuration, target, wanted=row.target)
        model = replace(
            row.model,
            context_window=window_of(configuration, target),
            input_price=price.input if price else None,
            output_price=price.output if price else None,
        )
        full.append(replace(row, model=model))
    return Inventory(name, server, tuple(full))


def _is_away(fault: StreetraceError | None, listed: list[Listed] | None) -> bool:
    """Whether nobody was asked, or nobody is there."""
    return listed is None and (
        fault is None or (isinstance(fault, BackendError) and fault.kind == "connect")
    )


async def _listed(
    host: ModelHost, targets: tuple[Target, ...]
) -> tuple[list[Listed] | None, StreetraceError | None, Target]:
    """The list of the first server that gives one, or why the first of them does not; and it."""
    fault: StreetraceError | None = None
    for target in targets:
        if not listing.can_list(target):
            continue
        try:
            return await listing.models(host, target), None, target
        except StreetraceError as error:
            fault = fault or error
    return None, fault, targets[0]


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
    if not model.strip():
        raise RoutingError("No model is named.", "Name one, such as qwen2.5-coder:7b.")
    name = backend or (ollamas[0] if ollamas else "ollama")
    target = resolve_all(configuration, _TASK, f"{name}/{_ANY}")[0]
    if target.adapter != "ollama":
        raise RoutingError(
            f"{name} is not Ollama, so nothing can be fetched for it.",
            "Make its server load the model by its own means.",
        )
    if target.launch is not None and target.api_base is None:
        raise RoutingError(
            f"The server of {name}, which `launch` starts when it is needed, does not run.",
            "Start Ollama with `ollama serve`, and fetch with --backend ollama.",
        )
    return replace(target, model=model)


def _names(configuration: Configuration, only: str | None) -> list[str]:
    settings = configuration.settings
    if only is None:
        named = dict.fromkeys(map(_of, configured_models(settings)))
        return list(dict.fromkeys([*settings.backends, *named])) or ["ollama"]
    if only not in settings.backends and find_provider(only) is None:
        raise _nobody(configuration, only)
    return [only]


def _nobody(configuration: Configuration, name: str) -> RoutingError:
    """For a name that is neither a backend's nor a provider's."""
    try:
        resolve_all(configuration, _TASK, f"{name}/{_ANY}")
    except UntrustedError as error:
        # A project that is not trusted declares it.
        return error
    except StreetraceError:
        pass
    backends = sorted(configuration.settings.backends)
    near = nearest(name, [*backends, *PROVIDERS]) if name.strip() else None
    steps = [f"Did you mean {near}?" if near else ""]
    steps += [f"Configured: {', '.join(backends)}." if backends else "No backend is configured."]
    return RoutingError(
        f"“{name}” is neither a backend nor a provider.", " ".join(filter(None, steps))
    )


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
