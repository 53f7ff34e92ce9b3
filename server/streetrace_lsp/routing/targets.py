"""Which model at which address serves a task, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.exposure import AddressError, Exposure, expose
from streetrace_lsp.config.find import inside
from streetrace_lsp.config.grants import Grant
from streetrace_lsp.config.needed import has_own_base
from streetrace_lsp.config.readable import escaped
from streetrace_lsp.config.target_strings import Choice, TargetError, choose

from .credentials import Credentials, credentials
from .errors import GrantNeededError, NotConfiguredError, RoutingError, UntrustedError
from .options import options
from .origins import Origin, parse_address
from .providers import PROVIDERS, Adapter, find_provider
from .secret import Secret

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

__all__ = ["Target", "resolve", "wanted_target"]


@dataclass(frozen=True)
class Target:
    """Everything that is needed to ask one model.

    ``backend``: the name to show. ``model``: as the provider knows it. ``origins``: all that
    may be contacted for it. ``options``: temperature, max_tokens, num_ctx, keep_alive, think,
    timeout_total, timeout_first, timeout_idle (seconds), and the provider's own settings.
    ``credentials``: further secret options by name. ``repair``: whether a refused edit may go back
    to the model once. ``note``: a sentence for the user where
    the target was guessed from a well-known name.
    """

    backend: str
    provider: str
    model: str
    adapter: Adapter
    api_base: str | None = None
    origins: tuple[Origin, ...] = ()
    key: Secret | None = None
    key_variable: str | None = None
    headers: Mapping[str, Secret | str] = field(default_factory=dict)
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    local: bool = False
    edit_format: str = "auto"
    repair: bool = True
    recordings: Path | None = None
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    note: str = ""


def resolve(configuration: Configuration, task: str, wanted: str | None = None) -> Target:
    """The target that serves ``task``; ``wanted`` is a target string that a person gave.

    Raises `NotConfiguredError` when nothing names a model, `UntrustedError` or
    `GrantNeededError` when a person must agree first, `RoutingError` otherwise.
    """
    _refuse_if_off(configuration)
    text = wanted or wanted_target(configuration, task)
    if not text:
        _refuse_if_untrusted(configuration)
        raise _not_configured(configuration)
    choice = _choose(configuration, text, task)
    return _target(configuration, choice)


def wanted_target(configuration: Configuration, task: str) -> str | None:
    """The target string that the configuration gives for ``task``."""
    settings = configuration.settings
    if configuration.sources.get("model") == "environment":
        return settings.model
    action = settings.actions.get(task)
    if action is not None and action.model:
        return action.model
    return settings.tasks.get(task) or settings.model


def _refuse_if_off(configuration: Configuration) -> None:
    if configuration.fault is not None:
        raise RoutingError(configuration.fault.message, configuration.fault.next_step)
    if not configuration.settings.enabled:
        raise RoutingError(
            f"Streetrace is turned off here by {_where(configuration, 'enabled')}.",
            "Remove enabled = false to turn it on.",
        )


def _refuse_if_untrusted(configuration: Configuration) -> None:
    """A project that names models is not served by whatever is found: a person decides."""
    project = configuration.project
    if project is None or project.status not in {"restricted", "denied"}:
        return
    path = escaped(str(project.path))
    denied = project.status == "denied"
    raise UntrustedError(
        f"{path} is {'denied' if denied else 'not trusted yet'}, and you have no model of your "
        "own configured.",
        f"Run: streetrace-lsp trust {'--revoke ' if denied else ''}{path}, or write "
        f'model = "PROVIDER/MODEL" in {escaped(str(configuration.user_path))}.',
    )


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
        raise RoutingError(error.message, error.next_step) from None


def _target(configuration: Configuration, choice: Choice) -> Target:
    from streetrace_lsp.config.model import Backend

    settings = configuration.settings
    name = choice.backend or choice.provider.name
    backend = settings.backends[name] if choice.backend else Backend(provider=name)
    from_project = bool(choice.backend) and configuration.from_project(f"backends.{name}")
    variables = configuration.variables
    # The user's own backends keep the addresses of the user's own shell.
    own = choice.backend is not None and not from_project
    try:
        exposure = expose(
            name,
            backend,
            choice.provider,
            variables.shell_only() if own else variables,
            from_project=from_project,
        )
    except AddressError as error:
        raise RoutingError(error.message, error.next_step) from None
    _refuse_if_remote(configuration, name, exposure)
    _refuse_without_grant(configuration, name, exposure)
    given = credentials(name, backend, exposure, variables, configuration.grants)
    return _built(configuration, choice, backend, exposure, given)


def _built(
    configuration: Configuration,
    choice: Choice,
    backend: Backend,
    exposure: Exposure,
    given: Credentials,
) -> Target:
    settings = configuration.settings
    name = choice.backend or choice.provider.name
    return Target(
        backend=name,
        provider=choice.provider.name,
        model=choice.model,
        adapter=choice.provider.adapter,
        api_base=exposure.address.url if exposure.address else None,
        origins=exposure.origins,
        key=given.key,
        key_variable=given.key_variable,
        headers=given.headers,
        extra_body=backend.extra_body,
        options=options(configuration, name, backend, choice.provider),
        local=exposure.local,
        edit_format=backend.edit_format or settings.defaults.edit_format or "auto",
        repair=settings.defaults.repair is not False,
        recordings=_recordings(configuration, name, backend),
        credentials=given.others,
        note=choice.note,
    )


def _refuse_if_remote(configuration: Configuration, name: str, exposure: Exposure) -> None:
    if not configuration.settings.local_only or exposure.local:
        return
    remote = next(origin for origin in exposure.origins if not origin.loopback)
    raise RoutingError(
        f"{name} is at {remote.host}, and {_where(configuration, 'local_only')} says local_only.",
        "Choose a target on this machine, for example one of Ollama.",
    )


def _refuse_without_grant(configuration: Configuration, name: str, exposure: Exposure) -> None:
    missing = tuple(sorted(exposure.missing(configuration.grants), key=lambda grant: grant.order))
    if not missing:
        return
    project = configuration.project
    path = project.path if project is not None else Path.cwd()
    words = " ".join(f"--grant {grant}" for grant in missing)
    raise GrantNeededError(
        f"{name} would {_what(missing)}, which you have not allowed.",
        f"Allow it when asked, or run: streetrace-lsp trust {escaped(str(path))} {words}",
        missing,
    )


def _what(grants: tuple[Grant, ...]) -> str:
    origin = grants[0].origin
    names = [grant.variable for grant in grants if grant.variable]
    return f"send {' and '.join(names)} to {origin}" if names else f"send your code to {origin}"


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
    message = "No model is configured."
    step = (
        "Start Ollama and pull a model (ollama pull qwen2.5-coder), or write "
        f'model = "PROVIDER/MODEL" in {escaped(str(configuration.user_path))}.'
    )
    here = base is not None and origin.loopback
    return NotConfiguredError(message, step, base if here else None, origin if here else None)


def _where(configuration: Configuration, key: str) -> str:
    if configuration.from_project(key) and configuration.project is not None:
        return escaped(str(configuration.project.path))
    return escaped(str(configuration.user_path))
