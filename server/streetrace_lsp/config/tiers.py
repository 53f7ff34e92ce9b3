"""Which keys of a project file need what: nothing, trust, trust and a grant, or can't stand there.

The rule behind it: whatever may lead code, keys or money elsewhere needs a person's consent;
what can only narrow what the user allowed does not.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

Path = tuple[str | int, ...]


class Tier(Enum):
    """What a key of a project file needs before it has an effect."""

    FREE = "free"
    TRUSTED = "trusted"
    GRANT = "trusted, with a grant for the address"
    USER_ONLY = "the user's own file only"


# Free, because each of them only narrows what the user's own configuration allows.
_FREE: Final = frozenset({"enabled", "confirm", "local_only", "requires"})
_FREE_DEFAULTS: Final = frozenset(
    {
        "temperature",
        "max_tokens",
        "timeout",
        "first_token_timeout",
        "idle_timeout",
    }
)
_GRANT: Final = frozenset({"api_base", "api_key", "headers"})
# Names under which a repository might try to reach further; refused by name, now and later.
_USER_ONLY: Final = frozenset(
    {
        "network",
        "proxy",
        "no_proxy",
        "ca_bundle",
        "client_cert",
        "ssl_verify",
        "callbacks",
        "success_callback",
        "failure_callback",
        "log",
        "log_file",
        "logging",
        "launch",
        "trust",
        "trusted",
        "grants",
        "auto_apply",
        "protected",
        "allow_protected",
    }
)


def tier(path: Path) -> Tier:
    """What the key at ``path`` needs in a project file; for keys that don't exist, too."""
    top, rest = path[0], path[1:]
    if top in _USER_ONLY:
        return Tier.USER_ONLY
    if top in _FREE:
        return Tier.FREE
    if top == "defaults" and rest:
        return Tier.FREE if rest[0] in _FREE_DEFAULTS else Tier.TRUSTED
    if top == "backends" and len(rest) > 1:
        if rest[1] in _USER_ONLY:
            return Tier.USER_ONLY
        if rest[1] in _GRANT:
            return Tier.GRANT
    return Tier.TRUSTED


def without_free(table: dict[str, Any]) -> dict[str, Any]:
    """``table`` without its free keys: what a person has to trust. Empty when nothing is left."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        if tier((name,)) is Tier.FREE:
            continue
        if name == "defaults" and isinstance(value, dict):
            bound = {key: item for key, item in value.items() if key not in _FREE_DEFAULTS}
            if bound:
                kept[name] = bound
        else:
            kept[name] = value
    return kept


def only_free(table: dict[str, Any]) -> dict[str, Any]:
    """The free keys of ``table``: all that a project may say before it is trusted."""
    kept = {name: value for name, value in table.items() if tier((name,)) is Tier.FREE}
    defaults = table.get("defaults")
    if isinstance(defaults, dict):
        kept["defaults"] = {k: v for k, v in defaults.items() if k in _FREE_DEFAULTS}
    return kept
