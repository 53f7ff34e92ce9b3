"""Help in configuration files: completion, hover, lenses, hints and the outline, as LSP has them.

Elsewhere each of these answers with nothing, at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from streetrace_lsp.authoring.completion import Completion
    from streetrace_lsp.authoring.outline import Entry
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

_KINDS = {
    "key": types.CompletionItemKind.Property,
    "table": types.CompletionItemKind.Module,
    "value": types.CompletionItemKind.Value,
    "name": types.CompletionItemKind.Reference,
    "variable": types.CompletionItemKind.Variable,
}


async def completion(
    server: StreetraceServer, params: types.CompletionParams
) -> types.CompletionList | None:
    """``textDocument/completion``."""
    document = server.config_documents.open_at(params.text_document.uri)
    if document is None:
        return None
    from streetrace_lsp.authoring.completion import complete
    from streetrace_lsp.lsp.config_known import known

    await _read_table()
    offset = document.offset(params.position)
    around = await known(server, document, offset)
    # Where the text changed meanwhile, the editor asks again.
    offset = min(offset, len(document.text))
    found = complete(document.text, offset, around)
    items = [_item(server, document, one, offset, place) for place, one in enumerate(found)]
    return types.CompletionList(is_incomplete=False, items=items)


async def hover(server: StreetraceServer, params: types.HoverParams) -> types.Hover | None:
    """``textDocument/hover``."""
    document = server.config_documents.open_at(params.text_document.uri)
    if document is None:
        return None
    from streetrace_lsp.authoring.hover import hover as hover_at

    await _read_table()
    own = server.config_documents.is_own(document.uri)
    configuration = server.config_documents.draft(document)
    found = hover_at(document.text, document.offset(params.position), configuration, own=own)
    if found is None:
        return None
    return types.Hover(_markup(server, found.text), document.range(found.start, found.end))


def code_lenses(
    server: StreetraceServer, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """``textDocument/codeLens``: test each backend, and trust the file."""
    document = server.config_documents.open_at(params.text_document.uri)
    if document is None:
        return None
    return [
        types.CodeLens(area, types.Command(title=title, command=command, arguments=[arguments]))
        for area, title, command, arguments in offers(server, document)
    ]


def offers(
    server: StreetraceServer, document: Document
) -> Iterator[tuple[types.Range, str, str, dict[str, Any]]]:
    """What can be done with the file: range, title, command and its argument."""
    from streetrace_lsp.authoring.outline import backends_in

    saved = server.settings.known(document.uri)
    project = saved.project
    if project is not None and project.question is not None:
        first = document.range(0, 0)
        yield first, "Trust this file", "streetrace.trust", {"uri": document.uri}
    for name, (start, end) in backends_in(document.text):
        argument = {"uri": document.uri, "backend": name}
        area = document.range(start, end)
        yield area, f"Test {name}", "streetrace.backend.test", argument


async def inlay_hints(
    server: StreetraceServer, params: types.InlayHintParams
) -> list[types.InlayHint] | None:
    """``textDocument/inlayHint``: what each target and model comes to."""
    document = server.config_documents.open_at(params.text_document.uri)
    if document is None:
        return None
    from streetrace_lsp.authoring.hints import hints

    await _read_table()
    configuration = server.config_documents.draft(document)
    start, end = document.span(params.range)
    return [
        types.InlayHint(document.range(hint.at, hint.at).start, hint.text, padding_left=True)
        for hint in hints(document.text, configuration)
        if start <= hint.at <= end
    ]


def symbols(
    server: StreetraceServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """``textDocument/documentSymbol``: tables and their keys."""
    document = server.config_documents.open_at(params.text_document.uri)
    if document is None:
        return None
    from streetrace_lsp.authoring.outline import outline

    found = outline(document.text)
    if server.profile.symbol_trees:
        return [_symbol(document, entry) for entry in found]
    return [
        types.SymbolInformation(
            location=types.Location(document.uri, document.range(*one.whole)),
            name=one.name,
            kind=_symbol_kind(one),
            container_name=above.name if above is not None else None,
        )
        for entry in found
        for one, above in ((entry, None), *((below, entry) for below in entry.below))
    ]


def _symbol(document: Document, entry: Entry) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=entry.name,
        kind=_symbol_kind(entry),
        range=document.range(*entry.whole),
        selection_range=document.range(*entry.name_range),
        children=[_symbol(document, below) for below in entry.below],
    )


def _symbol_kind(entry: Entry) -> types.SymbolKind:
    return types.SymbolKind.Module if entry.kind == "table" else types.SymbolKind.Property


def _item(
    server: StreetraceServer, document: Document, one: Completion, cursor: int, place: int
) -> types.CompletionItem:
    return types.CompletionItem(
        label=one.label,
        kind=_KINDS[one.kind],
        detail=one.detail or None,
        documentation=_markup(server, one.documentation) if one.documentation else None,
        sort_text=f"{place:04}",
        filter_text=one.label,
        text_edit=_text_edit(server, document, one, cursor),
    )


def _text_edit(
    server: StreetraceServer, document: Document, one: Completion, cursor: int
) -> types.TextEdit | types.InsertReplaceEdit:
    """The whole word is replaced; where the editor can, the person chooses to keep its rest."""
    whole = document.range(one.start, one.end)
    if not server.profile.insert_replace:
        return types.TextEdit(whole, one.text)
    return types.InsertReplaceEdit(one.text, document.range(one.start, cursor), whole)


def _markup(server: StreetraceServer, text: str) -> types.MarkupContent:
    del server
    return types.MarkupContent(types.MarkupKind.Markdown, text)


async def _read_table() -> None:
    """LiteLLM's table takes some 50 ms at its first use: others need not wait for that."""
    from streetrace_lsp.routing.litellm_table import rows

    await asyncio.to_thread(rows)
