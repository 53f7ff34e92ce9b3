"""A client of LSP 3.17 that has nothing optional but ``workspace/applyEdit``."""

from __future__ import annotations

from lsp.clients.editor import Editor


class Bare(Editor):
    """UTF-16, no code action literals, no progress, no documents shown, and nobody to ask."""

    name = "bare"
    profile = "bare"

    def __init__(self) -> None:
        super().__init__()
        self.window.unknown = frozenset(
            {
                "window/showMessageRequest",
                "window/showDocument",
                "window/workDoneProgress/create",
                "workspace/configuration",
            }
        )
