"""Attack 31: a project names a provider that renders templates of strangers, or runs programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backends.fault_server import FaultServer
from configured_project import CANARIES, Workspace
from streetrace_lsp.config.provider_names import ALIASES, REFUSED
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.targets import resolve

PROGRAM = """
import json, os
os.environ.update(LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_MODE="PRODUCTION")
import litellm
print("\\n" + json.dumps([provider.value for provider in litellm.LlmProviders]))
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, CANARIES)


@pytest.fixture(scope="module")
def known_to_litellm(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("empty")
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("provider", sorted(REFUSED))
@pytest.mark.parametrize("spelling", [str, str.upper], ids=["plain", "capitals"])
def test_a_refused_provider_is_refused_with_its_reason(
    provider: str, spelling: type[str], workspace: Workspace
) -> None:
    with FaultServer() as server:
        workspace.project(
            f'model = "x/m"\n[backends.x]\nprovider = "{spelling(provider)}"\n'
            f'api_base = "{server.base}"\napi_key = "${{GITHUB_TOKEN}}"\n'
        ).trust()
        workspace.environ.looked_up.clear()
        for wanted in (None, "x/m", f"{spelling(provider)}/m"):
            with pytest.raises(RoutingError) as refused:
                resolve(workspace.load(), "edit", wanted)
            assert REFUSED[provider] in refused.value.message
            assert refused.value.next_step
        assert server.connections == []
    assert workspace.environ.canaries_touched == set()


def test_no_other_provider_of_litellm_is_reached(
    workspace: Workspace, known_to_litellm: list[str]
) -> None:
    unreviewed = set(known_to_litellm) - set(PROVIDERS) - set(ALIASES)
    assert unreviewed > set(REFUSED) & set(known_to_litellm)
    for provider in unreviewed:
        with pytest.raises(RoutingError) as refused:
            resolve(workspace.load(), "edit", f"{provider}/m")
        assert "left out on purpose" in refused.value.message or (
            "reviewed list" in refused.value.message
        )


def test_no_provider_is_both_reviewed_and_refused() -> None:
    assert set(REFUSED) & (set(PROVIDERS) | set(ALIASES)) == set()
