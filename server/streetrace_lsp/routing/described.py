"""What can be said of a target without asking its server: who, where, with which key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.exposure import AddressError, Exposure, expose
from streetrace_lsp.config.needed import has_own_base
from streetrace_lsp.config.target_strings import Choice, TargetError, choose
from streetrace_lsp.errors import StreetraceError

from .diagnosis import Diagnosis, Fault
from .errors import GrantNeededError, NotConfiguredError, UntrustedError
from .key_found import key_found
from .targets import Target, resolve_all, wanted_or_configured

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.model import Backend

    from .host import ModelHost

TASK: Final = "ask"


async def prepared(
    configuration: Configuration, host: ModelHost, wanted: str | None
) -> list[tuple[Diagnosis, Target | None]]:
    """What can be said without asking, and the target unless something forbids it.

    Several where a backend has several servers.
    """
    found = Diagnosis(wanted)
    choice: Choice | None = None
    if wanted is not None:
        try:
            own = has_own_base(configuration.variables)
            choice = choose(wanted, configuration.settings, TASK, own_base=own)
        except TargetError:
            choice = None  # `resolve` says it better: it knows what an untrusted file declares.
    backend = _backend(configuration, choice)
    if choice is not None:
        found = replace(
            found,
            declared=_declared(configuration, choice),
            provider=choice.provider.title,
            backend=choice.backend or choice.provider.name,
            model=choice.model,
            note=choice.note,
        )
    try:
        targets = await _resolved(configuration, host, wanted)
    except StreetraceError as error:
        key = None
        may_look = not isinstance(error, GrantNeededError | UntrustedError)
        if choice is not None and backend is not None and may_look:
            exposure = _exposure(configuration, choice, backend)
            usable = exposure.key_variables if exposure is not None else None
            key = key_found(backend, choice.provider, configuration.variables, None, usable)
            if exposure is not None and exposure.address is not None:
                found = replace(found, endpoint=exposure.address.url)
            key = key if key.found == "not set" else None
        return [(replace(found, key=key, fault=Fault(error.message, error.next_step)), None)]
    return [(_described(configuration, found, target, backend), target) for target in targets]


def prepared_for_searching(configuration: Configuration) -> tuple[Diagnosis, Target | None]:
    """The same for the model of ``embedding_backend``, which is set."""
    from .embed import embedding_target

    settings = configuration.settings
    name = settings.defaults.embedding_backend or ""
    backend = settings.backends.get(name)
    model = backend.embedding_model if backend is not None else None
    found = Diagnosis(
        f"{name}/{model}" if model else name, note="embedding_backend: turns text into vectors"
    )
    try:
        target = embedding_target(configuration)
    except StreetraceError as error:
        return replace(found, fault=Fault(error.message, error.next_step)), None
    declared = _declared_backend(configuration, name)
    return _described(configuration, replace(found, declared=declared), target, backend), target


async def _resolved(
    configuration: Configuration, host: ModelHost, wanted: str | None
) -> tuple[Target, ...]:
    try:
        text = wanted_or_configured(configuration, TASK, wanted)
        return resolve_all(configuration, TASK, text)
    except NotConfiguredError as error:
        from .unconfigured import choose_without_configuration

        installed = None
        if error.ollama_base is not None and error.ollama_origin is not None:
            origin = (error.ollama_origin.host, error.ollama_origin.port)
            installed = await host.installed(error.ollama_base, origin)
        chosen = choose_without_configuration(configuration, TASK, installed)
        if isinstance(chosen, Target):
            return (chosen,)
        raise NotConfiguredError(
            chosen.message, f'To use it, write model = "{chosen.target}".', None, None
        ) from error


def _described(
    configuration: Configuration, found: Diagnosis, target: Target, backend: Backend | None
) -> Diagnosis:
    from streetrace_lsp.config.model import Backend
    from streetrace_lsp.modelhost.network import network

    from .providers import PROVIDERS

    provider = PROVIDERS[target.provider]
    declared = backend or Backend(provider=target.provider)
    proxy = None
    if target.origins:
        first = target.origins[0]
        way = network(target.network.frame())
        chosen = way.proxy_for(first.scheme, first.host, first.port)
        proxy = chosen.url if chosen else None
    return replace(
        found,
        declared=found.declared or "by itself: nothing is configured",
        provider=provider.title,
        backend=target.backend,
        model=target.model,
        program=Path(target.launch.launch[0]).name
        if target.launch and target.launch.launch
        else None,
        endpoint=target.api_base or (str(target.origins[0]) if target.origins else None),
        local=target.local,
        key=key_found(declared, provider, configuration.variables, target),
        proxy=proxy,
        ca_bundle=target.network.ca_bundle,
        note=target.note or found.note,
    )


def _exposure(configuration: Configuration, choice: Choice, backend: Backend) -> Exposure | None:
    """Where the backend leads, and with which variables; None where that is not known."""
    variables = configuration.variables
    from_project = configuration.from_project(f"backends.{choice.backend}")
    try:
        return expose(
            choice.backend or choice.provider.name,
            backend,
            choice.provider,
            variables if choice.backend is None or from_project else variables.shell_only(),
            from_project=from_project,
        )
    except AddressError:
        return None


def _backend(configuration: Configuration, choice: Choice | None) -> Backend | None:
    from streetrace_lsp.config.model import Backend

    if choice is None:
        return None
    if choice.backend is None:
        return Backend(provider=choice.provider.name)
    return configuration.settings.backends[choice.backend]


def _declared(configuration: Configuration, choice: Choice) -> str:
    if choice.backend is None:
        return f"{choice.provider.title} by its name"
    return _declared_backend(configuration, choice.backend)


def _declared_backend(configuration: Configuration, name: str) -> str:
    project = configuration.project
    if project is not None and configuration.from_project(f"backends.{name}"):
        return f"the project's {project.path.name}, which you trust"
    return f"your own {configuration.user_path.name}"
