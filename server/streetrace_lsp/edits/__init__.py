"""Model text in, checked edits out. Pure: no IO, no async, nothing of LSP.

``from streetrace_lsp.edits import plan``
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.edits.plan_types import Hunk, Plan, Refusal
    from streetrace_lsp.edits.planning import plan

__all__ = ["Hunk", "Plan", "Refusal", "plan"]

_HOMES = {"plan": "planning", "Hunk": "plan_types", "Plan": "plan_types", "Refusal": "plan_types"}


def __getattr__(name: str) -> Any:
    # The line index alone is needed to answer `initialize`; the engine comes with the first reply.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
