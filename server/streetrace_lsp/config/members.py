"""The servers behind one backend, each with one address: its endpoints, or a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .providers import Provider

if TYPE_CHECKING:
    from .model import Backend, Deployment


@dataclass(frozen=True)
class Member:
    """One server that can answer for a backend.

    ``label`` is for people and for remembering which one failed. ``backend`` has one address
    and one key and neither endpoints nor deployments. ``model`` is the name to ask for where the
    server decides it (a deployment), else None.
    """

    label: str
    backend: Backend
    model: str | None = None


def members(
    name: str, backend: Backend, role: str | None, provider: Provider
) -> tuple[Member, ...]:
    """The servers that serve ``role`` in the backend ``name``; None stands for no role.

    A deployment of that role is one server. With endpoints there is one per address: those of
    the role; for a role that the table does not list, ``api_base``, or else all of them.
    """
    if provider.adapter == "replay":
        return (_itself(name, backend),)
    if role is not None and role in backend.deployments:
        return (_deployed(name, backend, role),)
    addresses = _addresses(backend, role)
    if not addresses:
        return (_itself(name, backend),)
    return tuple(_at(name, backend, address) for address in addresses)


def every_member(name: str, backend: Backend, provider: Provider) -> tuple[Member, ...]:
    """Every server that the backend ``name`` may reach, whatever the role: what to ask about."""
    found = [_deployed(name, backend, role) for role in backend.deployments]
    addresses = all_endpoints(backend)
    found += [_at(name, backend, address) for address in addresses]
    # Deployments that bring their own addresses leave nothing for a backend without one.
    alone = not addresses and all(item.api_base for item in backend.deployments.values())
    if backend.api_base or not found or (not addresses and not alone):
        found.append(_itself(name, backend))
    return tuple(found)


def all_endpoints(backend: Backend) -> tuple[str, ...]:
    """The addresses in ``endpoints``, of all roles, each once."""
    listed = backend.endpoints
    if isinstance(listed, dict):
        return tuple(dict.fromkeys(address for part in listed.values() for address in part))
    return tuple(dict.fromkeys(listed))


def _addresses(backend: Backend, role: str | None) -> tuple[str, ...]:
    listed = backend.endpoints
    if isinstance(listed, dict):
        if role is not None and role in listed:
            return tuple(dict.fromkeys(listed[role]))
        if backend.api_base is not None:
            return ()
    return all_endpoints(backend)


def _itself(name: str, backend: Backend) -> Member:
    return Member(name, _single(backend))


def _at(name: str, backend: Backend, address: str) -> Member:
    host = address.rpartition("://")[2].partition("/")[0].rpartition("@")[2]
    return Member(f"{name} @ {host}", _single(backend, api_base=address))


def _deployed(name: str, backend: Backend, role: str) -> Member:
    deployment: Deployment = backend.deployments[role]
    own = {
        key: value
        for key in ("api_base", "api_key", "api_version")
        if (value := getattr(deployment, key)) is not None
    }
    return Member(f"{name}/{role}", _single(backend, **own), deployment.deployment)


def _single(backend: Backend, **changes: Any) -> Backend:
    return backend.model_copy(update={"endpoints": [], "deployments": {}, **changes})
