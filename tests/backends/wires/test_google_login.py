"""Vertex AI: how a login becomes a token, and what is said when it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backends.asking import Answer, answer
from backends.fault_server import FaultServer
from backends.wires.asked import target_of
from backends.wires.google import private_key, service_account
from backends.wires.table import MESSAGES, ROWS, Row
from configured_project import Workspace
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")


def row_of(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)


SERVICE, LOGIN = row_of("vertex-service-account"), row_of("vertex-gcloud-login")
_KEY = "vertex-key.json"


async def ask(row: Row, place: Path, host: ModelHost, server: FaultServer) -> Answer:
    return await answer(reply(host, target_of(row, place, server=server.base), MESSAGES))


def failed(found: Answer) -> BackendError:
    assert found.error is not None
    return found.error


def form(server: FaultServer) -> dict[str, str]:
    """The one sign-in that came."""
    (request,) = [request for request in server.requests if request.path == "/token"]
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


async def test_a_service_account_signs_what_it_asks_for(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    assert (await ask(SERVICE, tmp_path, host, server)).error is None
    sent = form(server)
    assert sent["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    public: Any = load_pem_private_key(private_key().encode(), None).public_key()
    claims = jwt.decode(
        sent["assertion"], public, algorithms=["RS256"], audience=f"{server.base}/token"
    )
    assert claims["iss"] == "editor@project-of-the-key.iam.gserviceaccount.com"
    assert claims["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    assert claims["exp"] - claims["iat"] == 3600
    assert jwt.get_unverified_header(sent["assertion"])["kid"] == "1f2e"


async def test_gclouds_login_is_renewed_by_its_refresh_token(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    assert (await ask(LOGIN, tmp_path, host, server)).error is None
    assert form(server) == {
        "grant_type": "refresh_token",
        "client_id": "id.apps.googleusercontent.com",
        "client_secret": "client-secret",
        "refresh_token": "refresh-canary",
    }


async def test_a_token_serves_until_it_ends(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    target = target_of(SERVICE, tmp_path, server=server.base)
    for _ in range(3):
        assert (await answer(reply(host, target, MESSAGES))).error is None
    assert [request.path for request in server.requests].count("/token") == 1


async def test_the_project_is_the_keys_own_when_nothing_names_one(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    environment = {"GOOGLE_APPLICATION_CREDENTIALS": f"~/{_KEY}"}
    assert (
        await ask(replace(SERVICE, environment=environment), tmp_path, host, server)
    ).error is None
    assert "/projects/project-of-the-key/locations/us-central1/" in server.requests[-1].path


async def test_without_any_project_it_is_asked_for(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    key = json.loads(service_account())
    del key["project_id"]
    environment = {"GOOGLE_APPLICATION_CREDENTIALS": f"~/{_KEY}"}
    row = replace(SERVICE, environment=environment, files={_KEY: json.dumps(key)})
    error = failed(await ask(row, tmp_path, host, server))
    assert "no Google Cloud project" in error.message
    assert "VERTEXAI_PROJECT" in error.next_step


async def test_nothing_else_is_looked_for(
    tmp_path: Path, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    begun = len(host_log)
    for row in (SERVICE, LOGIN):
        assert (await ask(row, tmp_path / row.name, host, server)).error is None
    assert [line for line in host_log[begun:] if "refused" in line] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "can't be read"),
        ("[]", "holds no login"),
        ('{"type": "external_account"}', "external_account, which is not supported"),
        ('{"type": "authorized_user"}', "holds no whole login"),
        ('{"type": "service_account", "private_key": "x", "client_email": "e"}', "no key that can"),
    ],
)
async def test_a_file_that_is_no_login_says_so(
    content: str, said: str, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    error = failed(await ask(replace(SERVICE, files={_KEY: content}), tmp_path, host, server))
    assert said in f"{error.message} {error.next_step}"
    assert "gcloud auth application-default login" in error.next_step
    assert server.requests == []


async def test_a_login_that_google_refuses_is_told_in_its_words(
    tmp_path: Path, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    server.refused_sign_in = ("invalid_grant", "Token has been expired or revoked.")
    error = failed(await ask(LOGIN, tmp_path, host, server))
    assert error.kind == "auth"
    assert "Token has been expired or revoked" in f"{error.message} {error.next_step}"
    assert "gcloud auth application-default login" in error.next_step
    assert "refresh-canary" not in json.dumps([error.message, error.detail, host_log])


async def test_a_key_may_name_no_other_address(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    """A file with a key says where tokens are to be had; only what is granted is reached."""
    with FaultServer() as elsewhere:
        key = json.loads(service_account()) | {"token_uri": f"{elsewhere.base}/token"}
        row = replace(SERVICE, files={_KEY: json.dumps(key)})
        error = failed(await ask(row, tmp_path, host, server))
        assert elsewhere.connections == []
    assert error.kind == "refused_origin"


async def test_a_missing_login_is_named_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(RoutingError) as refused:
        resolve(Workspace(tmp_path).load(), "edit", "vertex_ai/gemini-2.5-pro")
    assert "gcloud auth application-default login" in refused.value.next_step
