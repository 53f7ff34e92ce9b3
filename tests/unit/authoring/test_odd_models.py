"""A misspelt model is pointed out where its provider is known to have one of nearly that name."""

from __future__ import annotations

from pathlib import Path

import pytest

from streetrace_lsp.authoring.odd_models import odd_models
from streetrace_lsp.config.load import load

# the file: (what is marked, what is proposed); None: nothing
CASES = {
    'model = "anthropic/claude-sonet-4-5"\n': (
        '"anthropic/claude-sonet-4-5"', '"anthropic/claude-sonnet-4-5"'),
    'model = "c/edit"\n[backends.c]\nprovider = "anthropic"\n'
    'models = { edit = "claude-hiaku-4-5" }\n': (
        '"claude-hiaku-4-5"', '"claude-haiku-4-5"'),
    'model = "c"\n[backends.c]\nprovider = "openai"\nmodel = "gpt-4.1-mimi"\n': (
        '"gpt-4.1-mimi"', '"gpt-4.1-mini"'),
    'model = "o"\n[backends.o]\nprovider = "ollama"\nmodel = "qwen2.5-codre:7b"\n': (
        '"qwen2.5-codre:7b"', '"qwen2.5-coder:7b"'),
    # Right, dated, newer than the table, somebody's own server, a deployment's name.
    'model = "anthropic/claude-sonnet-4-5"\n': None,
    'model = "anthropic/claude-haiku-4-5-20251001"\n': None,
    'model = "anthropic/claude-sonnet-9-9"\n': None,
    'model = "c"\n[backends.c]\nprovider = "openai"\napi_base = "http://localhost:1"\n'
    'model = "gpt-4.1-mimi"\n':
        None,
    'model = "a"\n[backends.a]\nprovider = "azure"\n[backends.a.deployments.edit]\n'
    'deployment = "gpt-4.1-mimi"\n'
    'model = "gpt-4.1-mini"\n': None,
    'model = "o"\n[backends.o]\nprovider = "ollama"\nmodel = "llama3"\n': None,
}  # fmt: skip


@pytest.mark.parametrize("source", CASES)
def test_a_misspelt_model(tmp_path: Path, source: str) -> None:
    path = tmp_path / ".streetrace.toml"
    path.write_text(source, "utf-8")
    loaded = load(
        path, tmp_path, environ={}, user_dir=tmp_path / "user", state_dir=tmp_path / "state"
    )
    installed = {"o": ("qwen2.5-coder:7b", "llama3:latest")}
    found = odd_models(path, source, loaded, lambda backend: installed.get(backend, ()))
    marked = [(source[one.start : one.end], one.mends[0].text) for one in found]
    assert marked == ([] if CASES[source] is None else [CASES[source]])
    assert all((one.code, one.severity) == ("unknown-model", "warning") for one in found)


def test_backends_of_which_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".streetrace.toml"
    text = '[backends.groq]\nprovider = "groq"\nmodel = "x"\n'
    for source, codes in ((text, ["no-model"]), ('model = "groq"\n' + text, [])):
        path.write_text(source, "utf-8")
        loaded = load(path, tmp_path, environ={}, user_dir=tmp_path / "u", state_dir=tmp_path / "s")
        found = odd_models(path, source, loaded, lambda _: ())
        assert [one.code for one in found] == codes
        assert all('Write model = "groq" at the top' in one.suggestion for one in found)
