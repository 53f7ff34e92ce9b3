"""Help in a chat: completion, hover, lenses, the outline and folding, as LSP has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.chat.attach import Refusal
from streetrace_lsp.chat.attachments import attachments
from streetrace_lsp.chat.blocks import fence_for
from streetrace_lsp.chat.complete import Candidate, complete
from streetrace_lsp.chat.messages import Attached
from streetrace_lsp.chat.resolve import resolve
from streetrace_lsp.chat.transcript import Place, Transcript
from streetrace_lsp.edits.lines import split_lines
from streetrace_lsp.lsp.chat_actions import chat_lenses
from streetrace_lsp.lsp.chat_sources import sources_of
from streetrace_lsp.prompts.build import estimate_tokens
from streetrace_lsp.requests.display import for_reading

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

# So many lines of an attachment are shown.
_SHOWN = 12


async def completion(
    server: StreetraceServer, params: types.CompletionParams
) -> types.CompletionList | None:
    """``textDocument/completion``: attachments and what they take, actions, models."""
    document = server.chats.open_at(params.text_document.uri)
    if document is None:
        return None
    offset = document.offset(params.position)
    transcript = server.chats.read(document.text)
    number = transcript.at(offset)
    if number is None or transcript.places[number].turn.speaker != "you":
        return None
    from streetrace_lsp.lsp.chat_known import known

    place = transcript.places[number]
    line = document.text[max(document.text.rfind("\n", 0, offset) + 1, place.heading_end) : offset]
    first = not document.text[place.heading_end : offset - len(line)].strip()
    found = await complete(line, known(server, document, transcript), first=first)
    if found is None:
        return None
    items = [_item(document, one, offset, order) for order, one in enumerate(found)]
    return types.CompletionList(is_incomplete=True, items=items)


async def hover(server: StreetraceServer, params: types.HoverParams) -> types.Hover | None:
    """``textDocument/hover``: what an attachment sends."""
    document = server.chats.open_at(params.text_document.uri)
    if document is None:
        return None
    offset = document.offset(params.position)
    transcript = server.chats.read(document.text)
    number = transcript.at(offset)
    if number is None or transcript.places[number].turn.speaker != "you":
        return None
    place = transcript.places[number]
    sources = sources_of(server, document.uri, transcript.turns, by_meaning=False)
    for one in attachments(place.raw, sources.actions):
        start, end = place.body + one.start, place.body + one.end
        if start <= offset <= end:
            found = await resolve(one, sources)
            text = found.message if isinstance(found, Refusal) else _summary(found)
            value = types.MarkupContent(types.MarkupKind.Markdown, f"**{one.words}**\n\n{text}")
            return types.Hover(value, document.range(start, end))
    return None


def code_lenses(
    server: StreetraceServer, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """``textDocument/codeLens``."""
    document = server.chats.open_at(params.text_document.uri)
    return chat_lenses(server, document) if document is not None else None


def symbols(
    server: StreetraceServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """``textDocument/documentSymbol``: the turns."""
    document = server.chats.open_at(params.text_document.uri)
    if document is None:
        return None
    places = server.chats.read(document.text).places
    kind = types.SymbolKind.String
    if server.profile.symbol_trees:
        return [
            types.DocumentSymbol(
                name=_name(place),
                kind=kind,
                range=document.range(place.start, place.end),
                selection_range=document.range(place.start, place.heading_end),
            )
            for place in places
        ]
    return [
        types.SymbolInformation(
            location=types.Location(document.uri, document.range(place.start, place.end)),
            name=_name(place),
            kind=kind,
        )
        for place in places
    ]


def folding(
    server: StreetraceServer, params: types.FoldingRangeParams
) -> list[types.FoldingRange] | None:
    """``textDocument/foldingRange``: a turn folds to its heading."""
    document = server.chats.open_at(params.text_document.uri)
    if document is None:
        return None
    return list(_folds(document, server.chats.read(document.text)))


def _folds(document: Document, transcript: Transcript) -> Iterator[types.FoldingRange]:
    for place in transcript.places:
        first = document.range(place.start, place.heading_end).start.line
        words = document.text[place.start : place.end].rstrip()
        last = document.range(place.start, place.start + len(words)).end.line
        if last > first:
            yield types.FoldingRange(start_line=first, end_line=last)


def _name(place: Place) -> str:
    turn = place.turn
    words = " ".join(turn.text.split())
    short = words if len(words) <= 60 else f"{words[:59]}…"
    who = "You" if turn.speaker == "you" else turn.model or "Assistant"
    return f"{who}: {short}" if short else who


def _summary(found: tuple[Attached, ...]) -> str:
    parts = []
    for one in found:
        tokens = estimate_tokens([{"content": one.text}])
        parts.append(f"{one.title}: {len(one.text):,} characters, about {tokens:,} tokens")
    first = found[0]
    lines = split_lines(first.text)
    shown = "".join(lines[:_SHOWN]).rstrip()
    more = f"\n\n… and {len(lines) - _SHOWN:,} lines more" if len(lines) > _SHOWN else ""
    fence = fence_for(shown)
    body = for_reading(f"{fence}{first.language}\n{shown}\n{fence}")
    sizes = "\n".join(f"- {part}" for part in parts)
    return f"{sizes}\n\n{body}{more}"


def _item(document: Document, one: Candidate, offset: int, order: int) -> types.CompletionItem:
    area = document.range(offset - one.replaced, offset)
    return types.CompletionItem(
        label=one.label,
        detail=one.detail or None,
        kind=types.CompletionItemKind.Reference,
        sort_text=f"{order:04}",
        filter_text=one.text,
        text_edit=types.TextEdit(area, one.text),
    )
