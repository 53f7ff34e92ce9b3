"""Which way a request takes out of this machine: straight, or through the user's proxy.

Nothing here is ambient: each request brings its network settings along (``wire.NetworkFrame``),
which come from the user's own configuration and shell alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from .wire import NetworkFrame

_PORTS: Final = {"http": 80, "https": 443}
# Where each setting is written unless a variable of the shell gave it.
_PLACE: Final = "{key} under [network] in your own config.toml"

Origin = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy's scheme, host and port; ``login`` is user name and password."""

    scheme: str
    host: str
    port: int
    login: tuple[str, str] | None = field(default=None, repr=False)
    named: str = "proxy"

    @property
    def url(self) -> str:
        """The address, without the login."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def url_with_login(self) -> str:
        """The address for libraries that take the login inside of it. A secret."""
        if self.login is None:
            return self.url
        user, password = (quote(part, safe="") for part in self.login)
        return self.url.replace("://", f"://{user}:{password}@", 1)


@dataclass(frozen=True, slots=True)
class Network:
    """How to get out, for one request. ``named``: which key or variable each file comes from."""

    https: Proxy | None = None
    http: Proxy | None = None
    no_proxy: tuple[str, ...] = ()
    ca_bundle: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    named: tuple[tuple[str, str], ...] = ()

    def proxy_for(self, scheme: str, host: str, port: int | None) -> Proxy | None:
        """The proxy for a request to this origin; None: it goes straight."""
        proxy = self.http if scheme == "http" else self.https
        if proxy is None or self.goes_straight(host, port or _PORTS.get(scheme)):
            return None
        return proxy

    def goes_straight(self, host: str, port: int | None) -> bool:
        """Whether no proxy is used: always for this machine, and as ``no_proxy`` says."""
        host = host.strip("[]").rstrip(".").lower()
        return _loopback(host) or any(_matches(one, host, port) for one in self.no_proxy)

    def sockets(self, origins: Iterable[Origin]) -> list[Origin]:
        """Where connections may be opened for requests to ``origins``: to these, or instead of
        them to the proxy, so that nothing goes past it."""
        proxies = {proxy for proxy in (self.https, self.http) if proxy is not None}
        found: list[Origin] = []
        for host, port in origins:
            straight = self.goes_straight(host, port)
            if straight or None in (self.https, self.http):
                found.append((host, port))
            if not straight:
                found += [(proxy.host, proxy.port) for proxy in proxies]
        return found

    def where(self, key: str) -> str:
        """What a person has to correct for ``key`` (``proxy``, ``ca_bundle`` …)."""
        return place(dict(self.named).get(key, key), key)


def place(named: str, key: str) -> str:
    """``named`` and where it stands: a variable of the shell, or ``key`` of the configuration."""
    written = _PLACE.format(key=key)
    return written if named == key else f"{named}, or set {written}"


def network(frame: NetworkFrame | None) -> Network:
    """What the server sent along. None means: no proxy, and the usual certificates."""
    if frame is None:
        return Network()
    named = frame["named"]
    return Network(
        https=_proxy(frame["proxy"], frame["login"], named.get("proxy", "proxy")),
        http=_proxy(frame["http_proxy"], frame["http_login"], named.get("http_proxy", "proxy")),
        no_proxy=tuple(frame["no_proxy"]),
        ca_bundle=frame["ca_bundle"],
        client_cert=frame["client_cert"],
        client_key=frame["client_key"],
        named=tuple(sorted(named.items())),
    )


_current: ContextVar[Network] = ContextVar("network", default=Network())  # noqa: B039 - frozen


@contextmanager
def used(way: Network) -> Iterator[None]:
    """What the block sends goes out ``way``, also from tasks and threads that it starts."""
    token = _current.set(way)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Network:
    """The settings of the request that is being served."""
    return _current.get()


def secrets(frame: NetworkFrame | None) -> list[str]:
    """What of ``frame`` nobody may read, in the forms in which it travels."""
    logins = (frame["login"], frame["http_login"]) if frame is not None else ()
    return [text for login in logins if login for text in (login[1], ":".join(login))]


def _proxy(url: str | None, login: list[str] | None, named: str) -> Proxy | None:
    if url is None:
        return None
    parts = urlsplit(url)
    user = (login[0], login[1]) if login else None
    port = parts.port or _PORTS[parts.scheme]
    return Proxy(parts.scheme, parts.hostname or "", port, user, named)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _matches(entry: str, host: str, port: int | None) -> bool:
    """Whether ``entry`` of a NO_PROXY list means this host: a name with all below it, an
    address, a network (10.0.0.0/8) or everything (*), each with or without a port."""
    entry = entry.strip().lower()
    if entry == "*":
        return True
    if "/" in entry:
        try:
            return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
        except ValueError:
            return False
    name, number = _split(entry)
    if not name or (number and number != str(port)):
        return False
    return host == name or host.endswith(f".{name}")


def _split(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        return name, rest.removeprefix(":")
    if entry.count(":") > 1:
        return entry, ""
    name, _, number = entry.partition(":")
    return name.removeprefix("*").lstrip(".").rstrip("."), number
