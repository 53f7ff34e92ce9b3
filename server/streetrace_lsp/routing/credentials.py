"""The key and headers of a target, looked up only where they may be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.expand import UnsetVariableError, expand, references
from streetrace_lsp.config.exposure import Exposure
from streetrace_lsp.config.grants import Grant
from streetrace_lsp.config.references import unset_hint
from streetrace_lsp.config.variables import Variables

from .errors import NoKeyError, RoutingError
from .origins import may_look_up
from .secret import Secret
from .sign_in import chosen_by_file, sign_in

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

_SECRET_HEADER: Final = re.compile(r"auth|key|token|cookie|secret|password", re.IGNORECASE)


@dataclass(frozen=True)
class Credentials:
    """What may be sent along. ``others``: further secret call options by name; ``logins``: the
    options that name a file with credentials, for the model host to read."""

    key: Secret | None = None
    key_variable: str | None = None
    headers: Mapping[str, Secret | str] = field(default_factory=dict)
    others: Mapping[str, Secret] = field(default_factory=dict)
    logins: Mapping[str, str] = field(default_factory=dict)


def credentials(
    name: str,
    backend: Backend,
    exposure: Exposure,
    variables: Variables,
    grants: AbstractSet[Grant],
) -> Credentials:
    """What to send with the requests of the backend ``name``.

    Call it only when nothing is missing of what ``exposure`` needs. Raises `RoutingError`
    when a variable has no value. Long-lived credentials of a cloud go to its own addresses, and
    to those that the user chose, alone.
    """
    if not exposure.origins:
        return Credentials()
    headers = {
        header: _header(name, header, value, variables) for header, value in backend.headers.items()
    }
    if backend.api_key is not None:
        key, variable = _named_key(name, backend.api_key, variables)
        return Credentials(key, variable, headers)
    by_file = exposure.accepted and chosen_by_file(backend)
    for variable in () if by_file else exposure.key_variables:
        if may_look_up(variable, exposure, grants) and (value := variables.get(variable)):
            return Credentials(Secret(value), variable, headers)
    provider = exposure.provider
    if provider.needs_key and exposure.key_variables and not exposure.origins[0].loopback:
        variable = exposure.key_variables[0]
        raise NoKeyError(
            f"{name}: no key for {provider.title}. {variable} is not set.",
            unset_hint(variable, variables),
            variable,
        )
    if not exposure.accepted:
        return Credentials(None, None, headers)
    signed = sign_in(name, backend, exposure, variables)
    return Credentials(None, None, headers, signed.secrets, signed.options)


def _named_key(name: str, api_key: str, variables: Variables) -> tuple[Secret | None, str | None]:
    try:
        value = str(expand(api_key, variables.get))
    except UnsetVariableError as error:
        raise NoKeyError(
            f"{name}: no key. {error.name} is not set.",
            unset_hint(error.name, variables),
            error.name,
        ) from None
    named = references(api_key)
    return (Secret(value), named[0] if named else None) if value.strip() else (None, None)


def _header(name: str, header: str, value: str, variables: Variables) -> Secret | str:
    if not references(value):
        return Secret(value) if _SECRET_HEADER.search(header) else value
    try:
        text = str(expand(value, variables.get))
    except UnsetVariableError as error:
        raise NoKeyError(
            f"{name}: {error.name}, which the header {header} uses, is not set.",
            unset_hint(error.name, variables),
            error.name,
        ) from None
    if any(character in text for character in "\r\n\0"):
        raise RoutingError(
            f"{name}: the value for the header {header} contains a line break.",
            "Correct the variable.",
        )
    return Secret(text)
