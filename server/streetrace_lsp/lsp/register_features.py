"""The life of a session and of its documents, and the code actions in them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.lsp import client_profile, plugin_version

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp")


def register_features(server: StreetraceServer) -> None:
    """Register what every language server has."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.profile = client_profile.read(params, _encoding(server))
        server.settings.from_editor(params.initialization_options)
        server.protocol.trace = params.trace or types.TraceValue.Off
        log.info(
            "client=%r plugin=%r encoding=%s",
            server.profile.name,
            server.profile.plugin,
            server.profile.encoding,
        )

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        update = plugin_version.advice(server.profile.plugin, server.profile.name)
        if update is not None:
            server.warn(update)

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.close()

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[
                types.CodeActionKind.QuickFix,
                types.CodeActionKind.RefactorRewrite,
            ],
            resolve_provider=False,
        ),
    )
    def code_action(
        params: types.CodeActionParams,
    ) -> list[types.CodeAction | types.Command]:
        from streetrace_lsp.lsp import code_actions

        offered = code_actions.code_actions(server, params)
        server.prewarm(params.text_document.uri)
        return offered

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.settings.look(params.text_document.uri)
        server.config_documents.opened(params.text_document.uri)
        document = server.mirror.get_document(params.text_document.uri)
        if document is not None and server.has_reviews():
            server.reviews.opened(document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.config_documents.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.config_documents.closed(params.text_document.uri)
        if server.has_reviews():
            server.reviews.closed()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.settings.look(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        server.settings.from_editor(params.settings)
        server.settings.look_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(_: types.DidChangeWatchedFilesParams) -> None:
        server.settings.look_again()

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel_progress(params: types.WorkDoneProgressCancelParams) -> None:
        job = server.jobs.by_token(params.token)
        if job is not None:
            server.jobs.cancel(job.id)


def _encoding(server: StreetraceServer) -> str:
    encoding = server.mirror.position_encoding
    return str(getattr(encoding, "value", encoding))
