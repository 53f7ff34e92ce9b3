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
_FREE: Final = frozenset({"enabled", "confirm", "local_only", "requires", "review"})
_FREE_DEFAULTS: Final = frozenset(
    {
        "temperature",
        "max_tokens",
        "timeout",
        "first_token_timeout",
        "idle_timeout",
    }
)
# The budget of a project file is a budget for that project, below the user's own.
_FREE_BUDGET: Final = frozenset({"day", "month", "project_day", "project_month", "unknown_price"})
# `rules` can only be turned off.
_FREE_CONTEXT: Final = frozenset({"exclude", "rules"})
# Tables of which only some keys are free.
_PARTLY_FREE: Final = {
    "defaults": _FREE_DEFAULTS,
    "budget": _FREE_BUDGET,
    "context": _FREE_CONTEXT,
}
_GRANT: Final = frozenset({"api_base", "endpoints", "api_key", "headers"})
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
        "launch_timeout",
        "model_path",
        "tokenizer_path",
        "gpu_memory_utilization",
        "model_host",
        "profile",
        "credentials_file",
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
    if top in _PARTLY_FREE and rest:
        return Tier.FREE if rest[0] in _PARTLY_FREE[str(top)] else Tier.TRUSTED
    if top == "backends" and len(rest) > 1:
        if rest[1] in _USER_ONLY:
            return Tier.USER_ONLY
        if rest[1] in _GRANT or (rest[1] == "deployments" and rest[-1] in _GRANT):
            return Tier.GRANT
    return Tier.TRUSTED


def without_free(table: dict[str, Any]) -> dict[str, Any]:
    """``table`` without its free keys: what a person has to trust. Empty when nothing is left."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        if tier((name,)) is Tier.FREE:
            continue
        if name in _PARTLY_FREE and isinstance(value, dict):
            bound = {key: item for key, item in value.items() if key not in _PARTLY_FREE[name]}
            if bound:
                kept[name] = bound
        else:
            kept[name] = value
    return kept


def only_free(table: dict[str, Any]) -> dict[str, Any]:
    """The free keys of ``table``: all that a project may say before it is trusted."""
    kept = {name: value for name, value in table.items() if tier((name,)) is Tier.FREE}
    for name, free in _PARTLY_FREE.items():
        part = table.get(name)
        if isinstance(part, dict):
            kept[name] = {key: value for key, value in part.items() if key in free}
    return kept
