"""The rules of ``transport`` and ``pools`` for libraries that don't use httpx.

aiohttp serves some of LiteLLM's providers; requests fetches Google's tokens, botocore those of
an AWS role.
"""

from __future__ import annotations

import functools
import importlib
import ssl
import sys
from typing import Any, Final
from urllib.parse import urlsplit

from . import certificates, pools, transport
from .faults import HostFaultError
from .network import Network, Proxy, current, place

_SIGNING: Final = frozenset({"bedrock", "sagemaker", "sagemaker_chat"})


def install(provider: str) -> None:
    """Puts the rules in force for the libraries that calls to ``provider`` may use."""
    if "litellm" in sys.modules:
        _take_over_litellms()
    _install_aiohttp()
    _install_requests()
    if provider in _SIGNING or "botocore" in sys.modules:
        _install_botocore()


@functools.cache
def _take_over_litellms() -> None:
    # What is told not to use its aiohttp transport uses it all the same in clients that it made
    # when it was imported; Bedrock's is one of them.
    found: Any = importlib.import_module("litellm.llms.custom_httpx.aiohttp_transport")
    pools.serve(found.LiteLLMAiohttpTransport)


@functools.cache
def _install_aiohttp() -> None:
    import aiohttp

    session: Any = aiohttp.ClientSession
    ask = session._request

    async def ruled(self: Any, method: str, url: Any, **kwargs: Any) -> Any:
        transport.check_target(str(url))
        proxy = _proxy(str(url))
        kwargs |= {"allow_redirects": False, "proxy": proxy and proxy.url_with_login}
        if str(url).startswith("https:"):
            kwargs["ssl"] = _context()
        try:
            return await ask(self, method, url, **kwargs)
        except aiohttp.ClientHttpProxyError as error:
            raise _refused(proxy, error.status) from error
        except aiohttp.ClientProxyConnectionError as error:
            raise _unreachable(proxy) from error

    session._request = ruled


@functools.cache
def _install_requests() -> None:
    # Without types of its own here; LiteLLM brings it.
    adapters: Any = importlib.import_module("requests.adapters")
    exceptions: Any = importlib.import_module("requests.exceptions")
    send = adapters.HTTPAdapter.send

    def ruled(self: Any, request: Any, **kwargs: Any) -> Any:
        transport.check_target(request.url)
        proxy, way = _proxy(request.url), current()
        _context()
        kwargs["proxies"] = _by_scheme(request.url, proxy)
        kwargs["verify"] = way.ca_bundle or True
        kwargs["cert"] = _pair(way)
        try:
            return send(self, request, **kwargs)
        except exceptions.ProxyError as error:
            raise _from_text(proxy, str(error)) from error

    adapters.HTTPAdapter.send = ruled
    # `Session.send` follows redirects by itself, after the first answer.
    importlib.import_module("requests.sessions").Session.resolve_redirects = _none


@functools.cache
def _install_botocore() -> None:
    try:
        sessions: Any = importlib.import_module("botocore.httpsession")
    except ImportError:
        return
    exceptions: Any = importlib.import_module("botocore.exceptions")
    send = sessions.URLLib3Session.send

    def ruled(self: Any, request: Any) -> Any:
        transport.check_target(request.url)
        proxy, way = _proxy(request.url), current()
        _context()
        pair = _pair(way)
        # A session of its own, since the one that boto keeps knows other settings.
        session = sessions.URLLib3Session(
            verify=way.ca_bundle or True,
            proxies=_by_scheme(request.url, proxy),
            timeout=self._timeout,
            client_cert=pair if pair is None or pair[1] else pair[0],
        )
        try:
            return send(session, request)
        except exceptions.ProxyConnectionError as error:
            raise _from_text(proxy, str(error)) from error

    sessions.URLLib3Session.send = ruled


def _none(*_: Any, **__: Any) -> Any:
    return iter(())


def _proxy(url: str) -> Proxy | None:
    parts = urlsplit(url)
    return current().proxy_for(parts.scheme, parts.hostname or "", parts.port)


def _by_scheme(url: str, proxy: Proxy | None) -> dict[str, str]:
    return {urlsplit(url).scheme: proxy.url_with_login} if proxy is not None else {}


def _pair(way: Network) -> tuple[str, str | None] | None:
    return (way.client_cert, way.client_key) if way.client_cert else None


def _context() -> ssl.SSLContext:
    """Raises for a file that can't be used, before anything is sent."""
    try:
        return certificates.context(current())
    except HostFaultError as fault:
        transport.note(fault)
        raise


def _from_text(proxy: Proxy | None, text: str) -> HostFaultError:
    return _refused(proxy, 407) if "407" in text else _unreachable(proxy)


def _refused(proxy: Proxy | None, status: int) -> HostFaultError:
    return _fault(proxy, f"refused the connection (HTTP {status})", status)


def _unreachable(proxy: Proxy | None) -> HostFaultError:
    return _fault(proxy, "could not be reached")


def _fault(proxy: Proxy | None, said: str, status: int | None = None) -> HostFaultError:
    fault = HostFaultError(
        "proxy",
        said=said,
        status=status,
        host=proxy.host if proxy else None,
        port=proxy.port if proxy else None,
        next_step=f"Check {place(proxy.named if proxy else 'proxy', 'proxy')}.",
    )
    transport.note(fault)
    return fault
