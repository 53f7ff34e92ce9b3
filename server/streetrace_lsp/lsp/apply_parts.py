"""Bring a whole proposal into the editor: all of its documents, or none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.lsp.apply import (
    Landed,
    NotApplied,
    Unconfirmed,
    apply_changes,
    take_back,
)
from streetrace_lsp.lsp.file_operations import create, delete
from streetrace_lsp.lsp.held_command import refuse_edit
from streetrace_lsp.requests.account import UNTOLD, Told

if TYPE_CHECKING:
    from streetrace_lsp.edits.changes import Change
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.reviews import Naming
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.lsp.track import Track
    from streetrace_lsp.review.proposals import Part

log = logging.getLogger("streetrace_lsp.apply")

# How long an editor may take to open a document that it was asked to show, in seconds.
_OPENING = 3.0
_CHANGED = "{path} has changed in the same place meanwhile"


@dataclass(frozen=True)
class Done:
    """Every part is in; ``unconfirmed`` are those that the client has not shown yet.

    ``review`` names the edit for the person who reviews it.
    """

    lines: int
    review: Naming
    unconfirmed: tuple[tuple[Document, Unconfirmed], ...] = ()


@dataclass(frozen=True)
class Held:
    """A document whose writer the caller holds, and what happened to it since the snapshot."""

    document: Document
    since: Track | None = None

    def changes(self, part: Part) -> tuple[Change, ...] | None:
        """The part's changes against the present text; exact where the typing was followed."""
        if self.since is not None:
            return self.since.carry(part.changes)
        return part.onto(self.document.text)


@dataclass(frozen=True)
class Step:
    """One part and its open document."""

    part: Part
    document: Document
    held: Held | None

    def changes(self) -> tuple[Change, ...] | None:
        """The changes against the document's text of this very moment; None on conflict."""
        if self.held is not None and self.document is self.held.document:
            return self.held.changes(self.part)
        return self.part.onto(self.document.text)


async def apply_parts(
    server: StreetraceServer,
    parts: tuple[Part, ...],
    held: Held | None,
    title: str,
    told: Told = UNTOLD,
) -> Done | NotApplied:
    """Apply every part and verify each; when one fails, take the earlier ones back.

    Documents that are not open are opened first, so that their text can be verified too.
    """
    if server.profile.overwrites and len(parts) > 1:
        return NotApplied("Emacs takes an edit of several files only with streetrace.el")
    edited = [part for part in parts if part.base is not None and part.new is not None]
    async with AsyncExitStack() as writers:
        steps: list[Step] = []
        for part in edited:
            document = await opened(server, part.uri)
            if document is None:
                return NotApplied(f"{part.path} is not open; open it first")
            if held is None or document is not held.document:
                if document.writer.locked():
                    return NotApplied(f"another action is at work on {part.path}")
                await writers.enter_async_context(document.writer)
            steps.append(Step(part, document, held))
        for step in steps:
            if reason := refuse_edit(server, step.document.uri):
                return NotApplied(reason)
            if step.changes() is None:
                return NotApplied(_CHANGED.format(path=step.part.path))
        return await _in_turn(server, steps, parts, server.reviews.named(title, told))


async def _in_turn(
    server: StreetraceServer, steps: list[Step], parts: tuple[Part, ...], review: Naming
) -> Done | NotApplied:
    label = f"Streetrace: {review.title}"
    landed: list[tuple[Step, Landed]] = []
    unconfirmed: list[tuple[Document, Unconfirmed]] = []
    for step in steps:
        # Not a moment earlier: a person types while the documents before this one are applied.
        changes = step.changes()
        if changes is None:
            changed = _CHANGED.format(path=step.part.path)
            return await _undone(server, landed, unconfirmed, changed, review)
        result = await apply_changes(server, step.document, changes, label)
        if isinstance(result, NotApplied):
            name = f"{step.part.path}: " if len(parts) > 1 else ""
            return await _undone(server, landed, unconfirmed, f"{name}{result.why}", review)
        if isinstance(result, Landed):
            landed.append((step, result))
            server.reviews.begin(review, step.document, result)
        else:
            unconfirmed.append((step.document, result))
    # What can't be taken back by text comes last.
    files: list[str] = []
    for part in parts:
        if part.base is None and part.new is not None:
            why = await create(server, part.uri, part.new, label)
            if why is None:
                server.reviews.made(review, part.uri, part.new)
        elif part.new is None:
            why = await delete(server, part.uri, part.base or "", label)
            if why is None:
                server.reviews.deleted(review, part.uri, part.base or "")
        else:
            continue
        if why is not None:
            why = f"{part.path}: {why}"
            return await _undone(server, landed, unconfirmed, why, review, files)
        files.append(part.path)
    lines = sum(done.lines for _, done in landed)
    lines += sum(max((part.new or "").count("\n"), 1) for part in parts if part.base is None)
    return Done(lines, review, tuple(unconfirmed))


async def _undone(
    server: StreetraceServer,
    landed: list[tuple[Step, Landed]],
    unconfirmed: list[tuple[Document, Unconfirmed]],
    why: str,
    review: Naming,
    files: Sequence[str] = (),
) -> NotApplied:
    """Take the earlier documents back and say which could not be.

    ``files`` were made or deleted; the review can undo that, when the person wants it.
    """
    left = [
        step.part.path
        for step, done in reversed(landed)
        if not await take_back(server, step.document, done, f"Streetrace: {review.title}")
    ]
    server.reviews.settle(review)
    left += [server.settings.relative(document.uri) for document, _ in unconfirmed]
    left += files
    if left:
        return NotApplied(f"{why}; undo {', '.join(left)} in the editor")
    if landed:
        names = ", ".join(step.part.path for step, _ in landed)
        return NotApplied(f"{why}; {names} was taken back")
    return NotApplied(why)


async def opened(server: StreetraceServer, uri: str) -> Document | None:
    """The open document of this URI; the editor is asked to open it where it can."""
    document = server.mirror.get_document(uri)
    if document is not None or not server.profile.show_document:
        return document
    request = server.protocol.send_request_async(
        types.WINDOW_SHOW_DOCUMENT,
        types.ShowDocumentParams(uri=uri, external=False, take_focus=False),
    )
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _OPENING
    try:
        async with asyncio.timeout(_OPENING):
            await request
    except Exception:
        log.info("the client did not open a document")
    return await server.mirror.opened(uri, deadline - loop.time())
