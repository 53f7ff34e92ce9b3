"""Every row of the table makes its request, over a socket, and reads the answer."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backends.asking import Answer, answer
from backends.certificates import Authority
from backends.fault_server import FaultServer, Request
from backends.proxy_server import ProxyServer
from backends.wires.asked import SIGN_IN, assert_is_the_rows, target_of
from backends.wires.table import MESSAGES, ROWS, Row
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")
AWAY = [row for row in ROWS if row.origin.startswith("https:")]
HOSTS = sorted({str(urlsplit(origin).hostname) for origin in [*(r.origin for r in AWAY), SIGN_IN]})
ANSWER = "Hello, world."


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """What a server needs that stands in for all of the hosts, and the certificate to trust."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    return authority.serving(*HOSTS), authority.pem


@pytest.mark.parametrize("row", AWAY, ids=lambda row: row.name)
async def test_the_request_at_its_own_address(
    row: Row, tmp_path: Path, host: ModelHost, certified: tuple[ssl.SSLContext, Path]
) -> None:
    """With nothing changed but a proxy, which leads the host to the test's server."""
    context, trusted = certified
    with (
        FaultServer(tls=context) as server,
        ProxyServer({f"{name}:443": server.origin for name in HOSTS}) as proxy,
    ):
        network = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(trusted)}
        target = target_of(row, tmp_path, environ=network)
        found = await answer(reply(host, target, MESSAGES))
        request = assert_answered(row, found, server)
    assert f"https://{request.headers['host']}" == row.origin


@pytest.mark.parametrize("row", [r for r in ROWS if not r.fixed], ids=lambda row: row.name)
async def test_the_request_where_the_user_wants_it(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    target = target_of(row, tmp_path, server=server.base)
    found = await answer(reply(host, target, MESSAGES))
    assert_answered(row, found, server)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_the_recipe_leads_to_its_origin(row: Row, tmp_path: Path) -> None:
    assert str(target_of(row, tmp_path).origins[0]) == row.origin


async def test_no_two_rows_have_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


def assert_answered(row: Row, found: Answer, server: FaultServer) -> Request:
    assert found.error is None, (found.error.sentence, found.error.detail)
    request = assert_is_the_rows(row, server)
    assert found.text == ANSWER
    assert found.finished is not None
    assert (found.finished.reason, found.finished.marker) == ("stop", True)
    return request
