"""A target behind a company's proxy, as the tests of the network configure it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backends.asking import KEY, QUESTION, Answer, answer
from backends.fault_server import FaultServer
from backends.proxy_server import ProxyServer
from configured_project import Workspace
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import Target, resolve

HOST = "llm.example.test"
BACKENDS = {
    "ollama": 'provider = "ollama"\napi_base = "https://llm.example.test"',
    "openai": 'provider = "openai"\napi_base = "https://llm.example.test/v1"',
    "anthropic": 'provider = "anthropic"\napi_base = "https://llm.example.test"',
    "gemini": 'provider = "gemini"\napi_base = "https://llm.example.test/v1beta"',
    "cohere": 'provider = "cohere_chat"\napi_base = "https://llm.example.test/v2/chat"',
    "azure": 'provider = "azure"\napi_base = "https://llm.example.test"',
}
# One of each adapter.
BOTH = ("openai", "ollama")


@contextmanager
def proxied(server: FaultServer, **how: Any) -> Iterator[ProxyServer]:
    """A proxy that knows the way to the model server."""
    routes = {f"{HOST}:443": server.origin, f"{HOST}:80": server.origin}
    with ProxyServer(routes, **how) as running:
        yield running


def configured(
    place: Path, backend: str, network: str = "", environ: Mapping[str, str] | None = None
) -> Target:
    """The target that a user's own file with this backend and [network] leads to."""
    keys = {"MY_KEY": KEY, "AZURE_API_VERSION": "2024-10-21"}
    workspace = Workspace(place, {**keys, **(environ or {})})
    text = f'model = "mine/demo"\n[backends.mine]\n{backend}\napi_key = "${{MY_KEY}}"\n'
    workspace.user(f"{text}[defaults]\ntimeout = 20\n[network]\n{network}")
    configuration = workspace.load()
    assert configuration.problems == ()
    return resolve(configuration, "ask")


async def asked(host: ModelHost, target: Target) -> Answer:
    return await answer(reply(host, target, QUESTION))


def story(found: Answer, log: list[str]) -> str:
    """Everything that anybody can read of an answer."""
    error = found.error
    parts = [error.message, error.next_step, error.detail, repr(error)] if error else []
    return json.dumps([*parts, repr(found), log])


# A proxy's login as it stands in an address, and as it is meant.
LOGIN = "me%40corp:s3cr%2Fet-pass"
PLAIN = "me@corp:s3cr/et-pass"
