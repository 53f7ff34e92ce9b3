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


def test_what_only_the_user_may_set_must_still_be_possible(workspace: Workspace) -> None:
    text = '[backends.g]\nprovider = "hosted_vllm"\nlaunch = ["vllm"]\nmodel_path = "models/x"'
    (problem,) = workspace.user(text).load().problems
    assert (problem.code, marked(problem)) == ("not-absolute", '"models/x"')
    text = text.replace('launch = ["vllm"]', "launch_timeout = 9").replace("models/x", "/models/x")
    (problem,) = workspace.user(text).load().problems
    assert (problem.code, marked(problem)) == ("no-effect", "launch_timeout")


def test_a_projects_pool_may_use_the_users_backends(workspace: Workspace) -> None:
    workspace.user(B).project('model = "p"\n[pools]\np = ["b/edit", "openai/m"]')
    assert workspace.load().problems == ()
    workspace.project('[pools]\nb = ["openai/m"]')
    assert [problem.code for problem in workspace.load().problems] == ["same-name"]
