"""The libraries that do not use httpx go the same way: aiohttp, requests and botocore."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backends.certificates import Authority
from backends.fault_server import FaultServer
from backends.networked import HOST, proxied
from streetrace_lsp.routing.network import NetworkSettings
from streetrace_lsp.routing.secret import Secret

# What the model host does around a request, and then one request by a library.
AROUND = """
import json, sys
from streetrace_lsp.modelhost import guard, network, other_clients, transport
asked = json.load(sys.stdin)
keeper = guard.Guard()
guard.install(keeper)
transport.install(keeper.check_target)
other_clients.install("bedrock")
way = network.network(asked["network"])
origins = [tuple(origin) for origin in asked["origins"]]
with keeper.grant(origins, way.sockets(origins)), network.used(way), transport.watched() as seen:
    try:
        print(json.dumps({"status": send(asked["url"])}))
    except Exception as error:
        kind = seen.fault and seen.fault.facts["kind"]
        print(json.dumps({"error": type(error).__name__, "kind": kind, "text": str(error)}))
"""
REQUESTS = """
def send(url):
    import requests
    return requests.get(url, timeout=10, verify=False).status_code
"""
BOTOCORE = """
def send(url):
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session
    return URLLib3Session(verify=False).send(AWSRequest("GET", url).prepare()).status_code
"""
AIOHTTP = """
def send(url):
    import asyncio, aiohttp
    async def get():
        async with aiohttp.ClientSession() as session, session.get(url, ssl=False) as answer:
            return answer.status
    return asyncio.run(get())
"""
LIBRARIES = pytest.mark.parametrize(
    "library", [AIOHTTP, REQUESTS, BOTOCORE], ids=["aiohttp", "requests", "botocore"]
)


def sent(library: str, settings: NetworkSettings, *, granted: bool = True) -> dict[str, Any]:
    """One GET of the server's list of models by this library, in a process of its own."""
    asked = {
        "network": settings.frame(),
        "origins": [[HOST, 443]] if granted else [],
        "url": f"https://{HOST}/v1/models",
    }
    done = subprocess.run(
        [sys.executable, "-I", "-c", library + AROUND],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@LIBRARIES
def test_it_goes_through_the_proxy_and_trusts_the_bundle(
    library: str, secure: FaultServer, authority: Authority
) -> None:
    with proxied(secure, login="me:s3cret") as proxy:
        settings = NetworkSettings(
            proxy=proxy.url, login=Secret("me:s3cret"), ca_bundle=str(authority.pem)
        )
        assert sent(library, settings) == {"status": 200}
        assert proxy.tunnels == [f"{HOST}:443"]


@LIBRARIES
def test_verification_stays_on_whatever_the_library_was_told(
    library: str, secure: FaultServer
) -> None:
    with proxied(secure) as proxy:
        found = sent(library, NetworkSettings(proxy=proxy.url))
    assert "certificate verify failed" in found["text"].lower().replace("_", " ")
    assert secure.requests == []


@LIBRARIES
def test_a_target_that_was_not_granted_is_refused(library: str, secure: FaultServer) -> None:
    with proxied(secure) as proxy:
        found = sent(library, NetworkSettings(proxy=proxy.url), granted=False)
        assert proxy.connections == 0
    assert "refused by the model host" in found["text"]


@LIBRARIES
def test_a_proxy_that_wants_a_login_is_the_proxys_fault(library: str, secure: FaultServer) -> None:
    with proxied(secure, login="me:s3cret") as proxy:
        assert sent(library, NetworkSettings(proxy=proxy.url))["kind"] == "proxy"


@LIBRARIES
def test_a_missing_bundle_is_named_before_anything_is_sent(
    library: str, secure: FaultServer, tmp_path: Path
) -> None:
    with proxied(secure) as proxy:
        settings = NetworkSettings(proxy=proxy.url, ca_bundle=str(tmp_path / "gone.pem"))
        assert sent(library, settings)["kind"] == "network"
        assert proxy.connections == 0
