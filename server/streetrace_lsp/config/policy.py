"""Keys that the file they stand in may not set, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from .expand import literal_text
from .findings import Finding, Path
from .key_names import key_variable, own_variable
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
                "Remove it; whoever needs it sets it in their own configuration file."
                if _is_key(path)
                else "Remove it: no file of Streetrace has such a key.",
                mends=(remove(str(path[-1])),),
            )


def _is_key(path: Path) -> bool:
    """Whether the user's own file can hold the key; some are refused by name alone."""
    from .model import Backend, Settings

    return path[-1] in (Settings if len(path) == 1 else Backend).model_fields


def _literal_keys(table: dict[str, Any], *, from_project: bool) -> Iterator[Finding]:
    for path, part in _holders(table):
        key = part.get("api_key")
        if isinstance(key, str) and literal_text(key).strip():
            yield _literal((*path, "api_key"), key, part, from_project=from_project)
        headers = part.get("headers")
        for header, value in headers.items() if isinstance(headers, dict) else ():
            if isinstance(value, str) and _KEY_HEADER.fullmatch(header) and _has_key(value):
                at = (*path, "headers", header)
                yield _literal(at, value, part, from_project=from_project)


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


def _literal(path: Path, value: str, part: dict[str, Any], *, from_project: bool) -> Finding:
    variable = _named_variable(value) or own_variable(part) or key_variable(str(path[1]))
    if not from_project:
        return Finding(
            path,
            "value",
            "readable-key",
            "This key is not used: other users can read the file.",
            "Run: chmod 600 on the file, or put the key in a variable and write ${VARIABLE}.",
            mends=(text(f"${{{variable}}}"),),
        )
    return Finding(
        path,
        "value",
        "literal-key",
        "A key does not belong in a project file, and it is not used from here.",
        _variable_hint(value, variable),
        mends=(text(_with_variable(path, value, variable)),),
    )


def _named_variable(value: str) -> str | None:
    """The variable that ``value`` names in another tool's way."""
    named = re.fullmatch(r"(?:\$\{?|os\.environ/|env:)([A-Z_][A-Z0-9_]*)", value.strip())
    return named[1] if named else None


def _with_variable(path: Path, value: str, variable: str) -> str:
    """The value with a variable in place of its key; a header keeps its scheme."""
    scheme, _, key = value.strip().partition(" ")
    reference = f"${{{variable}}}"
    return f"{scheme} {reference}" if key and path[-2] == "headers" else reference


def _variable_hint(value: str, variable: str) -> str:
    if _named_variable(value):
        return f'Write "${{{variable}}}".'
    return (
        f'Put it in a variable and write "${{{variable}}}". '
        "If this file was ever shared, replace the key."
    )
