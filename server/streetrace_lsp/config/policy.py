"""Keys that the file they stand in may not set, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from .expand import literal_text
from .findings import Finding, Path
from .mend import remove, text
from .tiers import Tier, tier

# Headers that carry a key in one of the providers' protocols.
_KEY_HEADER: Final = re.compile(
    r"authorization|proxy-authorization|cookie|.*(?:api|access|auth|secret)[-_]?(?:key|token).*"
    r"|x-.*-token|.*(?:secret|password).*",
    re.IGNORECASE,
)


def refused_keys(table: dict[str, Any], *, from_project: bool, private: bool) -> list[Finding]:
    """The keys to leave out: what only the user may set, and literal keys in the wrong place."""
    findings: list[Finding] = []
    if from_project:
        findings += _user_only(table)
    if from_project or not private:
        findings += _literal_keys(table, from_project=from_project)
    return findings


def _user_only(table: dict[str, Any]) -> Iterator[Finding]:
    backends = table.get("backends")
    paths: list[Path] = [(name,) for name in table]
    if isinstance(backends, dict):
        for name, backend in backends.items():
            if isinstance(backend, dict):
                paths += [("backends", name, key) for key in backend]
    for path in paths:
        if tier(path) is Tier.USER_ONLY:
            yield Finding(
                path,
                "key",
                "user-only",
                f"A project file may not set {path[-1]}.",
                "Remove it; whoever needs it sets it in their own configuration file.",
                mends=(remove(str(path[-1])),),
            )


def _literal_keys(table: dict[str, Any], *, from_project: bool) -> Iterator[Finding]:
    for path, part in _holders(table):
        key = part.get("api_key")
        if isinstance(key, str) and literal_text(key).strip():
            yield _literal((*path, "api_key"), key, from_project=from_project)
        headers = part.get("headers")
        for header, value in headers.items() if isinstance(headers, dict) else ():
            if isinstance(value, str) and _KEY_HEADER.fullmatch(header) and _has_key(value):
                yield _literal((*path, "headers", header), value, from_project=from_project)


def _holders(table: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The tables that can hold a key: backends and their deployments."""
    backends = table.get("backends")
    for name, backend in backends.items() if isinstance(backends, dict) else ():
        if not isinstance(backend, dict):
            continue
        yield ("backends", name), backend
        deployments = backend.get("deployments")
        for role, deployment in deployments.items() if isinstance(deployments, dict) else ():
            if isinstance(deployment, dict):
                yield ("backends", name, "deployments", role), deployment


def _has_key(value: str) -> bool:
    """Whether a header's value holds more than its scheme and variables."""
    words = literal_text(value).split()
    return any(word.lower() not in {"bearer", "basic", "token"} for word in words)


def _literal(path: Path, value: str, *, from_project: bool) -> Finding:
    if not from_project:
        return Finding(
            path,
            "value",
            "readable-key",
            "This key is not used: other users can read the file.",
            "Run: chmod 600 on the file, or put the key in a variable and write ${VARIABLE}.",
            mends=(text(f"${{{_variable(path)}}}"),),
        )
    return Finding(
        path,
        "value",
        "literal-key",
        "A key does not belong in a project file, and it is not used from here.",
        _variable_hint(path, value),
        mends=(text(_with_variable(path, value)),),
    )


def _named_variable(value: str) -> str | None:
    """The variable that ``value`` names in another tool's way."""
    named = re.fullmatch(r"(?:\$\{?|os\.environ/|env:)([A-Z_][A-Z0-9_]*)", value.strip())
    return named[1] if named else None


def _variable(path: Path) -> str:
    """The name for the variable of a backend's key."""
    return re.sub(r"[^A-Z0-9]+", "_", str(path[1]).upper()) + "_API_KEY"


def _with_variable(path: Path, value: str) -> str:
    """The value with a variable in place of its key; a header keeps its scheme."""
    scheme, _, key = value.strip().partition(" ")
    reference = f"${{{_named_variable(value) or _variable(path)}}}"
    return f"{scheme} {reference}" if key and path[-2] == "headers" else reference


def _variable_hint(path: Path, value: str) -> str:
    named = _named_variable(value)
    if named:
        return f'Write "${{{named}}}".'
    return (
        f'Put it in a variable and write "${{{_variable(path)}}}". '
        "If this file was ever shared, replace the key."
    )
