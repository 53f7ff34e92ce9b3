"""Let the editor ask: edits that it shows and applies where the person accepts them.

LSP 3.17, "Change Annotations". VS Code opens its preview for edits that need a confirmation, lets
a person choose among them, and answers ``applied: true`` even when all were discarded. So here
too the text alone says what was accepted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.landing import landed
from streetrace_lsp.edits.verdict import Absent, Applied, Misplaced
from streetrace_lsp.lsp.apply import NotApplied, restore_text
from streetrace_lsp.lsp.apply_parts import Held, opened
from streetrace_lsp.lsp.confinement import refuse_document

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.reviews import Naming
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.requests.account import Told
    from streetrace_lsp.review.proposals import Part
# How long a person may look at a preview, and how long a text may take after it, in seconds.
_LOOKING = 1800.0
_SHOWN = 1.0


@dataclass(frozen=True)
class Accepted:
    """So many of an edit's changes the person accepted.

    ``left`` are the documents of which nothing was, each with a clause that says why.
    """

    count: int
    total: int
    left: tuple[tuple[Part, str], ...] = ()


def can_preview(server: StreetraceServer, parts: tuple[Part, ...]) -> bool:
    """Whether the editor can ask about this edit. Files that it makes or deletes it can't show."""
    edits = all(part.base is not None and part.new is not None for part in parts)
    return server.profile.annotations and server.profile.apply_edit and edits


async def preview_parts(
    server: StreetraceServer, parts: tuple[Part, ...], held: Held, title: str, told: Told
) -> Accepted | NotApplied:
    """Have the editor show each document's changes; what is accepted is in, and under review.

    `NotApplied` where nothing was accepted and not by the person's choice.
    """
    naming = server.reviews.named(title, told)
    count = total = 0
    left: list[tuple[Part, str]] = []
    for part in parts:
        result = await _preview_part(server, part, held, naming)
        if isinstance(result, NotApplied):
            if not count:
                return result
            # What the person accepted before stays.
            left.append((part, result.why))
            total += len(part.changes)
            continue
        if not result.count:
            left.append((part, "you accepted none of its changes"))
        count, total = count + result.count, total + result.total
    return Accepted(count, total, tuple(left))


async def _preview_part(
    server: StreetraceServer, part: Part, held: Held, naming: Naming
) -> Accepted | NotApplied:
    document = await opened(server, part.uri)
    if document is None:
        return NotApplied(f"{part.path} is not open; open it first")
    if document is held.document:
        changes = held.changes(part)
    elif document.writer.locked():
        return NotApplied(f"another action is at work on {part.path}")
    else:
        changes = part.onto(document.text)
    if changes is None:
        return NotApplied(f"{part.path} has changed in the same place meanwhile")
    if reason := refuse_document(server, document.uri):
        return NotApplied(reason)
    if document is held.document:
        return await _preview(server, document, changes, naming)
    async with document.writer:
        return await _preview(server, document, changes, naming)


async def _preview(
    server: StreetraceServer, document: Document, changes: tuple[Change, ...], naming: Naming
) -> Accepted | NotApplied:
    before = document.text
    server.reviews.expect(naming, document, apply(before, changes))
    try:
        with document.track() as track:
            answer = await _ask(server, document, changes, naming)
            if answer.applied and not track.texts:
                await track.wait(_SHOWN)
            verdict = landed(before, changes, track.texts, document.encoding)
        if isinstance(verdict, Misplaced):
            return await restore_text(server, document, verdict.restore, naming.title)
        hunks = server.reviews.hunks_of(document.uri, naming)
        accepted = sum(hunk.is_open for hunk in hunks)
        if not isinstance(verdict, Applied | Absent) and not accepted and track.texts:
            return NotApplied("the editor's text does not match it; look at the place")
        if not answer.applied and not accepted:
            unsaid = "it was discarded, or the editor could not apply it"
            return NotApplied(answer.failure_reason or unsaid)
        return Accepted(accepted, len(hunks))
    finally:
        server.reviews.settle(naming)


async def _ask(
    server: StreetraceServer, document: Document, changes: tuple[Change, ...], naming: Naming
) -> types.ApplyWorkspaceEditResult:
    edits = [
        types.AnnotatedTextEdit(
            annotation_id=naming.id,
            range=document.range(change.start, change.end),
            new_text=change.text,
        )
        for change in changes
    ]
    path = server.settings.relative(document.uri)
    annotation = types.ChangeAnnotation(
        label=f"Streetrace: {naming.title}", needs_confirmation=True, description=path
    )
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=document.uri, version=document.version
    )
    edit = types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(text_document=identifier, edits=edits)],
        change_annotations={naming.id: annotation},
    )
    params = types.ApplyWorkspaceEditParams(edit=edit, label=f"Streetrace: {naming.title}")
    request = server.protocol.send_request_async(types.WORKSPACE_APPLY_EDIT, params)
    try:
        async with asyncio.timeout(_LOOKING):
            answer = await request
    except TimeoutError:
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason="nobody answered")
    except Exception as error:
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason=str(error))
    return answer or types.ApplyWorkspaceEditResult(applied=False)
