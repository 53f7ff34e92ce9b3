"""What is written beside and inside documents: help in configuration files, chats and reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def register_help(server: StreetraceServer) -> None:
    """Register completion, hover, lenses, hints and symbols."""

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=list("\"'=.[/${ @")),
    )
    async def completion(params: types.CompletionParams) -> types.CompletionList | None:
        if server.chats.holds(params.text_document.uri):
            from streetrace_lsp.lsp import chat_help

            return await chat_help.completion(server, params)
        from streetrace_lsp.lsp import config_help

        return await config_help.completion(server, params)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        if server.chats.holds(params.text_document.uri):
            from streetrace_lsp.lsp import chat_help

            return await chat_help.hover(server, params)
        from streetrace_lsp.lsp import config_help

        return await config_help.hover(server, params)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lens(params: types.CodeLensParams) -> list[types.CodeLens] | None:
        if server.chats.holds(params.text_document.uri):
            from streetrace_lsp.lsp import chat_help

            return chat_help.code_lenses(server, params)
        from streetrace_lsp.lsp import config_help, review_actions

        document = server.mirror.get_document(params.text_document.uri)
        reviewed = review_actions.lenses(server, document) if document is not None else None
        return reviewed or config_help.code_lenses(server, params)

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint] | None:
        from streetrace_lsp.lsp import config_help

        return await config_help.inlay_hints(server, params)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbol(params: types.DocumentSymbolParams) -> Any:
        if server.chats.holds(params.text_document.uri):
            from streetrace_lsp.lsp import chat_help

            return chat_help.symbols(server, params)
        from streetrace_lsp.lsp import config_help

        return config_help.symbols(server, params)
