"""Helix 25.07: exact about versions, impatient with requests, and nothing beyond the basics."""

from __future__ import annotations

from typing import Any

from lsp.clients.editor import Editor
from lsp.clients.wire import Request


class Helix(Editor):
    """Code actions and diagnostics only; UTF-8 first; a request is given up after 20 s.

    The 20 s pass on the test's clock. Helix answers a stale edit with the reason, and knows no
    code lens.
    """

    name = "helix"
    profile = "helix-25.07"
    first_version = 0
    patience = 20.0

    def __init__(self) -> None:
        super().__init__()
        self.window.unknown = frozenset({"workspace/codeLens/refresh"})

    def send(self, method: str, params: Any) -> Request:
        """Send a request that is forgotten when it takes too long."""
        request = super().send(method, params)
        self.clock.after(
            self.patience, lambda: self.connection.abandon(request, "Helix did not wait longer")
        )
        return request

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """``failureReason`` is Helix's own word for it."""
        result = super().apply_edit(params)
        return result if result["applied"] else result | {"failureReason": "document changed"}
