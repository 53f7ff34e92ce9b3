"""``streetrace/chat/apply``, ``insert`` and ``createFile``: a code block becomes an edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp import chat_params
from streetrace_lsp.lsp.apply_command import begin_apply
from streetrace_lsp.lsp.chat_code import Chosen, as_file, chosen, inserted, prepared
from streetrace_lsp.lsp.chat_code_commands import waits
from streetrace_lsp.lsp.chat_requests import chat_of
from streetrace_lsp.lsp.params import VERSION
from streetrace_lsp.lsp.request_errors import read, refused

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.review.proposals import Proposal

Answer = dict[str, Any]


async def apply(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/apply``: a code block into its files, which are opened where need be.

    This and the others raise ``protocol.RefusedError``, which is the error of the response.
    """
    given = read(chat_params.read_apply, params)

    def proposed(block: Chosen) -> Proposal:
        return prepared(server, block)

    return await _brought_in(server, given.chat, given.block, proposed)


async def insert(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/insert``: a code block at a place of an open document."""
    given = read(chat_params.read_insert, params)

    def proposed(block: Chosen) -> Proposal:
        return inserted(server, block, given.target.uri, given.target.position)

    return await _brought_in(server, given.chat, given.block, proposed)


async def create_file(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/createFile``: a code block as a new file."""
    given = read(chat_params.read_create_file, params)

    def proposed(block: Chosen) -> Proposal:
        return as_file(server, block, given.path)

    return await _brought_in(server, given.chat, given.block, proposed)


async def _brought_in(
    server: StreetraceServer,
    chat: str,
    number: int | None,
    proposed: Callable[[Chosen], Proposal],
) -> Answer:
    """What became of a code block's edit, told when it is in its documents, or why it is not."""
    chat_of(server, chat)
    try:
        kept = proposed(chosen(server, {"uri": chat, "block": number}))
        if kept.confirm:
            return _told("proposed", waits(kept), kept.id)
        if not server.profile.apply_edit:
            said = f"ready for {kept.paths}. Choose the code action “Streetrace: Apply result”."
            return _told("proposed", f"{kept.title}: {said}", kept.id)
        job = begin_apply(server, kept, once=True, quiet=True)
    except StreetraceError as error:
        raise refused(error, None, "chat") from error
    # An edit that was begun is not taken back because nobody waits for it any more.
    if job.task is not None:
        await asyncio.shield(job.task)
    if job.error is not None:
        raise refused(job.error, None, "chat")
    ending = job.ending
    if ending is None:
        return _told("failed", "", None)
    return _told(ending.state, ending.message, ending.proposal)


def _told(state: str, message: str, proposal: str | None) -> Answer:
    return {"version": VERSION, "state": state, "message": message, "proposal": proposal}
