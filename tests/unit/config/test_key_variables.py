"""Which variables a configuration takes its keys from, by their names alone."""

from __future__ import annotations

from typing import Any

import pytest

from streetrace_lsp.config.model import Settings
from streetrace_lsp.config.references import key_variables


@pytest.mark.parametrize(
    ("backend", "named"),
    [
        ({"provider": "openai", "api_key": "${TEAM_KEY}"}, ("TEAM_KEY",)),
        ({"provider": "anthropic"}, ("ANTHROPIC_API_KEY",)),
        ({"provider": "openai", "api_base": "https://a.example/v1"}, ()),
        ({"provider": "openai", "api_key": "", "headers": {"X-Key": "${GATE}"}}, ("GATE",)),
        ({"provider": "openai", "api_key": "${A}", "api_base": "${MY_BASE_URL}"}, ("A",)),
        ({"provider": "ollama"}, ()),
    ],
)
def test_the_variables_of_a_backend(backend: dict[str, Any], named: tuple[str, ...]) -> None:
    assert key_variables(Settings.model_validate({"backends": {"one": backend}})) == named


def test_several_backends_name_each_variable_once() -> None:
    backends = {"a": {"provider": "openai"}, "b": {"provider": "openai", "api_key": "${B}"},
                "c": {"provider": "openai", "api_key": "${OPENAI_API_KEY}"}}  # fmt: skip
    assert key_variables(Settings.model_validate({"backends": backends})) == ("OPENAI_API_KEY", "B")
