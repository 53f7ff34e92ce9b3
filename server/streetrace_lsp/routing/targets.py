"""Which model at which address serves a task, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.exposure import AddressError, Exposure, expose
from streetrace_lsp.config.find import inside
from streetrace_lsp.config.members import Member, members
from streetrace_lsp.config.needed import has_own_base
from streetrace_lsp.config.pools import expanded
from streetrace_lsp.config.readable import escaped
from streetrace_lsp.config.target_strings import Choice, TargetError, choose

from .credentials import Credentials, credentials
from .errors import NotConfiguredError, RoutingError, UntrustedError
from .network import NetworkSettings, network_settings
from .options import options
from .origins import Origin, parse_address
from .providers import PROVIDERS, Adapter, find_provider
from .refusals import (
    is_cloud_model,
    refuse_if_off,
    refuse_if_remote,
    refuse_if_untrusted,
    refuse_without_grant,
)
from .regions import in_its_region
from .secret import Secret

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend, Deployment

__all__ = ["Target", "resolve", "resolve_all", "wanted_or_configured", "wanted_target"]


@dataclass(frozen=True)
class Target:
    """Everything that is needed to ask one model.

    ``backend``: the name to show. ``model``: as the provider knows it. ``origins``: all that
    may be contacted for it. ``options``: temperature, max_tokens, num_ctx, keep_alive, think,
    timeout_total, timeout_first, timeout_idle (seconds), and the provider's own settings.
    ``credentials``: further secret options by name. ``repair``: whether a refused edit may go back
    to the model once. ``note``: a sentence for the user where
    the target was guessed from a well-known name. ``priced_as``: the model behind a deployment,
    which decides its price and window. ``network``: the way out of this machine. ``launch``: the
    backend to start first; where its address is known only then, there is none before, and no
    origin, so that nothing can be reached. ``key_variables``: those that the key may come from.
    """

    backend: str
    provider: str
    model: str
    adapter: Adapter
    api_base: str | None = None
    origins: tuple[Origin, ...] = ()
    key: Secret | None = None
    key_variable: str | None = None
    key_variables: tuple[str, ...] = ()
    headers: Mapping[str, Secret | str] = field(default_factory=dict)
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    local: bool = False
    edit_format: str = "auto"
    repair: bool = True
    recordings: Path | None = None
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    note: str = ""
    priced_as: str | None = None
    network: NetworkSettings = field(default_factory=NetworkSettings)
    launch: Backend | None = None


def resolve(configuration: Configuration, task: str, wanted: str | None = None) -> Target:
    """The first target that serves ``task``; ``wanted`` is a target string that a person gave.

    Raises `NotConfiguredError` when nothing names a model, `UntrustedError` or
    `GrantNeededError` when a person must agree first, `RoutingError` otherwise.
    """
    return resolve_all(configuration, task, wanted_or_configured(configuration, task, wanted))[0]


def wanted_or_configured(configuration: Configuration, task: str, wanted: str | None) -> str:
    """The target string to resolve for ``task``. Raises as `resolve` does."""
    refuse_if_off(configuration)
    text = wanted or wanted_target(configuration, task)
    if not text:
        refuse_if_untrusted(configuration)
        raise _not_configured(configuration)
    return text


def resolve_all(configuration: Configuration, task: str, text: str) -> tuple[Target, ...]:
    """Every server that the target string ``text`` may mean for ``task``: any of them will do.

    One, or more for a pool and for a backend with endpoints. Raises as `resolve` does.
    """
    found: list[Target] = []
    for part in expanded(configuration.settings, text):
        choice = _choose(configuration, part, task)
        name, backend, from_project = _backend(configuration, choice)
        for member in members(name, backend, choice.role, choice.provider):
            found.append(_target(configuration, choice, name, member, from_project))
    return tuple(found)


def wanted_target(configuration: Configuration, task: str) -> str | None:
    """The target string that the configuration gives for ``task``."""
    settings = configuration.settings
    if configuration.chosen_model:
        return settings.model
    action = settings.actions.get(task)
    if action is not None and action.model:
        return action.model
    given = settings.tasks.get(task)
    return (given if isinstance(given, str) else given[0]) if given else settings.model


def _choose(configuration: Configuration, text: str, task: str) -> Choice:
    project = configuration.project
    settings = configuration.settings
    try:
        return choose(text, settings, task, own_base=has_own_base(configuration.variables))
    except TargetError as error:
        head = text.partition("/")[0]
        if project and head in project.backends and head not in settings.backends:
            denied = project.status == "denied"
            path = escaped(str(project.path))
            raise UntrustedError(
                f"{head} is a backend of {path}, which "
                + ("you chose never to trust." if denied else "you have not trusted yet."),
                f"Run: streetrace-lsp trust {'--revoke ' if denied else ''}{path}",
            ) from None
        environment = configuration.sources.get("model") == "environment"
        source = "STREETRACE_MODEL: " if environment and text == settings.model else ""
        raise RoutingError(f"{source}{error.message}", error.next_step) from None


def _backend(configuration: Configuration, choice: Choice) -> tuple[str, Backend, bool]:
    """Name and table of a choice's backend, and whether it is the project's."""
    from streetrace_lsp.config.model import Backend

    name = choice.backend or choice.provider.name
    if not choice.backend:
        return name, Backend(provider=name), False
    backend = configuration.settings.backends[name]
    if backend.launch and backend.api_base is None:
        # Its port is known once it runs; until then this only tells that it is on this machine.
        backend = backend.model_copy(update={"api_base": "http://127.0.0.1"})
    return name, backend, configuration.from_project(f"backends.{name}")


def _target(
    configuration: Configuration, choice: Choice, name: str, member: Member, from_project: bool
) -> Target:
    variables = configuration.variables
    member = in_its_region(member, member.model or choice.model)
    # The user's own backends keep the addresses of the user's own shell.
    own = choice.backend is not None and not from_project
    try:
        exposure = expose(
            member.label,
            member.backend,
            choice.provider,
            variables.shell_only() if own else variables,
            from_project=from_project,
        )
    except AddressError as error:
        raise RoutingError(error.message, error.next_step) from None
    refuse_if_remote(configuration, member.label, exposure, choice.model)
    refuse_without_grant(configuration, member.label, exposure)
    given = credentials(member.label, member.backend, exposure, variables, configuration.grants)
    built = _built(configuration, choice, member, exposure, given)
    return replace(built, recordings=_recordings(configuration, name, member.backend))


def _built(
    configuration: Configuration,
    choice: Choice,
    member: Member,
    exposure: Exposure,
    given: Credentials,
) -> Target:
    settings = configuration.settings
    backend = member.backend
    ollama = choice.provider.name == "ollama"
    deployment = _deployment(settings.backends.get(choice.backend or ""), choice.role)
    # As it is configured: what `member` has for an address may stand for one not known yet.
    launch = settings.backends[choice.backend] if choice.backend and backend.launch else None
    reached = launch is None or launch.api_base is not None
    return Target(
        backend=member.label,
        provider=choice.provider.name,
        model=member.model or choice.model,
        adapter=choice.provider.adapter,
        api_base=exposure.address.url if exposure.address and reached else None,
        origins=exposure.origins if reached else (),
        key=given.key,
        key_variable=given.key_variable,
        key_variables=exposure.key_variables,
        headers=given.headers,
        extra_body=backend.extra_body,
        options={
            **options(configuration, backend, exposure),
            **given.logins,
            # What the deployment's name does not tell: which options the model takes.
            **({"base_model": deployment.model} if deployment and deployment.model else {}),
        },
        local=exposure.local and not (ollama and is_cloud_model(choice.model)),
        edit_format=backend.edit_format or settings.defaults.edit_format or "auto",
        repair=settings.defaults.repair is not False,
        credentials=given.others,
        note=choice.note,
        priced_as=deployment.model if deployment else None,
        network=network_settings(configuration, local=exposure.local),
        launch=launch,
    )


def _deployment(backend: Backend | None, role: str | None) -> Deployment | None:
    return backend.deployments.get(role) if backend is not None and role else None


def _recordings(configuration: Configuration, name: str, backend: Backend) -> Path | None:
    provider = find_provider(backend.provider)
    if provider is None or provider.adapter != "replay":
        return None
    if not backend.recordings:
        raise RoutingError(
            f"{name}: no folder of recorded answers is named.",
            f'Write recordings = "FOLDER" under [backends.{name}].',
        )
    project = configuration.project
    if project is None or not configuration.from_project(f"backends.{name}"):
        return configuration.user_path.parent / Path(backend.recordings).expanduser()
    folder = project.path.parent / backend.recordings
    if not inside(folder, project.root):
        raise RoutingError(
            f"{name}: the folder of recorded answers lies outside the workspace.",
            "Move it into the workspace.",
        )
    return folder


def _not_configured(configuration: Configuration) -> NotConfiguredError:
    from streetrace_lsp.config.model import Backend

    try:
        ollama = expose(
            "ollama",
            Backend(provider="ollama"),
            PROVIDERS["ollama"],
            configuration.variables.shell_only(),
            from_project=False,
        )
        origin = ollama.origins[0]
        base = ollama.address.url if ollama.address else None
    except AddressError:
        base, origin = None, parse_address("http://localhost").origin
    named = " or ".join(configuration.settings.backends)
    message = f"No model = names {named}." if named else "No model is configured."
    step = _first_step(configuration)
    here = base is not None and origin.loopback
    return NotConfiguredError(message, step, base if here else None, origin if here else None)


def _first_step(configuration: Configuration) -> str:
    """What to do where no model is named, into the file that is there already."""
    project = configuration.project
    backends = configuration.settings.backends
    own = configuration.user_path.is_file()
    file = escaped(str(project.path if project is not None else configuration.user_path))
    if backends:
        return f'Write model = "{escaped(next(iter(backends)))}" in {file}.'
    pull = "start Ollama and pull a model (ollama pull qwen2.5-coder)"
    if project is None and not own:
        return f"Run: streetrace-lsp init; or {pull}."
    return f'Write model = "PROVIDER/MODEL" in {file}, or {pull}.'
