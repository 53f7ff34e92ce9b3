"""`extra_body` can't decide how long or how many answers are: that is max_tokens and the budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from configured_project import Workspace, marked

BACKEND = '[backends.gw]\nprovider = "openai"\napi_base = "http://127.0.0.1:9/v1"\nmodel = "m"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("max_tokens = 100000", "max_tokens"),
        ("max_completion_tokens = 100000", "max_completion_tokens"),
        ("MaxTokens = 1", "MaxTokens"),
        ("max_output_tokens = 1", "max_output_tokens"),
        ("max_tokens_to_sample = 1", "max_tokens_to_sample"),
        ("max_new_tokens = 1", "max_new_tokens"),
        ("parameters.max-length = 1", "max-length"),
        ("max_gen_len = 1", "max_gen_len"),
        ("textGenerationConfig.maxTokenCount = 1", "maxTokenCount"),
        ("generationConfig = { maxOutputTokens = 1 }", "maxOutputTokens"),
        ("generation_config.max_output_tokens = 1", "max_output_tokens"),
        ("generationConfig.candidateCount = 4", "candidateCount"),
        ("options = { num_predict = -1 }", "num_predict"),
        ("reasoning.max_tokens = 1", "max_tokens"),
        ("deep = [[{ best_of = 9 }]]", "best_of"),
        ("n_predict = -1", "n_predict"),
        ("n = 8", "n"),
        ("N = 8", "N"),
        ("num_return_sequences = 8", "num_return_sequences"),
    ],
)
def test_a_field_that_decides_the_length_is_refused(
    workspace: Workspace, body: str, field: str
) -> None:
    name, _, value = body.partition(" = ")
    configuration = workspace.project(
        f'model = "gw"\n{BACKEND}[backends.gw.extra_body]\n{name} = {value}\n'
    ).load()
    (problem,) = [p for p in configuration.problems if p.code == "refused-field"]
    assert marked(problem) == field
    assert f"extra_body can't set {field}" in problem.message
    assert "max_tokens under [backends.gw]" in problem.suggestion
    assert configuration.fault is not None
    # The user's own file would go round its own budget just as well.
    user = workspace.user(f"{BACKEND}[backends.gw.extra_body]\n{name} = {value}\n").load()
    assert "refused-field" in [p.code for p in user.problems if p.path == user.user_path]


def test_the_window_of_a_request_is_num_ctx(workspace: Workspace) -> None:
    text = '[backends.b]\nprovider = "ollama"\nextra_body.options.num_ctx = 900000\n'
    (problem,) = workspace.project(text).load().problems
    assert marked(problem) == "num_ctx"
    assert problem.suggestion == "Write num_ctx under [backends.b]."


@pytest.mark.parametrize("name", ["model", "Messages", "stream", "models", "fallbacks"])
def test_who_is_asked_is_no_extra(workspace: Workspace, name: str) -> None:
    (problem,) = workspace.project(f"{BACKEND}extra_body.{name} = 1\n").load().problems
    assert (marked(problem), problem.suggestion) == (name, "Remove it.")


def test_everything_else_may_be_set(workspace: Workspace) -> None:
    body = (
        "{ top_k = 1, service_tier = 'flex', n_probs = 3, options = { seed = 1, num_gpu = 2 }, "
        "thinking = { type = 'enabled', budget_tokens = 1024 }, nested = { model = 'x' } }"
    )
    assert workspace.project(f"{BACKEND}extra_body = {body}\n").load().problems == ()


def test_the_question_names_the_fields_and_the_prices_of_a_project(workspace: Workspace) -> None:
    project = workspace.project(
        f'model = "gw"\n{BACKEND}extra_body = {{ top_k = 1, options = {{ seed = "secret" }} }}\n'
        '[prices."gw/m"]\ninput = 0.25\noutput = 1e-7\n'
    )
    found = project.load().project
    assert found is not None
    assert found.question is not None
    text = found.question.text
    assert "Further request fields:\n  gw: top_k, options.seed" in text
    assert "secret" not in text
    assert "Prices, in US dollars per million tokens:\n  gw/m: input 0.25, output 0.0000001" in text
