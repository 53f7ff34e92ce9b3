"""The commands for a code block of an answer: apply it, insert it, or make a file of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import proposal_text, show_text
from streetrace_lsp.lsp.apply_command import begin_apply
from streetrace_lsp.lsp.chat_code import as_file, chosen, inserted, prepared
from streetrace_lsp.lsp.finish_edit import AGREE

if TYPE_CHECKING:
    from streetrace_lsp.lsp.chat_documents import Seen
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.review.proposals import Proposal

Answer = dict[str, Any]

_WHERE = "Where to? Put the cursor there, open the code actions once, and come back to the chat."


async def apply_code(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.apply {uri?, block?}``: edit the files that a code block speaks of."""
    try:
        kept = prepared(server, chosen(server, given))
        if kept.confirm:
            await show_text(server, f"{kept.title}: not applied yet", proposal_text(kept))
            return server.say(waits(kept))
        return {"job": begin_apply(server, kept, once=True).id}
    except StreetraceError as error:
        return server.say(error.sentence)


def waits(kept: Proposal) -> str:
    """Says what a person has to agree to before it is applied."""
    return f"{kept.paths} waits for your agreement: {' '.join(kept.confirm)} {AGREE}"


def insert_code(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.insert {uri?, block?, target?}``: put a code block where the cursor is.

    ``target`` has a ``uri`` and a ``position``; without it, it is where code actions were asked
    for last outside of chats: LSP tells a server of no other cursor.
    """
    try:
        block = chosen(server, given)
        place = _target(server, given)
        if place is None or server.mirror.get_document(place[0]) is None:
            return server.say(_WHERE)
        kept = inserted(server, block, *place)
        return {"job": begin_apply(server, kept, once=True).id}
    except StreetraceError as error:
        return server.say(error.sentence)


def create_file(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.create {uri?, block?, path?}``: make a new file of a code block."""
    path = given.get("path") if isinstance(given, dict) else None
    try:
        kept = as_file(server, chosen(server, given), path if isinstance(path, str) else None)
        return {"job": begin_apply(server, kept, once=True).id}
    except StreetraceError as error:
        return server.say(error.sentence)


def _target(server: StreetraceServer, given: Any) -> tuple[str, types.Position] | None:
    target = given.get("target") if isinstance(given, dict) else None
    try:
        position = target["position"]  # type: ignore[index]
        return str(target["uri"]), types.Position(position["line"], position["character"])  # type: ignore[index]
    except (KeyError, TypeError):
        seen = server.chats.last_place
        return (seen.uri, _cursor(server, seen)) if seen is not None else None


def _cursor(server: StreetraceServer, seen: Seen) -> types.Position:
    """Where the cursor is: behind what is selected, but Helix selects the character under it."""
    document = server.mirror.get_document(seen.uri)
    start, end = document.span(seen.range) if document is not None else (0, 0)
    return seen.range.start if end - start == 1 else seen.range.end
