"""Which backend and model a target string means, without a look at keys."""

from __future__ import annotations

import pytest

from streetrace_lsp.config.model import Settings
from streetrace_lsp.routing.configured import leads_to

SETTINGS = Settings.model_validate(
    {
        "backends": {
            "ollama": {"provider": "ollama", "model": "qwen2.5-coder"},
            "team": {"provider": "openai", "models": {"edit": "big-1"}, "api_key": "${NOT_SET}"},
        },
        "pools": {"both": ["ollama", "team/edit"]},
    }
)


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("ollama", "ollama/qwen2.5-coder"),
        ("team/edit", "team/big-1"),
        ("team/other", "team/other"),
        ("anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
        ("both", None),
        ("", None),
        (None, None),
    ],
)
def test_backend_and_model(target: str | None, meant: str | None) -> None:
    assert leads_to(SETTINGS, target) == meant
