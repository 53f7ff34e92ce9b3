"""How to get out: the user's own proxy and certificates, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.expand import UnsetVariableError, expand
from streetrace_lsp.config.readable import escaped
from streetrace_lsp.config.variables import Variables
from streetrace_lsp.modelhost.wire import NetworkFrame

from .errors import RoutingError
from .origins import parse_origin
from .secret import Secret

# As everywhere, the spelling in small letters wins.
_HTTPS: Final = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_HTTP: Final = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_NO_PROXY: Final = ("no_proxy", "NO_PROXY")
_CA: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class NetworkSettings:
    """How requests leave this machine.

    ``proxy``: scheme, host and port of the proxy for https, without its login; ``http_proxy``
    the same for plain http. ``no_proxy``: hosts that need none, besides this machine, which
    never does. ``login``: user name, colon and password. The others are absolute paths; whether
    they can be used the model host finds out before it sends anything. ``named``: pairs of a key
    of [network] and the variable of the shell that its value comes from.
    """

    proxy: str | None = None
    no_proxy: tuple[str, ...] = ()
    ca_bundle: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    login: Secret | None = None
    http_proxy: str | None = None
    http_login: Secret | None = None
    named: tuple[tuple[str, str], ...] = ()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What of the logins must not be seen anywhere."""
        logins = [login for login in (self.login, self.http_login) if login is not None]
        return (*logins, *(Secret(login.reveal().partition(":")[2]) for login in logins))

    def frame(self) -> NetworkFrame | None:
        """The settings as plain data for the pipe, logins included; None when all is usual."""
        if self == NetworkSettings():
            return None
        return {
            "proxy": self.proxy,
            "login": _parts(self.login),
            "http_proxy": self.http_proxy,
            "http_login": _parts(self.http_login),
            "no_proxy": list(self.no_proxy),
            "ca_bundle": self.ca_bundle,
            "client_cert": self.client_cert,
            "client_key": self.client_key,
            "named": dict(self.named),
        }


def network_settings(configuration: Configuration, *, local: bool = False) -> NetworkSettings:
    """The settings of the user's own file, then of the user's own shell; nothing of a project
    and nothing of a `.env`.

    ``local``: for what is on this machine, which no proxy stands before. Raises `RoutingError`
    for a proxy that can't be used and for a variable that is not set.
    """
    reader = _Reader(configuration)
    proxy, login = (None, None) if local else reader.proxy("proxy", _HTTPS)
    http_proxy, http_login = (None, None) if local else reader.proxy("http_proxy", _HTTP)
    return NetworkSettings(
        proxy=proxy,
        login=login,
        http_proxy=http_proxy,
        http_login=http_login,
        no_proxy=reader.no_proxy() if proxy or http_proxy else (),
        ca_bundle=reader.file("ca_bundle"),
        client_cert=reader.file("client_cert"),
        client_key=reader.file("client_key"),
        named=tuple(reader.named.items()),
    )


class _Reader:
    """Reads one key after the other and remembers which variable each came from."""

    def __init__(self, configuration: Configuration) -> None:
        # Settings of [network] are the user's even in a trusted project: `merge` sees to it.
        self._given = configuration.settings.network
        self._own: Variables = configuration.variables.shell_only()
        self._path = configuration.user_path
        self.named: dict[str, str] = {}

    def file(self, key: str) -> str | None:
        """The absolute path for ``key``."""
        given = getattr(self._given, key)
        if given:
            return str(self._path.parent / Path(self._expanded(key, given)).expanduser())
        variable = self._first(_CA) if key == "ca_bundle" else None
        if variable is None:
            return None
        self.named[key] = variable
        return str(Path(self._own.get(variable) or "").expanduser().absolute())

    def proxy(self, key: str, variables: tuple[str, ...]) -> tuple[str | None, Secret | None]:
        """The proxy of the configuration, or else of the first of ``variables`` that is set."""
        if self._given.proxy:
            return self._parsed("proxy", self._expanded("proxy", self._given.proxy))
        variable = self._first(variables)
        if variable is None:
            return None, None
        self.named[key] = variable
        return self._parsed(variable, self._own.get(variable) or "")

    def no_proxy(self) -> tuple[str, ...]:
        """The hosts that need no proxy."""
        if self._given.no_proxy is not None:
            return tuple(self._given.no_proxy)
        variable = self._first(_NO_PROXY)
        listed = (self._own.get(variable) or "").split(",") if variable else []
        return tuple(entry.strip() for entry in listed if entry.strip())

    def _first(self, variables: tuple[str, ...]) -> str | None:
        return next((name for name in variables if self._own.get(name)), None)

    def _expanded(self, key: str, value: str) -> str:
        try:
            return str(expand(value, self._own.get))
        except UnsetVariableError as error:
            raise RoutingError(
                f"{error.name}, which {key} under [network] uses, is not set.",
                f"Run: export {error.name}=…, or correct {escaped(str(self._path))}.",
            ) from None

    def _parsed(self, named: str, text: str) -> tuple[str, Secret | None]:
        scheme, separator, rest = text.strip().partition("://")
        if not separator:
            scheme, rest = "http", scheme
        login, _, host = rest.rpartition("@")
        try:
            if scheme.lower() not in {"http", "https"}:
                raise ValueError("only http:// and https:// proxies are possible")
            origin = parse_origin(f"{scheme}://{host.rstrip('/')}")
        except ValueError as error:
            # The value is not shown: it may hold a password.
            raise RoutingError(
                f"The proxy that {self._where(named)} names can't be used: {error}.",
                "Write it like http://proxy.example.org:3128, as proxy under [network] in "
                f"{escaped(str(self._path))}.",
            ) from None
        user, _, password = login.partition(":")
        return str(origin), Secret(f"{unquote(user)}:{unquote(password)}") if login else None

    def _where(self, named: str) -> str:
        return "[network] proxy" if named == "proxy" else named


def _parts(login: Secret | None) -> list[str] | None:
    if login is None:
        return None
    user, _, password = login.reveal().partition(":")
    return [user, password]
