"""Where a request may go: scheme, host and port, read from an address in exactly one way."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_ADDRESS: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#\\]*)(?P<path>/[^?#\\]*)?", re.IGNORECASE
)
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# What resolvers read as an IPv4 address although it is none of the four-number form.
_NUMBERLIKE: Final = re.compile(r"\d+|0x[0-9a-f]*")
_HIGHEST_PORT: Final = 65535


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A scheme, a host (lower case, ASCII; IPv6 without brackets) and a port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.port == _DEFAULT_PORTS.get(self.scheme):
            return f"{self.scheme}://{host}"
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine: ``localhost`` or a loopback address literal."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class Address:
    """An origin and a path. ``url`` is rebuilt from what was read, so nobody reads it otherwise."""

    origin: Origin
    path: str = ""

    @property
    def url(self) -> str:
        """The address to send requests to, without a slash at its end."""
        return f"{self.origin}{self.path}".rstrip("/")


def parse_address(text: str) -> Address:
    """The address that ``text`` names.

    Raises ``ValueError`` with a short reason: no http(s) address, a user name or password in
    it, a query or fragment, a host that programs read differently (RFC 3986, section 7.4).
    """
    text = text.strip()
    if any(ord(character) <= ord(" ") or ord(character) == 0x7F for character in text):
        raise ValueError("it contains a space or a control character")
    match = _ADDRESS.fullmatch(text)
    if match is None:
        if "://" not in text:
            raise ValueError("it does not begin with https:// or http://")
        raise ValueError("an address has no query, no fragment and no backslash here")
    scheme = match["scheme"].lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError("only https:// and http:// are possible")
    host, port = _authority(match["authority"], scheme)
    return Address(Origin(scheme, host, port), (match["path"] or "").rstrip("/"))


def parse_origin(text: str) -> Origin:
    """The origin that ``text`` names; a path is not allowed. Raises ``ValueError``."""
    address = parse_address(text)
    if address.path:
        raise ValueError("an origin is scheme, host and port, without a path")
    return address.origin


def is_loopback(host: str) -> bool:
    """Whether ``host`` is ``localhost`` or a loopback address literal (RFC 6890)."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _authority(authority: str, scheme: str) -> tuple[str, int]:
    # Decoded once and only once: what still holds a percent sign is nothing that we understand.
    decoded = unquote(authority, errors="strict")
    if "@" in decoded:
        raise ValueError("a user name or password in an address is not possible; use api_key")
    if any(character in decoded for character in "%/?#\\") or not decoded.isprintable():
        raise ValueError("the host is not a host name")
    if decoded.startswith("["):
        literal, bracket, rest = decoded[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError("the IPv6 address is not closed by a bracket")
        return _ipv6(literal), _port(rest[1:], scheme, given=bool(rest))
    host, colon, port = decoded.partition(":")
    return _host(host), _port(port, scheme, given=bool(colon))


def _ipv6(literal: str) -> str:
    try:
        address = ipaddress.IPv6Address(literal)
    except ValueError:
        raise ValueError("the IPv6 address is not valid") from None
    if address.scope_id is not None:
        raise ValueError("an IPv6 address with a zone is not possible")
    if address.is_unspecified:
        raise ValueError("[::] is an address to listen on; write [::1]")
    return str(address)


def _host(host: str) -> str:
    host = host.removesuffix(".").lower()
    if not host:
        raise ValueError("the host is missing")
    if not host.isascii():
        host = _ascii(host)
    if _NUMBERLIKE.fullmatch(host.rpartition(".")[2]):
        try:
            address = ipaddress.IPv4Address(host)
        except ValueError:
            raise ValueError("write an IPv4 address as four numbers") from None
        if address.is_unspecified:
            raise ValueError("0.0.0.0 is an address to listen on; write 127.0.0.1")
        return str(address)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError("the host is not a host name")
    return host


def _ascii(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("the host is not a valid international name") from None


def _port(port: str, scheme: str, *, given: bool) -> int:
    if not given or not port:
        return _DEFAULT_PORTS[scheme]
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) <= _HIGHEST_PORT:
        raise ValueError("the port is not a number from 1 to 65535")
    return int(port)
