"""A key that a server sends back, or asks for, in what the user and the log read."""

from __future__ import annotations

import json

import pytest

from backends.asking import KEY, OPENAI, WIRES, Wire, ask
from backends.fault_server import FaultServer, Reply
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
@pytest.mark.parametrize("spelling", ["plain", "escaped"])
async def test_a_key_that_is_echoed_is_not_shown(
    wire: Wire, spelling: str, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    echoed = "{key}" if spelling == "plain" else "sk-own-4f9a%2Fb%2Bc%3Dd"
    server.script(Reply(status=401, message=f"the key {echoed} is unknown"))
    error = (await ask(host, wire, server)).error
    assert error is not None
    everything = json.dumps([error.message, error.next_step, error.detail, repr(error), host_log])
    assert KEY not in everything
    assert "4f9a" not in everything


async def test_a_missing_key_is_called_missing(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(status=401))
    error = (await ask(host, OPENAI, server, key=None)).error
    assert error is not None
    assert "none is configured" in error.message
