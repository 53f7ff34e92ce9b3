"""The connections of every httpx client of this process, whoever made the client.

LiteLLM makes its clients itself, one way for each provider: by itself, through the OpenAI
package, with options from variables of the environment. What they have in common is the
transport below them. So that is replaced: which connection serves a request follows from the
request's own network settings, and nothing that a client was told about proxies or
verification counts.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Final

import httpx

from . import certificates
from .faults import HostFaultError
from .network import Network, Proxy, current, place

_PORTS: Final = {"http": 80, "https": 443}
_Key = tuple[Proxy | None, ssl.SSLContext | None]

_async_pools: dict[_Key, httpx.AsyncHTTPTransport] = {}
_sync_pools: dict[_Key, httpx.HTTPTransport] = {}


def install() -> None:
    """Puts it in force, once, for all clients that exist and are to come."""
    handle_async, handle = (
        httpx.AsyncHTTPTransport.handle_async_request,
        httpx.HTTPTransport.handle_request,
    )

    async def handle_async_request(self: Any, request: httpx.Request) -> httpx.Response:
        way = _Way(request)
        pool = _async_pools.get(way.key) or _async_pools.setdefault(
            way.key, httpx.AsyncHTTPTransport(**way.options)
        )
        if way.proxy is None:
            return await handle_async(pool, request)
        try:
            async with asyncio.timeout(None) as limit:
                request.extensions = {**request.extensions, "trace": way.follow(limit)}
                response = await handle_async(pool, request)
        except (TimeoutError, httpx.HTTPError) as error:
            raise way.fault(error) from error
        if way.refused(response):
            await response.aclose()
            raise way.unauthorized()
        return response

    def handle_request(self: Any, request: httpx.Request) -> httpx.Response:
        way = _Way(request)
        pool = _sync_pools.get(way.key) or _sync_pools.setdefault(
            way.key, httpx.HTTPTransport(**way.options)
        )
        if way.proxy is None:
            return handle(pool, request)
        try:
            request.extensions = {**request.extensions, "trace": way.note}
            response = handle(pool, request)
        except httpx.HTTPError as error:
            raise way.fault(error) from error
        if way.refused(response):
            response.close()
            raise way.unauthorized()
        return response

    httpx.AsyncHTTPTransport.handle_async_request = handle_async_request  # type: ignore[method-assign]
    httpx.HTTPTransport.handle_request = handle_request  # type: ignore[method-assign]


def serve(transport: Any) -> None:
    """Lets the same connections serve the clients of a further class of transports."""
    transport.handle_async_request = httpx.AsyncHTTPTransport.handle_async_request


class _Way:
    """One request on its way, and how far it came when something goes wrong."""

    def __init__(self, request: httpx.Request) -> None:
        self._url = request.url
        self._network: Network = current()
        self._connect = request.extensions.get("timeout", {}).get("connect")
        # From the first byte to the proxy until the target itself can be heard.
        self._before_target = False
        self.proxy = self._network.proxy_for(self._url.scheme, self._url.host, self._url.port)
        encrypted = "https" in (self._url.scheme, self.proxy.scheme if self.proxy else "")
        self.key: _Key = (self.proxy, certificates.context(self._network) if encrypted else None)

    @property
    def options(self) -> dict[str, Any]:
        """What makes a pool for such requests."""
        # A pool for plain http trusts nobody, which costs nothing.
        verify = self.key[1] or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        found: dict[str, Any] = {"verify": verify, "trust_env": False}
        if self.proxy is not None:
            tls = verify if self.proxy.scheme == "https" else None
            found["proxy"] = httpx.Proxy(self.proxy.url, auth=self.proxy.login, ssl_context=tls)
        return found

    def follow(self, limit: asyncio.Timeout) -> Any:
        """httpcore's trace callback: a proxy that says nothing must not outlast ``connect``."""
        loop = asyncio.get_running_loop()

        async def noted(event: str, info: dict[str, Any]) -> None:
            before = self._before_target
            self.note(event, info)
            if before != self._before_target:
                waits = self._before_target and self._connect is not None
                limit.reschedule(loop.time() + self._connect if waits else None)

        return noted

    def note(self, event: str, _: Any) -> None:
        """Where the connection is, by httpcore's event names (its `docs/extensions.md`)."""
        if event == "connection.connect_tcp.started":
            self._before_target = True
        elif self._url.scheme == "https":
            # Only a tunnel has a TLS handshake of the proxy's own pool.
            self._before_target &= event != "proxy.start_tls.started"
        elif event == f"{self._last_of_proxy}.complete":
            self._before_target = False

    @property
    def _last_of_proxy(self) -> str:
        encrypted = self.proxy is not None and self.proxy.scheme == "https"
        return "connection.start_tls" if encrypted else "connection.connect_tcp"

    def fault(self, error: Exception) -> Exception:
        """The proxy's fault, or ``error`` where the proxy did its part."""
        if isinstance(error, httpx.ProxyError):
            status = str(error).split(" ", 1)[0]
            if status == "407":
                return self.unauthorized()
            said = f"refused to connect to {self._target} (HTTP {error})".replace(" )", ")")
            return self._fault(said, status=int(status) if status.isdigit() else None)
        if not self._before_target:
            return error
        if isinstance(error, TimeoutError | httpx.TimeoutException):
            return self._fault("did not answer")
        if tls := _tls_reason(error):
            step = f"Name the file with its authority as {self._network.where('ca_bundle')}."
            return self._fault(f"failed the TLS handshake: {tls}", next_step=step)
        if isinstance(error, httpx.ConnectError):
            return self._fault("could not be reached")
        return self._fault(f"closed the connection before it reached {self._target}")

    def refused(self, response: httpx.Response) -> bool:
        """Whether the proxy itself answered a plain request: without a login, or a wrong one."""
        return response.status_code == 407 and self._url.scheme == "http"

    def unauthorized(self) -> HostFaultError:
        """What a 407 means."""
        login = self.proxy is not None and self.proxy.login is not None
        said = (
            "refused its user name or password (HTTP 407)"
            if login
            else "asks for a user name and a password (HTTP 407)"
        )
        step = f"Write http://USER:PASSWORD@HOST:PORT as {self._where}."
        return self._fault(said, status=407, next_step=step)

    @property
    def _target(self) -> str:
        return f"{self._url.host}:{self._url.port or _PORTS.get(self._url.scheme)}"

    @property
    def _where(self) -> str:
        return place(self.proxy.named, "proxy") if self.proxy else ""

    def _fault(
        self, said: str, *, status: int | None = None, next_step: str = ""
    ) -> HostFaultError:
        assert self.proxy is not None  # noqa: S101 - asked for only where there is one
        return HostFaultError(
            "proxy",
            said=said,
            status=status,
            host=self.proxy.host,
            port=self.proxy.port,
            next_step=next_step or f"Check {self._where}, and that the proxy allows this host.",
        )


def _tls_reason(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return getattr(error, "verify_message", "") or error.reason or "no TLS on that port"
        error = error.__cause__ or error.__context__
    return ""
