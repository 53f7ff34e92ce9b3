"""Every recipe of docs/backends/ makes the request that it is meant to make, over a socket."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backends.asking import answer
from backends.certificates import Authority
from backends.documented import DOCUMENTED
from backends.fault_server import FaultServer
from backends.proxy_server import ProxyServer
from backends.wires.asked import SIGN_IN, assert_is_the_rows, target_of
from backends.wires.row import MESSAGES, Row
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOSTS = sorted(
    {str(urlsplit(origin).hostname) for origin in [*(row.origin for row in DOCUMENTED), SIGN_IN]}
)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    return authority.serving(*HOSTS), authority.pem


def elsewhere(origin: str) -> bool:
    """Whether requests to it go through a proxy; this machine's own addresses never do."""
    return urlsplit(origin).hostname != "localhost"


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: row.name)
async def test_the_request_of_a_recipe(
    row: Row, tmp_path: Path, host: ModelHost, certified: tuple[ssl.SSLContext, Path]
) -> None:
    """At the vendor's own address, led to the test's server by a proxy; else at that server."""
    context, trusted = certified
    secure = row.origin.startswith("https:")
    with FaultServer(tls=context if secure else None) as server:
        if not elsewhere(row.origin):
            target = target_of(row, tmp_path, server=server.base)
            found = await answer(reply(host, target, MESSAGES))
        else:
            split = urlsplit(row.origin)
            ways = {f"{name}:443": server.origin for name in HOSTS}
            ways[f"{split.hostname}:{split.port or 443}"] = server.origin
            with ProxyServer(ways) as proxy:
                network = {"HTTPS_PROXY": proxy.url, "HTTP_PROXY": proxy.url}
                network["SSL_CERT_FILE"] = str(trusted)
                target = target_of(row, tmp_path, environ=network)
                assert str(target.origins[0]) == row.origin
                found = await answer(reply(host, target, MESSAGES))
        assert found.error is None, (found.error.sentence, found.error.detail)
        assert_is_the_rows(row, server)
        assert found.text == "Hello, world."
        assert found.finished is not None
        assert found.finished.marker
