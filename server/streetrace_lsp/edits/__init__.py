"""Model text in, checked edits out. Pure: no IO, no async, nothing of LSP.

``from streetrace_lsp.edits import plan``
"""

from streetrace_lsp.edits.plan_types import Hunk, Plan, Refusal
from streetrace_lsp.edits.planning import plan

__all__ = ["Hunk", "Plan", "Refusal", "plan"]
