"""Configurations and targets for what is decided by tables."""

from __future__ import annotations

from typing import Any

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.model import Settings
from streetrace_lsp.routing.targets import Target


def configuration(sources: dict[str, Any] | None = None, **settings: Any) -> Configuration:
    return Configuration(Settings.model_validate(settings), sources=sources or {})


def target(provider: str, model: str, backend: str = "", **more: Any) -> Target:
    adapter = "ollama" if provider == "ollama" else "litellm"
    return Target(backend or provider, provider, model, adapter, **more)  # type: ignore[arg-type]
