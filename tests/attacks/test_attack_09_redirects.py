"""Attack 9: a redirect carries the prompt and the key away, whatever the provider.

`tests/backends/test_redirects.py` asks the same of the prefixes of LiteLLM that are not used.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backends.asking import answer
from backends.conftest import host, host_log, server
from backends.fault_server import FaultServer, Reply
from backends.wires.asked import target_of
from backends.wires.google import TOKENS, service_account
from backends.wires.table import MESSAGES, ROWS, Row
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.origins import Origin
from streetrace_lsp.routing.targets import Target

__all__ = ["host", "host_log", "server"]

pytestmark = pytest.mark.asyncio(loop_scope="session")
MOVABLE = [row for row in ROWS if not row.fixed]


def also_granted(target: Target, elsewhere: FaultServer) -> Target:
    """The other origin is granted, as if another request in flight needed it: what holds here is
    that redirects are off."""
    return replace(target, origins=(*target.origins, Origin("http", *elsewhere.origin)))


@pytest.mark.parametrize("row", MOVABLE, ids=lambda row: row.name)
async def test_the_target_of_a_redirect_gets_no_byte(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    with FaultServer() as elsewhere:
        server.default = Reply(redirect=f"{elsewhere.base}/*")
        target = also_granted(target_of(row, tmp_path, server=server.base), elsewhere)
        found = await answer(reply(host, target, MESSAGES))
        assert elsewhere.connections == []
        assert elsewhere.bytes_received == 0
    assert found.error is not None
    assert found.error.kind == "refused_origin"
    assert f"127.0.0.1:{elsewhere.port}" in found.error.message


async def test_a_sign_in_that_redirects_gets_no_byte_there(
    tmp_path: Path, host: ModelHost, server: FaultServer, home: Path
) -> None:
    (row,) = [row for row in ROWS if row.name == "vertex-service-account"]
    with FaultServer() as elsewhere:
        server.default = Reply(redirect=f"{elsewhere.base}/*")
        target = also_granted(target_of(row, tmp_path, server=server.base), elsewhere)
        key = service_account().replace(TOKENS, f"{server.base}/moved/predictions")
        (home / "vertex-key.json").write_text(key, "utf-8")
        found = await answer(reply(host, target, MESSAGES))
        assert elsewhere.bytes_received == 0
    assert [request.path for request in server.requests] == ["/moved/predictions"]
    assert found.error is not None
    assert found.error.kind == "refused_origin"


async def test_every_reviewed_provider_is_asked(tmp_path: Path) -> None:
    asked = {target_of(row, tmp_path / row.name).provider for row in MOVABLE}
    assert asked == set(PROVIDERS) - {"replay"}
