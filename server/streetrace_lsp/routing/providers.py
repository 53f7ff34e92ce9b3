"""The reviewed providers; the table itself stands in `streetrace_lsp.config.providers`."""

from __future__ import annotations

from streetrace_lsp.config.provider_names import ALIASES, MISNAMED, REFUSED
from streetrace_lsp.config.providers import PROVIDERS, Adapter, Provider, find_provider

__all__ = [
    "ALIASES",
    "MISNAMED",
    "PROVIDERS",
    "REFUSED",
    "Adapter",
    "Provider",
    "find_provider",
]
