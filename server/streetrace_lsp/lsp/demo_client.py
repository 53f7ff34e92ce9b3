"""A small LSP client for the demonstration: one document, edits, messages, progress."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import converters, types
from pygls.lsp.client import LanguageClient

from streetrace_lsp import __version__
from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.lsp.jobs import JOB


@dataclass
class Screen:
    """What a person sees of a session; ``ask`` answers a question with one of its choices."""

    tell: Callable[[str], None]
    ask: Callable[[str, list[str]], str]


@dataclass
class DemoClient:
    """An editor with one open file."""

    path: Path
    language: str
    screen: Screen
    text: str = ""
    version: int = 1
    shown: list[str] = field(default_factory=list)
    _said: str = ""
    _final: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.client = LanguageClient("streetrace-demo", __version__, converter_factory=_converter)
        self._listen()

    async def start(self, root: Path, environ: Mapping[str, str]) -> list[str]:
        """Start the server, initialize, open the file; returns the server's commands."""
        self.text = self.path.read_text(encoding="utf-8")
        await self.client.start_io(
            sys.executable, "-I", "-m", "streetrace_lsp", env={**os.environ, **environ}
        )
        answer = await self.client.initialize_async(
            types.InitializeParams(
                process_id=os.getpid(),
                client_info=types.ClientInfo("streetrace-demo", __version__),
                workspace_folders=[types.WorkspaceFolder(uri=root.as_uri(), name=root.name)],
                capabilities=_capabilities(),
            )
        )
        self.client.initialized(types.InitializedParams())
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(self.uri, self.language, self.version, self.text)
            )
        )
        provider = answer.capabilities.execute_command_provider
        return list(provider.commands) if provider else []

    @property
    def uri(self) -> str:
        """The URI of the open file."""
        return self.path.as_uri()

    async def actions(self, first: int, last: int) -> list[types.CodeAction]:
        """The code actions for lines, counted from 0, the last one not included."""
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri),
                types.Range(types.Position(first, 0), types.Position(last, 0)),
                types.CodeActionContext(
                    diagnostics=[], trigger_kind=types.CodeActionTriggerKind.Invoked
                ),
            )
        )
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def choose(self, action: types.CodeAction, model: str | None) -> dict[str, Any]:
        """Run an action and wait for its final ``streetrace/job`` event."""
        assert action.command is not None and action.command.arguments  # noqa: S101
        given: Any = action.command.arguments[0]
        argument = dict(given)
        if model:
            argument["model"] = model
        await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(action.command.command, [argument])
        )
        return await self._final.get()

    async def stop(self) -> None:
        """Shut the server down."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        stop: Callable[[], Awaitable[None]] = self.client.stop
        await stop()

    def _listen(self) -> None:
        handlers: dict[str, Callable[[Any], Any]] = {
            types.WORKSPACE_APPLY_EDIT: self._apply,
            types.WINDOW_SHOW_DOCUMENT: self._show_document,
            types.WINDOW_SHOW_MESSAGE_REQUEST: self._ask,
            types.WINDOW_SHOW_MESSAGE: lambda params: self.screen.tell(params.message),
            types.WINDOW_WORK_DONE_PROGRESS_CREATE: lambda _: None,
            types.WINDOW_LOG_MESSAGE: lambda _: None,
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: lambda _: None,
            types.PROGRESS: self._progress,
            JOB: self._job,
        }
        for method, handler in handlers.items():
            # pygls marks what it registers, which a bound method does not allow.
            self.client.feature(method)(partial(handler))

    def _show_document(self, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        self.shown.append(params.uri)
        return types.ShowDocumentResult(success=True)

    def _ask(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem:
        titles = [action.title for action in params.actions or []]
        return types.MessageActionItem(self.screen.ask(params.message, titles))

    def _progress(self, params: types.ProgressParams) -> None:
        value: Any = params.value
        said = value.get("message") if isinstance(value, dict) else value.message
        if said and said != self._said:
            self._said = said
            self.screen.tell(f"… {said}")

    def _job(self, params: Any) -> None:
        event = params if isinstance(params, dict) else params._asdict()
        if event.get("final"):
            self._final.put_nowait(event)

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        index = LineIndex(self.text)
        for document in params.edit.document_changes or []:
            if (
                not isinstance(document, types.TextDocumentEdit)
                or document.text_document.uri != self.uri
                or document.text_document.version != self.version
            ):
                return types.ApplyWorkspaceEditResult(False, failure_reason="not this document")
            changes = [
                Change(
                    index.offset(edit.range.start.line, edit.range.start.character, "utf-16"),
                    index.offset(edit.range.end.line, edit.range.end.character, "utf-16"),
                    edit.new_text,
                )
                for edit in document.edits
                if isinstance(edit, types.TextEdit)
            ]
            self.text = apply(self.text, changes)
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri),
                [types.TextDocumentContentChangeWholeDocument(self.text)],
            )
        )
        return types.ApplyWorkspaceEditResult(applied=True)


def _converter() -> Any:
    # lsprotocol takes every code action that carries a command for a bare command.
    converter = converters.get_converter()

    def structure(value: Any, _: type) -> types.CodeAction | types.Command:
        if isinstance(value.get("command"), str):
            return converter.structure(value, types.Command)
        return converter.structure(value, types.CodeAction)

    converter.register_structure_hook(types.CodeAction | types.Command, structure)
    converter.register_structure_hook(types.Command | types.CodeAction, structure)
    return converter


def _capabilities() -> types.ClientCapabilities:
    kinds = types.ClientCodeActionKindOptions(
        [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite]
    )
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(kinds)
            )
        ),
        window=types.WindowClientCapabilities(
            work_done_progress=True,
            show_document=types.ShowDocumentClientCapabilities(support=True),
            show_message=types.ShowMessageRequestClientCapabilities(),
        ),
    )
