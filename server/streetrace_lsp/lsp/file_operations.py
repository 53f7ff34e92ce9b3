"""Make and delete files through the editor (LSP 3.17, "Resource operations")."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.lsp.confinement import refuse_document
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.files import text_of

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

_ANSWER = 30.0
# How long an editor may take to show a file that it made, in seconds.
_SHOWN = 3.0


async def create(server: StreetraceServer, uri: str, text: str, label: str) -> str | None:
    """Make a file with this text. Returns why it was not made, as a clause, or None.

    `CreateFile` always with ``ignoreIfExists``, never with ``overwrite``: Neovim and Helix
    truncate. That nothing is there yet is checked here.
    """
    return refuse_document(server, uri) or await make(server, uri, text, label)


async def make(server: StreetraceServer, uri: str, text: str, label: str) -> str | None:
    """`create` for a text of our own that a person asked for; never for what a model wrote."""
    path = local_path(uri)
    if "create" not in server.profile.resource_operations:
        return "this editor can't make files; make it empty, open it and run the action again"
    if path is None or path.exists() or server.mirror.get_document(uri) is not None:
        return "it exists already"
    edit = types.WorkspaceEdit(
        document_changes=[
            types.CreateFile(uri=uri, options=types.CreateFileOptions(ignore_if_exists=True)),
            types.TextDocumentEdit(
                text_document=types.OptionalVersionedTextDocumentIdentifier(uri=uri),
                edits=[
                    types.TextEdit(types.Range(types.Position(0, 0), types.Position(0, 0)), text)
                ],
            ),
        ]
    )
    if not await _sent(server, edit, label):
        return "the editor did not make it"
    document = await server.mirror.opened(uri, _SHOWN)
    seen = document.text if document is not None else _on_disk(uri)
    if seen is None or seen.replace("\r\n", "\n") == text.replace("\r\n", "\n"):
        # An editor may keep a new file to itself until it is saved.
        return None
    return "the editor made it with other text; look at it"


async def delete(server: StreetraceServer, uri: str, base: str, label: str) -> str | None:
    """Delete a file that still holds ``base``. Returns why it was not deleted, or None."""
    if "delete" not in server.profile.resource_operations:
        return "this editor can't delete files; delete it yourself"
    if reason := refuse_document(server, uri):
        return reason
    document = server.mirror.get_document(uri)
    if (document.text if document is not None else _on_disk(uri)) != base:
        return "it has changed meanwhile, so it is not deleted"
    edit = types.WorkspaceEdit(
        document_changes=[
            types.DeleteFile(uri=uri, options=types.DeleteFileOptions(ignore_if_not_exists=True))
        ]
    )
    return None if await _sent(server, edit, label) else "the editor did not delete it"


async def _sent(server: StreetraceServer, edit: types.WorkspaceEdit, label: str) -> bool:
    request = server.protocol.send_request_async(
        types.WORKSPACE_APPLY_EDIT, types.ApplyWorkspaceEditParams(edit=edit, label=label)
    )
    try:
        async with asyncio.timeout(_ANSWER):
            answer = await request
    except Exception:
        return False
    return bool(answer and answer.applied)


def _on_disk(uri: str) -> str | None:
    path = local_path(uri)
    return text_of(path) if path is not None else None
