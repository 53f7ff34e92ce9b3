"""Attacks 1, 3, 5, 6 and 8 once more, with every provider that sends something somewhere.

7, 9, 10, 30 and 31 have files of their own, which do the same.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from attacks.canaries import CANARIES, CHILDREN, NETWORK, assert_no_canary, audited
from attacks.test_attack_07_ambient_credentials import (
    MODELS,
    NEEDED,
    OWN,
    asked,
    each_provider,
    hosted,
    naming,
)
from backends.asking import QUESTION, answer
from backends.fault_server import FaultServer
from configured_project import Workspace
from lsp.clients.bare import Bare
from lsp.machine import Launch, Machine
from lsp.sample import START, TEXT
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.errors import GrantNeededError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.origins import Origin
from streetrace_lsp.routing.targets import resolve

__all__ = ["hosted"]

SENDING = {name: row for name, row in PROVIDERS.items() if row.adapter != "replay"}
ADDRESSES = [(name, base) for name, row in SENDING.items() for base in row.base_variables]
KEYS = [(name, row.key_variables[0]) for name, row in SENDING.items() if row.key_variables]
PLANTED, USERS = "planted-key-of-a-stranger", "key-in-the-users-shell"


async def test_attack_01_nothing_goes_to_any_of_them_before_trust(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    variables = {name: f"canary-{name}" for row in SENDING.values() for name in row.key_variables}
    document, editor = None, await launch(Bare, watched=True, variables={**variables, **CANARIES})
    for name, row in SENDING.items():
        key = [f'api_key = "${{{row.key_variables[0]}}}"'] if row.key_variables else []
        machine.configure(naming(name, faults.base, *key), trusted=False)
        document = document or editor.open(machine.write("app.py", TEXT))
        offered = await editor.actions(document, document.span(START, "naïve"))
        for title in ("Streetrace: Fix", "Streetrace: Explain"):
            ending = await editor.finished((await editor.run(offered[title]))["job"])
            assert ending["state"] in {"refused", "failed"}, (name, ending)
    await editor.stop()
    assert faults.connections == []
    assert audited(editor, "import")  # the watch is on
    assert audited(editor, *NETWORK, *CHILDREN) == []
    assert_no_canary(editor, machine)


@pytest.mark.parametrize(("provider", "variable"), ADDRESSES)
def test_attack_03_an_address_in_dotenv_is_no_address_without_a_grant(
    provider: str, variable: str, tmp_path: Path
) -> None:
    row = PROVIDERS[provider]
    keys = dict.fromkeys(row.key_variables, USERS)
    with FaultServer() as server:
        workspace = Workspace(tmp_path, {**NEEDED, **keys})
        workspace.project(f'model = "{provider}/{MODELS.get(provider, "demo")}"\n')
        workspace.dotenv(f"{variable}={server.base}\n").trust(grants=False)
        workspace.environ.looked_up.clear()
        with pytest.raises(GrantNeededError) as refused:
            resolve(workspace.load(), "edit")
        assert f"127.0.0.1:{server.port}" in refused.value.sentence
        assert not workspace.environ.looked_up & set(row.key_variables)
        assert server.connections == []


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("provider", "variable"), KEYS)
async def test_attack_05_of_a_planted_and_a_users_key_the_users_is_used(
    provider: str, variable: str, tmp_path: Path, home: Path, hosted: ModelHost
) -> None:
    with FaultServer() as server:
        workspace = Workspace(tmp_path, {**NEEDED, variable: USERS})
        workspace.project(naming(provider, server.base, f'api_key = "${{{variable}}}"'))
        workspace.dotenv(f"{variable}={PLANTED}\n").trust()
        await asked(workspace, hosted)
        sent = [f"{r.path} {json.dumps(r.headers)} {r.body!r}" for r in server.requests]
        assert any(USERS in one for one in sent)
        assert not any(PLANTED in one for one in sent)


@each_provider
def test_attack_06_a_secret_of_another_service_needs_a_grant_of_its_own(
    provider: str, tmp_path: Path
) -> None:
    with FaultServer() as server:
        workspace = Workspace(tmp_path, {**CANARIES, **NEEDED})
        workspace.project(naming(provider, server.base, 'api_key = "${GITHUB_TOKEN}"'))
        workspace.trust(grants=False)
        workspace.environ.looked_up.clear()
        with pytest.raises(GrantNeededError) as refused:
            resolve(workspace.load(), "edit")
        assert "GITHUB_TOKEN" in refused.value.sentence
        assert "GITHUB_TOKEN" not in workspace.environ.looked_up
        assert server.connections == []


@pytest.mark.asyncio(loop_scope="session")
@each_provider
async def test_attack_08_a_field_of_the_body_is_no_address(
    provider: str, tmp_path: Path, home: Path, hosted: ModelHost
) -> None:
    with FaultServer() as server, FaultServer() as theirs:
        base = theirs.base
        fields = {
            **dict.fromkeys(("api_base", "base_url", "azure_endpoint", "endpoint", "host"), base),
            **dict.fromkeys(("aws_bedrock_runtime_endpoint", "aws_sts_endpoint"), base),
            **dict.fromkeys(("custom_llm_provider", "vertex_location"), "openai"),
            "litellm_params": {"api_base": base},
            "extra_body": {"api_base": base},
        }
        extra = "".join(f"extra_body.{name} = {_toml(value)}\n" for name, value in fields.items())
        workspace = Workspace(tmp_path, {**NEEDED, "TEAM_KEY": OWN})
        workspace.project(naming(provider, server.base, 'api_key = "${TEAM_KEY}"', extra)).trust()
        target = resolve(workspace.load(), "edit")
        # The other origin is granted, as if another request needed it: the guard is not what holds.
        target = replace(target, origins=(*target.origins, Origin("http", *theirs.origin)))
        await answer(reply(hosted, target, QUESTION))
        assert theirs.connections == []
        assert {request.path for request in server.requests} != set()


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(item)}" for name, item in value.items()) + " }"
    return json.dumps(value)
