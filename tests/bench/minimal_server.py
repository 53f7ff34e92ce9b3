"""The reference: the smallest useful pygls 2 server, as its own documentation begins."""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("minimal", "1")


@server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
    """Nothing to offer."""
    return []


if __name__ == "__main__":
    server.start_io()
