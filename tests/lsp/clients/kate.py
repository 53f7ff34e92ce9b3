"""Kate: takes edits that it never declared, but only right after a command."""

from __future__ import annotations

from typing import Any

from lsp.clients.document import Document
from lsp.clients.editor import Editor


class Kate(Editor):
    """No clientInfo, no applyEdit and no showDocument declared, versions never compared.

    ``workspace/applyEdit`` is carried out only within 2 s (of the test's clock) after a command
    started (``LSPClientPluginViewImpl::executeServerCommand``). Changes are sent as the whole
    text, and only before the next request: nothing follows an edit, or a save, by itself
    (``LSPClientServerManagerImpl::update``).
    """

    name = "kate"
    profile = "kate"
    hides_crlf = True
    first_version = 0
    patience = 2.0

    def __init__(self) -> None:
        super().__init__()
        self._accepts_until = -1.0

    def sync(self) -> None:
        """``LSPClientServerManager::update``: the whole text of what was modified."""
        for document in self.documents.values():
            if document.unsynced() is not None:
                self._did_change(document, [{"text": document.text}])

    def save(self, document: Document) -> None:
        """``onDocumentSaved`` tells of the save, not of the text."""
        document.path.write_bytes(document.on_disk().encode("utf-8"))
        document.dirty = False
        self.notify("textDocument/didSave", {"textDocument": {"uri": document.uri}})

    async def execute(self, command: str, *arguments: Any) -> Any:
        """Run a command and accept edits for a short while."""
        self._accepts_until = self.clock.now + self.patience
        return await super().execute(command, *arguments)

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """Any version, but only in time."""
        if self.clock.now > self._accepts_until:
            self.violations.append("an edit for Kate that no command asked for")
            return {"applied": False, "failureReason": ""}
        for change in params["edit"].get("documentChanges", []):
            self._take(change)
        return {"applied": True, "failureReason": ""}

    def _changed(self, document: Document, changes: list[dict[str, Any]]) -> None:
        document.version += max(len(changes), 1)
