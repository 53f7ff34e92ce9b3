"""What the connected client can do: its declared capabilities, typed, in one place.

Behaviour follows what a client declares, never its name: forks and older versions share
names but not features. Eglot is the exception: that it applies edits to lines that it has told
nobody of, waits for the answer of each command, and asks questions, is declared nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types


@dataclass(frozen=True)
class ClientProfile:
    """One client's capabilities as far as the server uses them (LSP 3.17 and 3.18)."""

    name: str = "an LSP client"
    encoding: str = "utf-16"
    # It takes an edit at any time.
    apply_edit: bool = False
    # It takes edits at any time, but then overwrites what was typed and not told of yet.
    overwrites: bool = False
    # It does nothing else until the answer to a command has come.
    waits_for_commands: bool = False
    show_document: bool = False
    # Edits that the client shows and asks about (change annotations).
    annotations: bool = False
    # Of "create", "rename", "delete".
    resource_operations: frozenset[str] = frozenset()
    show_message_request: bool = False
    progress: bool = False
    action_literals: bool = False
    action_tags: bool = False
    refresh_diagnostics: bool = False
    refreshes_hints: bool = False
    refreshes_lenses: bool = False
    # Symbols as a tree; a flat list otherwise.
    symbol_trees: bool = False
    # A completion may say what it inserts and what it replaces besides.
    insert_replace: bool = False
    # A client of ours asks for the instruction itself (`experimental.streetrace.input`).
    asks_for_input: bool = False
    # It shows what is under review in its own way (`experimental.streetrace.review`).
    shows_reviews: bool = False
    # It holds keys and hands them out (`experimental.streetrace.keys`).
    holds_keys: bool = False
    # It shows how jobs end (`experimental.streetrace.endings`).
    shows_endings: bool = False
    # The version of a plugin of ours (`experimental.streetrace.version`).
    plugin: str | None = None


def read(params: types.InitializeParams, encoding: str) -> ClientProfile:
    """The profile of the client that sent these ``initialize`` parameters.

    ``encoding`` is the position encoding agreed on: utf-8, utf-16 or utf-32.
    """
    capabilities = params.capabilities
    workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
    window = capabilities.window or types.WindowClientCapabilities()
    document = capabilities.text_document or types.TextDocumentClientCapabilities()
    action = document.code_action or types.CodeActionClientCapabilities()
    info = params.client_info
    is_eglot = info is not None and info.name == "Eglot"
    overwrites = is_eglot and not _experimental(capabilities.experimental, "flushesChanges")
    return ClientProfile(
        name=" ".join(filter(None, [info.name, info.version])) if info else "an LSP client",
        encoding=encoding,
        apply_edit=bool(workspace.apply_edit) and not overwrites,
        overwrites=overwrites,
        waits_for_commands=is_eglot,
        resource_operations=frozenset(
            str(getattr(kind, "value", kind))
            for kind in (workspace.workspace_edit and workspace.workspace_edit.resource_operations)
            or ()
        ),
        annotations=bool(
            workspace.workspace_edit and workspace.workspace_edit.change_annotation_support
        ),
        show_document=bool(window.show_document and window.show_document.support),
        show_message_request=window.show_message is not None or is_eglot,
        progress=bool(window.work_done_progress),
        action_literals=action.code_action_literal_support is not None,
        action_tags=bool(
            action.tag_support
            and types.CodeActionTag.LlmGenerated in (action.tag_support.value_set or ())
        ),
        refreshes_hints=bool(workspace.inlay_hint and workspace.inlay_hint.refresh_support),
        refreshes_lenses=bool(workspace.code_lens and workspace.code_lens.refresh_support),
        symbol_trees=bool(
            document.document_symbol
            and document.document_symbol.hierarchical_document_symbol_support
        ),
        insert_replace=bool(
            document.completion
            and document.completion.completion_item
            and document.completion.completion_item.insert_replace_support
        ),
        asks_for_input=_experimental(capabilities.experimental, "input"),
        shows_reviews=_experimental(capabilities.experimental, "review"),
        holds_keys=_experimental(capabilities.experimental, "keys"),
        shows_endings=_experimental(capabilities.experimental, "endings"),
        plugin=_version(capabilities.experimental),
    )


def _experimental(experimental: Any, name: str) -> bool:
    ours = _member(experimental, "streetrace")
    return bool(_member(ours, name))


def _version(experimental: Any) -> str | None:
    version = _member(_member(experimental, "streetrace"), "version")
    return version if isinstance(version, str) else None


def _member(value: Any, name: str) -> Any:
    """A member of free-form JSON, which arrives as a dict or as an object."""
    if isinstance(value, dict):
        return value.get(name)
    return getattr(value, name, None)
