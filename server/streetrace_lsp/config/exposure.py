"""What using a backend would expose: which addresses it reaches, which variables go there.

One computation for both sides: the question that a person is asked, and the check before a
call. It looks up addresses and regions only, never a key.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError

from .expand import UnsetVariableError, expand, only_reference, references
from .grants import Grant
from .origins import Address, Origin, parse_address, parse_origin
from .providers import Provider
from .variables import Variables

if TYPE_CHECKING:
    from .model import Backend

# Names of variables that hold an address; a project may put no other into an address.
_ADDRESS_VARIABLE: Final = re.compile(r"(?:^|.*_)(?:BASE|URL|ENDPOINT|HOST|PORT|ADDRESS)")
_REGION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_OLLAMA_PORT: Final = 11434


class AddressError(StreetraceError):
    """A backend's address can't be told."""


class UnsetAddressError(AddressError):
    """The address stands in a variable that is not set: ``variable``."""

    def __init__(self, message: str, next_step: str, variable: str) -> None:
        super().__init__(message, next_step)
        self.variable = variable


@dataclass(frozen=True)
class Exposure:
    """Where one backend's requests go and what may go with them.

    ``address`` is None where the adapter itself knows the provider's address. ``origins``:
    everything that is contacted, the requests' own first; empty for replay. ``accepted``:
    the address is the provider's own, or the user's. ``key_variables``: the variables the key
    may come from, the first one that is set; ``named`` tells whether the configuration names
    them. ``other_variables`` stand in headers and the like. ``needs``: the grants without
    which nothing of this is done. ``region``: the one that is configured, or empty.
    """

    provider: Provider
    address: Address | None
    origins: tuple[Origin, ...]
    accepted: bool
    key_variables: tuple[str, ...]
    named: bool
    other_variables: tuple[str, ...]
    needs: frozenset[Grant]
    region: str = ""

    @property
    def local(self) -> bool:
        """Whether everything stays on this machine."""
        return all(origin.loopback for origin in self.origins)

    def missing(self, grants: AbstractSet[Grant]) -> frozenset[Grant]:
        """The grants that are needed and not there: no grant, no call.

        Of a provider's own key variables, which nobody named, one granted is enough.
        """
        lacking = self.needs - grants
        if self.named or not self.key_variables:
            return lacking
        keys = {Grant(self.origins[0], variable) for variable in self.key_variables}
        return lacking - keys if keys & grants else lacking


def expose(
    name: str, backend: Backend, provider: Provider, variables: Variables, *, from_project: bool
) -> Exposure:
    """The exposure of the backend ``name``. Raises `AddressError`."""
    if provider.adapter == "replay":
        return Exposure(provider, None, (), True, (), False, (), frozenset())
    address, base_variables = _address(name, backend, provider, variables, from_project)
    region = _region(name, backend, provider, variables)
    built_in = tuple(parse_origin(text) for text in _built_in(provider, region))
    origins = _origins(address, built_in, provider)
    own = set(built_in)
    if provider.base:
        own.add(parse_address(provider.base).origin)
    # An address from the user's shell is the user's own; one from `.env` is the project's.
    planted = any(not variables.from_shell(variable) for variable in base_variables)
    from_shell = bool(base_variables) and not planted
    users = not from_project and not planted
    shell_base = from_shell and set(base_variables) <= set(provider.base_variables)
    accepted = origins[0] in own or users or shell_base
    keys, named = _keys(backend, provider, origins[0], own, by_variable=bool(base_variables))
    others = references(dict(backend.headers))
    if from_project and not shell_base:
        whole = only_reference(backend.api_base or "")
        others += tuple(variable for variable in base_variables if variable != whole)
    others = tuple(dict.fromkeys(others))
    needed = set()
    if not accepted:
        needed |= set(keys)
    if from_project:
        needed |= {key for key in keys if named and key not in provider.key_variables}
        needed |= set(others)
    needs = {Grant(origins[0], variable) for variable in needed}
    if not needs and (not accepted or (from_project and backend.headers)):
        needs = {Grant(origins[0], None)}
    return Exposure(
        provider, address, origins, accepted, keys, named, others, frozenset(needs), region
    )


def _keys(
    backend: Backend, provider: Provider, origin: Origin, own: set[Origin], *, by_variable: bool
) -> tuple[tuple[str, ...], bool]:
    if backend.api_key is not None:
        return references(backend.api_key), True
    allowed = (
        origin in own
        or provider.own_key == "granted"
        or (provider.own_key == "shell" and by_variable and not backend.api_base)
    )
    # Ollama's own address is this machine, which needs no key.
    if provider.own_key == "built-in" and str(origin) not in provider.origins:
        allowed = False
    return (provider.key_variables if allowed else ()), False


def _address(
    name: str, backend: Backend, provider: Provider, variables: Variables, from_project: bool
) -> tuple[Address | None, tuple[str, ...]]:
    """The address, and the variables that it was made of."""
    if backend.api_base is not None:
        used = references(backend.api_base)
        odd = [variable for variable in used if not _ADDRESS_VARIABLE.fullmatch(variable)]
        if from_project and odd:
            raise AddressError(
                f"Backend {name}: {odd[0]} in api_base is not the name of an address.",
                "A project may use variables like LLM_BASE_URL there.",
            )
        try:
            text = expand(backend.api_base, variables.get)
        except UnsetVariableError as error:
            raise UnsetAddressError(
                f"Backend {name}: {error.name}, the variable in api_base, is not set.",
                f"Run: export {error.name}=https://…, and start the editor from that shell.",
                error.name,
            ) from None
        known = tuple(variable for variable in used if variables.get(variable))
        return _parse(name, text, provider, "api_base"), known
    for variable in provider.base_variables:
        value = variables.get(variable)
        if value:
            return _parse(name, value, provider, variable), (variable,)
    if provider.base:
        return parse_address(provider.base), ()
    if not provider.origins:
        variable = (provider.base_variables or ("api_base",))[0]
        raise AddressError(
            f"Backend {name}: {provider.title} needs an address, and none is set.",
            f"Set api_base under [backends.{name}], or run: export {variable}=https://…",
        )
    return None, ()


def _parse(name: str, text: str, provider: Provider, where: str) -> Address:
    try:
        return address_of(text, provider)
    except ValueError as error:
        # The value is not shown: it may come from a variable that holds more than an address.
        raise AddressError(
            f"Backend {name}: {where} is not an address that can be used: {error}.",
            "Write it like https://llm.example.org/v1 or http://localhost:8080/v1.",
        ) from None


def address_of(text: str, provider: Provider) -> Address:
    """The address that ``text`` names for a provider. Raises ``ValueError`` with a short reason."""
    return parse_address(ollama_address(text) if provider.name == "ollama" else text)


def ollama_address(text: str) -> str:
    """What Ollama's own tools understand by OLLAMA_HOST: scheme and port may be missing, and
    an address to listen on (0.0.0.0) means this machine."""
    text = text.strip().rstrip("/")
    scheme, separator, rest = text.rpartition("://")
    scheme = scheme if separator else "http"
    host, slash, path = rest.partition("/")
    bare, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        bare, port = host, "" if separator else str(_OLLAMA_PORT)
    if bare in {"", "0.0.0.0", "[::]"}:  # noqa: S104 # compared, not listened on
        bare = "127.0.0.1"
    return f"{scheme}://{bare}{':' if port else ''}{port}{slash}{path}"


def _origins(
    address: Address | None, built_in: tuple[Origin, ...], provider: Provider
) -> tuple[Origin, ...]:
    if address is not None and not provider.region_variables:
        return (address.origin,)
    # Behind a region there are several services: the models' own and the one that signs in.
    return built_in if address is None else (address.origin, *built_in)


def _built_in(provider: Provider, region: str) -> tuple[str, ...]:
    region = region or provider.region
    origins = provider.origins if "-" in region else provider.wide_origins or provider.origins
    if region == "global":
        origins = tuple(text.replace("{region}.rep.", "") for text in origins)
    return tuple(dict.fromkeys(text.replace("{region}", region) for text in origins))


def _region(name: str, backend: Backend, provider: Provider, variables: Variables) -> str:
    """The region that the backend or a variable names; empty where none does."""
    given = [("region", backend.region)]
    given += [(variable, variables.get(variable)) for variable in provider.region_variables]
    where, region = next(((w, v) for w, v in given if v), ("", None))
    if region is None or not provider.region_variables:
        return ""
    if not _REGION.fullmatch(region):
        raise AddressError(
            f"Backend {name}: {where} is not the name of a region.",
            f"Set it to something like {provider.region}.",
        )
    return region
