"""Addresses that can't be used, and targets that `local_only` keeps from being asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .expand import references
from .exposure import AddressError, Exposure, UnsetAddressError, address_of, expose
from .findings import Finding, Path
from .members import Member, every_member, members
from .mend import Mend, text
from .odd_backends import with_variables
from .odd_targets import placed_targets
from .providers import Provider, find_provider
from .target_strings import Choice, TargetError, choose
from .variables import Variables

if TYPE_CHECKING:
    from .model import Backend, Settings

_LIKE: Final = "Write it like https://llm.example.org/v1 or http://localhost:8080/v1."


def misread_addresses(name: str, backend: Backend) -> Iterator[Finding]:
    """The addresses of a backend that stand there in full and name no place to ask."""
    provider = find_provider(backend.provider)
    if provider is None:
        return
    for path, address in with_variables(name, backend):
        fault = _fault(address, provider) if _is_address(path) else ""
        if fault:
            yield Finding(
                path,
                "value",
                "bad-address",
                f"This is not an address that can be used: {fault}.",
                _LIKE,
                mends=_with_scheme(address, provider),
            )


def unusable_addresses(
    own: Settings, variables: Variables, *, from_project: bool
) -> Iterator[Finding]:
    """The backends of one file for which no address can be told, or none that can be used.

    Looks up variables of addresses and regions only, as the question about trust does.
    """
    for name, backend in own.backends.items():
        provider = find_provider(backend.provider)
        if provider is None or backend.launch:
            continue
        said: set[str] = set()
        for member in every_member(name, backend, provider):
            literal = member.backend.api_base
            if literal is not None and _fault(literal, provider):
                continue  # that is said where the address stands
            try:
                _expose(member, provider, variables, from_project=from_project)
            except UnsetAddressError:
                continue  # an unset variable has a finding of its own, once it may be looked up
            except AddressError as error:
                if error.message not in said:
                    yield Finding(
                        ("backends", name), "key", "bad-address", error.message, error.next_step
                    )
                said.add(error.message)


def barred_targets(
    own: Settings, effective: Settings, variables: Variables, *, from_project: bool
) -> Iterator[Finding]:
    """The targets of one file that are elsewhere, where `local_only` holds."""
    if not effective.local_only:
        return
    for path, target, task in _every_target(own):
        try:
            choice = choose(target, effective, task)
            remote = _remote(choice, own, effective, variables, from_project=from_project)
        except (TargetError, AddressError):
            continue  # it has a finding of its own
        if remote:
            yield Finding(
                path,
                "value",
                "not-local",
                f"{target} is at {remote}, and local_only keeps everything on this machine.",
                "Choose a target on this machine, for example one of Ollama, or remove local_only.",
            )


def _every_target(own: Settings) -> Iterator[tuple[Path, str, str]]:
    yield from ((p, t, task) for p, t, task in placed_targets(own) if t.strip() not in own.pools)
    for name, pool in own.pools.items():
        yield from ((("pools", name, place), t, "edit") for place, t in enumerate(pool))


def _remote(
    choice: Choice,
    own: Settings,
    effective: Settings,
    variables: Variables,
    *,
    from_project: bool,
) -> str:
    """The first host elsewhere that a target would be asked at; empty where there is none."""
    from .model import Backend

    name = choice.backend or choice.provider.name
    backend = effective.backends[name] if choice.backend else Backend(provider=name)
    if backend.launch:
        return ""
    projects = from_project and name in own.backends
    for member in members(name, backend, choice.role, choice.provider):
        exposure = _expose(member, choice.provider, variables, from_project=projects)
        for origin in exposure.origins:
            if not origin.loopback:
                return origin.host
    return ""


def _expose(
    member: Member, provider: Provider, variables: Variables, *, from_project: bool
) -> Exposure:
    known = variables if from_project else variables.shell_only()
    return expose(member.label, member.backend, provider, known, from_project=from_project)


def _is_address(path: Path) -> bool:
    return path[-1] == "api_base" or path[2] == "endpoints"


def _fault(address: str, provider: Provider) -> str:
    """Why an address can't be used; empty where it can, or where variables decide it."""
    if "${" in address or references(address):
        return ""
    try:
        address_of(address, provider)
    except ValueError as error:
        return str(error)
    return ""


def _with_scheme(address: str, provider: Provider) -> tuple[Mend, ...]:
    """The same address with the scheme that it lacks: what people write of a server nearby."""
    if "://" in address or _fault(f"http://{address}", provider):
        return ()
    origin = address_of(f"http://{address}", provider).origin
    if not origin.loopback and "." not in origin.host:
        return ()  # a word, and nobody knows of what
    return (text(f"{'http' if origin.loopback else 'https'}://{address}"),)
