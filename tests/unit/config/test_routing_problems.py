"""Mistakes in pools, chains, endpoints, deployments and their neighbours."""

from pathlib import Path

import pytest

from configured_project import Workspace, marked

B = '[backends.b]\nprovider = "openai"\nmodel = "m"\n'
A = '[backends.a]\nprovider = "azure"\napi_base = "https://a.example"\n'
D = A + '[backends.a.deployments.east]\ndeployment = "d"\n'
ANTHROPIC = '[backends.c]\nprovider = "anthropic"\nmodel = "x"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("text", "code", "place", "suggestion"),
    [
        # Targets in chains and pools.
        ('fallbacks = ["openai/m", "nowhere/m"]', "unclear-target", '"nowhere/m"', "Declare"),
        ('[tasks]\nfix = ["openai/m", "mystery-9"]', "unclear-target", '"mystery-9"', "Write"),
        ('[actions.fix]\nfallbacks = ["mystery-9"]', "unclear-target", '"mystery-9"', "Write"),
        ('[pools]\np = ["openai/m", "nowhere/m"]', "unclear-target", '"nowhere/m"', "Declare"),
        ('[pools]\np = ["p"]', "nested-pool", '"p"', "Remove it."),
        ('[pools]\np = ["openai/m"]\nq = ["p"]', "nested-pool", '"p"', "Write the targets of p"),
        ('[pools]\nb = ["openai/m"]\n' + B, "same-name", "b", "another name"),
        ('model = "gtp-4"\n[pools]\ngpt-4 = ["openai/m"]', "unclear-target", '"gtp-4"', "gpt-4?"),
        # Addresses.
        (
            B + 'api_base = "http://a"\nendpoints = ["http://b"]',
            "two-addresses",
            "api_base",
            "Remove one",
        ),
        (B + 'endpoints = ["${X"]', "broken-variable", '"${X"', "${VARIABLE}"),
        (D + 'api_base = "${X"', "broken-variable", '"${X"', "${VARIABLE}"),
        (D + "[backends.a.models]\neast = 'm'", "no-effect", "east", "as model under"),
        # Nested keys.
        (D + 'endpoint = "http://x"', "unknown-key", "endpoint", "Did you mean api_base?"),
        (D + 'base_url = "http://x"', "unknown-key", "base_url", "Did you mean api_base?"),
        (D + 'deployment_name = "x"', "unknown-key", "deployment_name", "mean deployment?"),
        (D + "litellm_params = { api_base = 'x' }", "unknown-key", "litellm_params", "Known here"),
        (B + "endpoints = [{ url = 'x' }]", "wrong-type", "{ url = 'x' }", "text in quotes"),
        (B + "endpoints = { edit = 'x' }", "wrong-type", "'x'", "brackets"),
        (A + "deployments = { east = 'd' }", "wrong-type", "'d'", "a table"),
        # The spellings of the documents.
        (A + 'endpoint = "http://x"', "unknown-key", "endpoint", "Did you mean api_base?"),
        (A + 'deployment_name = "gpt-4"', "unknown-key", "deployment_name", "Did you mean model"),
        (B + "context_window = 8192", "unknown-key", "context_window", "context_windows?"),
        ('fallback_backends = ["b"]', "unknown-key", "fallback_backends", "Did you mean fallbacks"),
        (
            '[defaults]\ndefault_embedding_backend = "b"',
            "unknown-key",
            "default_embedding_backend",
            "Did you mean embedding_backend?",
        ),
        (
            "[model_selector.weights]\nspecialisation = 1",
            "unknown-key",
            "specialisation",
            "ization",
        ),
        ("[prices.m]\ninput_cost_per_token = 1", "unknown-key", "input_cost_per_token", "million"),
        # The backend for searching.
        ('[defaults]\nembedding_backend = "b"', "unclear-target", '"b"', "Add [backends.b]"),
        (B + '[defaults]\nembedding_backend = "b"', "no-embeddings", '"b"', "embedding_model ="),
        (
            ANTHROPIC + '[defaults]\nembedding_backend = "c"',
            "no-embeddings",
            '"c"',
            "another provider",
        ),
        (ANTHROPIC + 'embedding_model = "e"', "no-embeddings", "embedding_model", "Remove it"),
        # Values that are not possible.
        ("[tasks]\nfix = []", "wrong-value", "[]", "Write at least one"),
        ("[budget]\nday = -1", "wrong-value", "-1", "at least 0"),
        ("[prices]\nm = 3", "wrong-type", "3", "a table"),
    ],
)
def test_a_mistake_is_shown_at_its_place_with_what_to_write(
    workspace: Workspace, text: str, code: str, place: str, suggestion: str
) -> None:
    found = [p for p in workspace.user(text).load().problems if p.code == code]
    assert [marked(problem) for problem in found] == [place]
    assert suggestion in f"{found[0].suggestion}"


@pytest.mark.parametrize("path", ["models/x", "~/x"])
def test_a_path_of_a_launched_server_must_be_whole(workspace: Workspace, path: str) -> None:
    text = f'[backends.g]\nprovider = "hosted_vllm"\nlaunch = ["vllm"]\nmodel_path = "{path}"'
    (problem,) = workspace.user(text).load().problems
    assert (problem.code, marked(problem)) == ("not-absolute", f'"{path}"')


@pytest.mark.parametrize(
    ("provider", "line"),
    [
        *(("hosted_vllm", line) for line in ("launch_timeout = 9", 'model_path = "/x"')),
        ("openai", 'tokenizer_path = "/x"'),
        ("openai", "gpu_memory_utilization = 0.5"),
        *(("openai", line) for line in ("num_ctx = 4096", 'keep_alive = "1m"', "think = true")),
        ("anthropic", 'organization = "o"'),
        ("openai", 'api_version = "2024-10-21"'),
        ("ollama", 'region = "us-east-1"'),
        ("bedrock", 'project = "p"'),
        ("vertex_ai", 'profile = "p"'),
        ("gemini", 'credentials_file = "~/key.json"'),
        ("ollama", 'recordings = "r"'),
    ],
)
def test_a_key_of_another_system_is_said_to_do_nothing(
    workspace: Workspace, provider: str, line: str
) -> None:
    (problem,) = workspace.user(f'[backends.b]\nprovider = "{provider}"\n{line}').load().problems
    assert (problem.code, problem.severity) == ("no-effect", "warning")
    assert marked(problem) == line.partition(" ")[0]


@pytest.mark.parametrize(
    ("provider", "line"),
    [
        ("openai", 'organization = "o"'),
        ("azure", 'api_version = "2024-10-21"'),
        ("azure_ai", 'api_version = "2024-10-21"'),
        ("bedrock", 'region = "us-east-1"'),
        ("vertex_ai", 'region = "us-east5"'),
        ("vertex_ai", 'project = "p"'),
        ("bedrock", 'profile = "p"'),
        ("vertex_ai", 'credentials_file = "~/key.json"'),
        ("nobody", 'region = "us-east-1"'),
    ],
)
def test_a_key_of_its_own_system_is_no_mistake(
    workspace: Workspace, provider: str, line: str
) -> None:
    problems = workspace.user(f'[backends.b]\nprovider = "{provider}"\n{line}').load().problems
    assert [problem.code for problem in problems if problem.code == "no-effect"] == []


def test_a_projects_pool_may_use_the_users_backends(workspace: Workspace) -> None:
    workspace.user(B).project('model = "p"\n[pools]\np = ["b/edit", "openai/m"]')
    assert workspace.load().problems == ()
    workspace.project('[pools]\nb = ["openai/m"]')
    assert [problem.code for problem in workspace.load().problems] == ["same-name"]
