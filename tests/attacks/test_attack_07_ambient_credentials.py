"""Attack 7: an address that somebody names gets the keys that lie around, whatever the provider.

The shell of the server holds eight keys, and the home folder the logins of two clouds.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from attacks.canaries import CANARIES
from backends.asking import QUESTION, Answer, answer
from backends.fault_server import FaultServer
from backends.wires.google import login
from configured_project import Workspace, question_of
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.errors import GrantNeededError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")

each_provider = pytest.mark.parametrize(
    "provider", [name for name, found in PROVIDERS.items() if found.adapter != "replay"]
)
MODELS = {
    "bedrock": "anthropic.claude-3-haiku-20240307-v1:0",
    "vertex_ai": "gemini-2.5-flash",
    "replicate": "meta/meta-llama-3-8b-instruct",
}
OWN = "own-key-of-this-server"
NEEDED = {
    "TEAM_KEY": OWN,
    "AZURE_API_VERSION": "2024-10-21",
    "AWS_ACCESS_KEY_ID": "canary-aws-access-key-id",
    "AWS_REGION_NAME": "us-east-1",
    "VERTEXAI_PROJECT": "my-project",
}
AWS = "[default]\naws_access_key_id = canary-id\naws_secret_access_key = canary-secret\n"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def hosted() -> AsyncIterator[ModelHost]:
    """A model host started from a shell that is full of keys."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CANARIES, **NEEDED}.items():
            patch.setenv(name, value)
        running = ModelHost(log=lambda _: None)
        await running.prewarm("litellm")
    yield running
    await running.close()


@pytest.fixture
def workspace(tmp_path: Path, home: Path) -> Workspace:
    files = {
        ".aws/credentials": AWS,
        ".config/gcloud/application_default_credentials.json": login(),
    }
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content, "utf-8")
    return Workspace(tmp_path, {**CANARIES, **NEEDED})


def naming(provider: str, address: str, *lines: str) -> str:
    model = MODELS.get(provider, "demo")
    body = "\n".join([f'provider = "{provider}"', f'api_base = "{address}"', *lines])
    return f'model = "theirs/{model}"\n[backends.theirs]\n{body}\n'


def assert_clean(server: FaultServer) -> None:
    for request in server.requests:
        seen = f"{request.path} {json.dumps(request.headers)} {request.body!r}"
        assert "canary" not in seen
        # A signature shows no key, and is one all the same.
        assert "AWS4-HMAC" not in seen


async def asked(workspace: Workspace, host: ModelHost) -> Answer:
    return await answer(reply(host, resolve(workspace.load(), "edit"), QUESTION))


@each_provider
async def test_a_project_with_a_key_of_its_own_gets_that_key_alone(
    provider: str, workspace: Workspace, hosted: ModelHost
) -> None:
    with FaultServer() as server:
        text = naming(provider, server.base, 'api_key = "${TEAM_KEY}"')
        workspace.project(text).trust()
        await asked(workspace, hosted)
        assert server.requests
        assert any(OWN in json.dumps(request.headers) for request in server.requests)
        assert_clean(server)


@each_provider
async def test_a_project_without_a_grant_for_a_key_gets_nothing(
    provider: str, workspace: Workspace, hosted: ModelHost
) -> None:
    with FaultServer() as server:
        workspace.project(naming(provider, server.base)).trust(grants=False)
        with pytest.raises(GrantNeededError):
            resolve(workspace.load(), "edit")
        assert server.connections == []


@each_provider
async def test_a_project_whose_address_alone_is_granted_gets_no_login(
    provider: str, workspace: Workspace, hosted: ModelHost
) -> None:
    """Where a person agreed to what was asked, and a provider's own key was not among it."""
    with FaultServer() as server:
        workspace.project(naming(provider, server.base))
        wanted = question_of(workspace.load()).grants
        workspace.trust()
        keys = {grant.variable for grant in wanted if grant.variable}
        await asked(workspace, hosted)
        for name in keys & set(CANARIES):
            # What a person agreed to is sent, and nothing else of the kind.
            assert all(CANARIES[name] in json.dumps(r.headers) for r in server.requests)
        others = [value for name, value in CANARIES.items() if name not in keys]
        others += [NEEDED["AWS_ACCESS_KEY_ID"], "canary-id", "canary-secret", "ya29.token"]
        seen = [f"{r.path} {json.dumps(r.headers)} {r.body!r}" for r in server.requests]
        assert [word for word in others if any(word in one for one in seen)] == []
        assert not any("AWS4-HMAC" in one for one in seen)
        assert not any("/token" in request.path for request in server.requests)
