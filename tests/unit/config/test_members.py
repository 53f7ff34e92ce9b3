"""The servers of one backend: endpoints, deployments, and what goes to each of them."""

from pathlib import Path

import pytest

from configured_project import CANARIES, Workspace, marked, question_of
from streetrace_lsp.config.exposure import expose
from streetrace_lsp.config.grants import parse_grant
from streetrace_lsp.config.members import every_member, members
from streetrace_lsp.config.model import Backend
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.config.target_strings import TargetError, choose

AZURE = """\
model = "azure/us_east"

[backends.azure]
provider = "azure"
api_key = "${AZURE_API_KEY}"
api_version = "2024-02-15-preview"

[backends.azure.deployments.us_east]
deployment = "gpt-4-us-east"
model = "gpt-4"
api_base = "https://us-east.example.com"

[backends.azure.deployments.eu_west]
deployment = "gpt-4-eu-west"
api_base = "https://eu-west.example.com"
api_key = "${EU_KEY}"
api_version = "2024-10-21"
"""
LOCAL = """\
[backends.local]
provider = "ollama"
model = "llama3"

[backends.local.endpoints]
overseer = ["http://localhost:11434", "http://server2:11434"]
fast = ["http://server3:11434", "http://server2:11434"]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, CANARIES)


def labels(backend: Backend, role: str | None) -> list[str]:
    return [member.label for member in members("b", backend, role, PROVIDERS[backend.provider])]


def test_a_backend_without_more_is_one_server() -> None:
    backend = Backend(provider="openai", api_base="http://localhost:1/v1")
    (member,) = members("b", backend, "edit", PROVIDERS["openai"])
    assert (member.label, member.backend, member.model) == ("b", backend, None)


def test_endpoints_are_one_server_each() -> None:
    backend = Backend(provider="ollama", endpoints=["http://a:1", "b:2/x", "http://a:1"])
    found = members("b", backend, None, PROVIDERS["ollama"])
    assert [(m.label, m.backend.api_base) for m in found] == [
        ("b @ a:1", "http://a:1"),
        ("b @ b:2", "b:2/x"),
    ]
    assert all(m.backend.endpoints == [] for m in found)


def test_endpoints_by_role_serve_their_role(workspace: Workspace) -> None:
    backend = workspace.user(LOCAL).load().settings.backends["local"]
    assert labels(backend, "overseer") == ["b @ localhost:11434", "b @ server2:11434"]
    everything = ["b @ localhost:11434", "b @ server2:11434", "b @ server3:11434"]
    assert labels(backend, "other") == labels(backend, None) == everything
    own = backend.model_copy(update={"api_base": "http://localhost:9"})
    assert [m.backend.api_base for m in members("b", own, "other", PROVIDERS["ollama"])] == [
        "http://localhost:9"
    ]
    assert len(every_member("b", own, PROVIDERS["ollama"])) == 4


def test_a_deployment_brings_its_own_address_key_and_version(workspace: Workspace) -> None:
    backend = workspace.user(AZURE).load().settings.backends["azure"]
    (east,) = members("azure", backend, "us_east", PROVIDERS["azure"])
    assert (east.label, east.model) == ("azure/us_east", "gpt-4-us-east")
    assert east.backend.api_base == "https://us-east.example.com"
    assert east.backend.api_key == "${AZURE_API_KEY}"
    assert east.backend.api_version == "2024-02-15-preview"
    (west,) = members("azure", backend, "eu_west", PROVIDERS["azure"])
    assert (west.backend.api_key, west.backend.api_version) == ("${EU_KEY}", "2024-10-21")
    assert [m.label for m in every_member("azure", backend, PROVIDERS["azure"])] == [
        "azure/us_east",
        "azure/eu_west",
    ]


@pytest.mark.parametrize(
    ("target", "task", "model", "role"),
    [
        ("azure/us_east", "fix", "gpt-4-us-east", "us_east"),
        ("azure/some-deployment", "fix", "some-deployment", None),
        ("local/overseer", "fix", "llama3", "overseer"),
        ("local", "fix", "llama3", None),
        ("local", "overseer", "llama3", "overseer"),
        ("local/llama3:70b", "fix", "llama3:70b", None),
    ],
)
def test_a_target_names_a_role_of_servers(
    workspace: Workspace, target: str, task: str, model: str, role: str | None
) -> None:
    settings = workspace.user(AZURE + LOCAL).load().settings
    choice = choose(target, settings, task)
    assert (choice.model, choice.role) == (model, role)


def test_several_deployments_and_none_for_the_task_are_ambiguous(workspace: Workspace) -> None:
    settings = workspace.user(AZURE).load().settings
    with pytest.raises(TargetError) as error:
        choose("azure", settings, "fix")
    assert "eu_west, us_east" in error.value.message


def test_one_question_covers_every_address_and_key(workspace: Workspace) -> None:
    local = LOCAL.replace("[backends.local.endpoints]", "[backends.local.endpoints]\nx = ['a:1']")
    question = question_of(workspace.project(AZURE + local).load())
    assert {str(grant) for grant in question.grants} == {
        "https://us-east.example.com=AZURE_API_KEY",
        "https://eu-west.example.com=EU_KEY",
        "http://a:1",
        "http://server2:11434",
        "http://server3:11434",
    }
    for said in (
        "azure/us_east: Azure OpenAI at https://us-east.example.com, which gets AZURE_API_KEY",
        "azure/eu_west: Azure OpenAI at https://eu-west.example.com, which gets EU_KEY",
        "local @ server2:11434: Ollama at http://server2:11434 (not encrypted), without a key",
    ):
        assert said in question.message


def test_each_server_of_a_project_needs_its_own_grant(workspace: Workspace) -> None:
    configuration = workspace.project(AZURE).trust(grants=False)
    workspace.source.store.grant([parse_grant("https://us-east.example.com=AZURE_API_KEY")])
    configuration = workspace.load()
    backend = configuration.settings.backends["azure"]
    missing = {
        member.label: expose(
            "azure", member.backend, PROVIDERS["azure"], configuration.variables, from_project=True
        ).missing(configuration.grants)
        for member in every_member("azure", backend, PROVIDERS["azure"])
    }
    assert missing == {
        "azure/us_east": frozenset(),
        "azure/eu_west": {parse_grant("https://eu-west.example.com=EU_KEY")},
    }
    assert question_of(configuration).grants == tuple(missing["azure/eu_west"])


def test_local_only_sees_each_server(workspace: Workspace) -> None:
    configuration = workspace.user("local_only = true\n" + LOCAL).load()
    backend = configuration.settings.backends["local"]
    local = [
        expose(
            "local", m.backend, PROVIDERS["ollama"], configuration.variables, from_project=False
        ).local
        for m in every_member("local", backend, PROVIDERS["ollama"])
    ]
    assert local == [True, False, False]


def test_a_literal_key_of_a_deployment_is_refused_in_a_project(workspace: Workspace) -> None:
    text = AZURE.replace('"${EU_KEY}"', '"sk-canary"')
    configuration = workspace.project(text).load()
    (problem,) = configuration.problems
    assert (problem.code, marked(problem)) == ("literal-key", '"sk-canary"')
    assert "canary" not in repr(configuration)
    assert workspace.trust().settings.backends["azure"].deployments["eu_west"].api_key is None


def test_an_unset_variable_of_a_deployment_is_pointed_at(workspace: Workspace) -> None:
    (problem,) = workspace.user(AZURE).load().problems
    assert (problem.code, marked(problem)) == ("unset-variable", '"${EU_KEY}"')
