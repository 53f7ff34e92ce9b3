"""The names of the variables that keys stand in: which one to take, and which are for none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .provider_names import MISNAMED
from .providers import PROVIDERS, find_provider

# Stored, they would stay in force where nobody sees them, and none of them is secret.
_NO_KEYS: Final = (
    (
        re.compile(r"STREETRACE_.*"),
        "it is a setting of this program; set it in the shell, or write it in config.toml",
    ),
    (
        re.compile(r"(?:HTTPS?|ALL|NO|FTP|SOCKS|WSS?)_PROXY"),
        "it says how the network is left; set it in the shell, or under [network] of config.toml",
    ),
    (
        re.compile(r".*(?:_BASE_URL|_API_BASE|_BASE|_URL|_HOST|_ENDPOINT|_API_VERSION|_REGION)"),
        "it is an address or a setting; set it in the shell, or in the backend (api_base)",
    ),
    (
        re.compile(r"SSL_CERT_(?:FILE|DIR)|(?:REQUESTS|CURL)_CA_BUNDLE"),
        "it names certificates; set it in the shell, or ca_bundle under [network] of config.toml",
    ),
    (re.compile(r"PATH|HOME|USER|SHELL|LANG|LD_.*|PYTHON.*"), "it belongs to the system"),
)


def no_key(name: str) -> str | None:
    """Why a variable of this name is not for the key store, or None."""
    return next((why for names, why in _NO_KEYS if names.fullmatch(name.upper())), None)


def key_variable(name: str) -> str:
    """A variable for the key of the backend ``name``; never one that a provider's own key has,
    or that is taken for one."""
    stem = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    variable = f"{stem}_API_KEY" if stem[:1].isalpha() else f"MODEL_{stem}_API_KEY"
    own = any(variable in provider.key_variables for provider in PROVIDERS.values())
    return f"{stem}_SERVER_KEY" if own or variable in MISNAMED else variable


def own_variable(backend: Mapping[str, Any]) -> str | None:
    """The variable of the provider's own key, where a backend's table sends its key there."""
    provider = find_provider(str(backend.get("provider", "")))
    if provider is None or not provider.key_variables or provider.own_key == "built-in":
        return None
    built_in = provider.base is not None or provider.origins
    if built_in and (backend.get("api_base") or backend.get("endpoints")):
        return None
    return provider.key_variables[0]
