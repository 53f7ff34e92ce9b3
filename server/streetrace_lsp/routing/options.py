"""The options of a call: from the backend, the defaults and the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.exposure import Exposure

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

_TIMEOUTS: Final = (
    ("timeout_total", "timeout"),
    ("timeout_first", "first_token_timeout"),
    ("timeout_idle", "idle_timeout"),
)
_NARROWING: Final = frozenset({"project", "editor"})
_OLLAMA_ONLY: Final = ("num_ctx", "keep_alive", "think")


def options(configuration: Configuration, backend: Backend, exposure: Exposure) -> dict[str, Any]:
    """The options for ``backend``; what nobody set is left out. Times in seconds."""
    provider = exposure.provider
    defaults = configuration.settings.defaults
    found: dict[str, Any] = {
        "temperature": _temperature(configuration, backend),
        "max_tokens": _max_tokens(configuration, backend),
    }
    found |= {option: getattr(defaults, key) for option, key in _TIMEOUTS}
    if provider.name == "ollama":
        found |= {key: getattr(backend, key) for key in _OLLAMA_ONLY}
    for option, names, key in provider.settings:
        named = filter(None, map(configuration.variables.get, names))
        found[option] = getattr(backend, key) or next(named, None)
    if exposure.region:
        found[provider.region_option] = exposure.region
    return {option: value for option, value in found.items() if value is not None}


def _temperature(configuration: Configuration, backend: Backend) -> float | None:
    given = configuration.settings.defaults.temperature
    if configuration.sources.get("defaults.temperature") == "environment":
        return given
    return given if backend.temperature is None else backend.temperature


def _max_tokens(configuration: Configuration, backend: Backend) -> int | None:
    given = configuration.settings.defaults.max_tokens
    source = configuration.sources.get("defaults.max_tokens")
    if given is None or backend.max_tokens is None:
        return backend.max_tokens if given is None else given
    if source == "environment":
        return given
    # A limit from elsewhere holds for the user's backends as well.
    return min(given, backend.max_tokens) if source in _NARROWING else backend.max_tokens
