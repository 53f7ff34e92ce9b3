"""The model host and the fault server that the tests of this folder share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from backends.certificates import Authority
from backends.fault_server import FaultServer
from backends.networked import HOST
from streetrace_lsp.routing.host import ModelHost


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A company's own authority, which nobody trusts by itself."""
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[FaultServer]:
    """A model server at a company's host; its authority signed the certificate."""
    with FaultServer(tls=authority.serving(HOST)) as running:
        yield running


@pytest.fixture(scope="session")
def host_log() -> list[str]:
    """The lines that the shared host logged."""
    return []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def host(host_log: list[str]) -> AsyncIterator[ModelHost]:
    """One real child for all tests that leave it alive: importing LiteLLM takes seconds.

    Tests that use it run in the session's loop: `pytest.mark.asyncio(loop_scope="session")`.
    """
    running = ModelHost(log=host_log.append)
    await running.prewarm("litellm")
    yield running
    await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def own_host() -> AsyncIterator[ModelHost]:
    """A host of the test's own, to be killed; nothing imported yet."""
    running = ModelHost(log=lambda _: None)
    yield running
    await running.close()
