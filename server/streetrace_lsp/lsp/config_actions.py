"""Code actions in configuration files: mend a problem, test a backend, pull a model, trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.lsp.config_help import offers
from streetrace_lsp.lsp.settings import as_diagnostic

if TYPE_CHECKING:
    from streetrace_lsp.config.problems import Problem
    from streetrace_lsp.edits.changes import Change
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

PREFIX = "Streetrace: "


def config_actions(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> Iterable[types.CodeAction]:
    """The actions for the problems in the range, then what the range can be used for.

    The changes are ours and not a model's: exact, and checked to leave a file that can be read.
    They are in the action itself, so that the editor applies them like any other fix.
    """
    start, end = document.span(params.range)
    first, last = params.range.start.line, params.range.end.line
    for problem in server.config_documents.problems(document):
        # Anywhere on its lines: a person looks at a line, and not at a column.
        where = document.range(problem.start, problem.end)
        if where.start.line <= last and first <= where.end.line:
            yield from _mends(document, problem)
    yield from _offers(document, server, params.range)
    yield from _pulls(server, document, start, end)


def _mends(document: Document, problem: Problem) -> Iterator[types.CodeAction]:
    from streetrace_lsp.authoring.mending import changes

    for place, mend in enumerate(problem.mends):
        found = changes(document.text, problem, mend)
        if not found:
            continue
        yield types.CodeAction(
            title=PREFIX + mend.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[as_diagnostic(problem, document.range)],
            is_preferred=True if place == 0 else None,
            edit=_edit(document, found),
        )


def _edit(document: Document, changes: Iterable[Change]) -> types.WorkspaceEdit:
    edits: list[Any] = [
        types.TextEdit(document.range(change.start, change.end), change.text) for change in changes
    ]
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, edits)])


def _offers(
    document: Document, server: StreetraceServer, area: types.Range
) -> Iterator[types.CodeAction]:
    """What the lenses offer, for the line or the table that the range is in."""
    from streetrace_lsp.authoring.outline import table_at

    here = table_at(document.text, document.offset(types.Position(area.start.line + 1, 0)))
    for _, title, command, argument in offers(server, document):
        inside = here[:2] == ("backends", argument.get("backend"))
        if command != "streetrace.backend.test" or inside:
            yield _command(title, command, argument)


def _pulls(
    server: StreetraceServer, document: Document, start: int, end: int
) -> Iterator[types.CodeAction]:
    """For a model of Ollama under the cursor: fetch it."""
    from streetrace_lsp.authoring.targets_in import models_in
    from streetrace_lsp.config.positions import Positions

    draft = server.config_documents.draft(document)
    settings = draft.written or draft.settings
    positions = Positions(document.text)
    for path, backend, model in models_in(settings):
        place = positions.places.get(path)
        if place is None or not (place.key[0] <= end and start <= place.value[1]):
            continue
        there = server.model_lists.of(backend)
        wanted = settings.backends[backend].provider in {"ollama", "ollama_chat"}
        if wanted and model not in there and f"{model}:latest" not in there:
            argument = {"uri": document.uri, "backend": backend, "model": model}
            yield _command(f"Pull {model}", "streetrace.model.pull", argument)


def _command(title: str, command: str, argument: dict[str, Any]) -> types.CodeAction:
    return types.CodeAction(
        title=PREFIX + title,
        kind=types.CodeActionKind.QuickFix,
        command=types.Command(title=PREFIX + title, command=command, arguments=[argument]),
    )
