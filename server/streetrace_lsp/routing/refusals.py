"""What stands between a configuration and a call: off, not trusted, local only, no grant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.exposure import Exposure
from streetrace_lsp.config.grants import Grant
from streetrace_lsp.config.readable import escaped

from .errors import GrantNeededError, RoutingError, UntrustedError

_OLLAMA_CLOUD: Final = re.compile(r"[:-]cloud$")


def refuse_if_off(configuration: Configuration) -> None:
    """Nothing is asked while a file is broken or says enabled = false. Raises `RoutingError`."""
    if configuration.fault is not None:
        raise RoutingError(configuration.fault.message, configuration.fault.next_step)
    if not configuration.settings.enabled:
        raise RoutingError(
            f"Streetrace is turned off here by {where(configuration, 'enabled')}.",
            "Remove enabled = false to turn it on.",
        )


def refuse_if_untrusted(configuration: Configuration) -> None:
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


def refuse_if_remote(
    configuration: Configuration, name: str, exposure: Exposure, model: str
) -> None:
    """``local_only`` holds for every server of a backend. Raises `RoutingError`."""
    if not configuration.settings.local_only:
        return
    if exposure.local:
        if exposure.provider.name == "ollama" and is_cloud_model(model):
            raise RoutingError(
                f"{name}: Ollama passes {model} on to its maker's computers, and "
                f"{where(configuration, 'local_only')} says local_only.",
                "Choose a model that runs on this machine.",
            )
        return
    remote = next(origin for origin in exposure.origins if not origin.loopback)
    raise RoutingError(
        f"{name} is at {remote.host}, and {where(configuration, 'local_only')} says local_only.",
        "Choose a target on this machine, for example one of Ollama.",
    )


def is_cloud_model(model: str) -> bool:
    """Whether Ollama itself does not run the model of this name (its tags end in ``cloud``)."""
    return _OLLAMA_CLOUD.search(model) is not None


def refuse_without_grant(configuration: Configuration, name: str, exposure: Exposure) -> None:
    """No grant, no call. Raises `GrantNeededError` with the command that grants it."""
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


def where(configuration: Configuration, key: str) -> str:
    """The file that a dotted key's value comes from, as people may read it."""
    if configuration.from_project(key) and configuration.project is not None:
        return escaped(str(configuration.project.path))
    return escaped(str(configuration.user_path))
