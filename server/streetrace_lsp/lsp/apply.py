"""Bring an edit into the editor, and believe only its text about what came of it.

Neovim answers ``applied = true`` for an edit that it skipped, eglot and Kate may put a
stale one on the wrong line. So the answer is only a hint: what counts is the text that
the client synchronises afterwards.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.edits.changes import Change, apply, invert, rebase
from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.landing import landed
from streetrace_lsp.edits.verdict import Absent, Applied, Misplaced, Unclear
from streetrace_lsp.lsp.confinement import refuse_document
from streetrace_lsp.lsp.held_command import refuse_edit, release

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.lsp.track import Track

log = logging.getLogger("streetrace_lsp.apply")

# How often an edit that the editor skipped is sent again over what the user typed.
_ATTEMPTS = 3
# How long to wait, in seconds: for the client's answer; for its text after it said "applied"
# (clients hold changes back while a person types); for a change that explains why not.
_ANSWER = 30.0
_APPLIED = 5.0
_REFUSED = 1.0


@dataclass(frozen=True)
class Landed:
    """The edit is in the document, exactly; ``lines`` of the result it changed.

    ``inverse`` takes it back out of ``after``, the text it stood in when that was proven.
    """

    lines: int
    after: str = ""
    inverse: tuple[Change, ...] = ()


@dataclass(frozen=True)
class NotApplied:
    """The edit is not in the document. ``why`` is a clause for the user.

    ``again``: the text is proven to be without it, and it may arrive when it is sent once more.
    """

    why: str
    again: bool = False


@dataclass(frozen=True)
class Unconfirmed:
    """The client said "applied" and has synchronised nothing since.

    Kate sends its text with its next request only. ``changes`` are against ``before``.
    """

    before: str
    changes: tuple[Change, ...]


async def apply_changes(
    server: StreetraceServer,
    document: Document,
    changes: tuple[Change, ...],
    label: str,
    *,
    refuse: Callable[[StreetraceServer, str], str | None] = refuse_document,
) -> Landed | NotApplied | Unconfirmed:
    """Apply ``changes``, which are against the document's present text, and verify.

    ``refuse`` says of a URI why nothing may be written there, or None.
    Returns `NotApplied` when the text shows that the edit did not arrive; an edit that
    arrived in the wrong place is taken back.
    """
    # A link may have been swapped while the model wrote.
    if reason := refuse(server, document.uri):
        return NotApplied(reason)
    return await put(server, document, changes, label)


async def put(
    server: StreetraceServer, document: Document, changes: tuple[Change, ...], label: str
) -> Landed | NotApplied | Unconfirmed:
    """`apply_changes` for a text of our own that a person asked for, in whatever document.

    Never for what a model wrote: nothing here says which documents are out of its reach.
    """
    result = await _deliver(server, document, changes, label)
    if not isinstance(result, Misplaced):
        return result
    return await restore_text(server, document, result.restore, label)


async def take_back(server: StreetraceServer, document: Document, done: Landed, label: str) -> bool:
    """Undo an edit that landed, around whatever the person typed since; False when it can't be."""
    since = diff(done.after, document.text)
    back = rebase(done.inverse, since, done.after)
    if not done.inverse or back is None:
        return False
    return isinstance(await _deliver(server, document, back, f"Undo: {label}"), Landed)


def when_shown(
    server: StreetraceServer,
    document: Document,
    sent: Unconfirmed,
    then: Callable[[NotApplied | Landed], None],
) -> None:
    """Call ``then`` once the client's next text shows what came of the edit.

    A person's next look at the code actions comes right behind that text, so nothing is
    left to a later turn of the loop but taking back what went wrong.
    """

    async def take_back_and_tell(restore: str) -> None:
        then(await restore_text(server, document, restore, "Streetrace"))

    def look() -> None:
        verdict = landed(sent.before, sent.changes, (document.text,), document.encoding)
        if isinstance(verdict, Applied):
            then(_landed(sent.before, sent.changes, verdict, document.text))
        elif isinstance(verdict, Misplaced):
            server.spawn(take_back_and_tell(verdict.restore))
        else:
            then(NotApplied("it is not in the editor's text"))

    if document.text != sent.before:
        look()
    else:
        document.at_next_change(look)


async def restore_text(
    server: StreetraceServer, document: Document, restore: str, label: str
) -> NotApplied:
    """Take an edit back that stands in the wrong place; says what came of that."""
    log.warning("the client put an edit in the wrong place; taking it back")
    back = await _deliver(server, document, diff(document.text, restore), f"Undo: {label}")
    if isinstance(back, Landed):
        why = "the editor put it in the wrong place, so it was taken back"
        return NotApplied(why, again=True)
    return NotApplied("the editor put it in the wrong place; undo it there")


async def _deliver(
    server: StreetraceServer, document: Document, changes: tuple[Change, ...], label: str
) -> Landed | NotApplied | Unconfirmed | Misplaced:
    """Send the edit, again over what the user typed where the editor skipped it."""
    for _ in range(_ATTEMPTS):
        with document.track() as track:
            answer = await _send(server, document, changes, label)
            verdict = await _settle(server, document, changes, track, answer)
        if isinstance(verdict, Applied):
            return _landed(track.before, changes, verdict, document.text)
        if isinstance(verdict, Misplaced):
            return verdict
        if track.closed:
            return NotApplied("the document was closed")
        if isinstance(verdict, Unconfirmed):
            return verdict
        if not isinstance(verdict, Absent):
            return NotApplied("the editor's text does not match it; look at the place")
        if not track.steps:
            return NotApplied(answer.failure_reason or "the editor did not apply it")
        moved = track.carry(changes)
        if moved is None:
            return NotApplied("you changed the same place meanwhile")
        log.info("the client skipped an edit; sending it again over the user's typing")
        changes = moved
    return NotApplied("the document kept changing", again=True)


async def _send(
    server: StreetraceServer, document: Document, changes: tuple[Change, ...], label: str
) -> types.ApplyWorkspaceEditResult:
    if reason := refuse_edit(server, document.uri):
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason=reason)
    edits = [
        types.TextEdit(range=document.range(change.start, change.end), new_text=change.text)
        for change in changes
    ]
    # The exact version and documentChanges also for clients that do not declare it:
    # Neovim checks the version then, and with plain changes it does not.
    edit = types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                text_document=types.OptionalVersionedTextDocumentIdentifier(
                    uri=document.uri, version=document.version
                ),
                edits=edits,
            )
        ]
    )
    request = server.protocol.send_request_async(
        types.WORKSPACE_APPLY_EDIT, types.ApplyWorkspaceEditParams(edit=edit, label=label)
    )
    try:
        async with asyncio.timeout(_ANSWER):
            answer = await request
    except TimeoutError:
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason="no answer")
    except Exception as error:
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason=str(error))
    finally:
        release()
    return answer or types.ApplyWorkspaceEditResult(applied=False)


async def _settle(
    server: StreetraceServer,
    document: Document,
    changes: tuple[Change, ...],
    track: Track,
    answer: types.ApplyWorkspaceEditResult,
) -> object:
    """Wait until the synchronised texts say where the edit landed.

    A client that answers "not applied" is believed. One that answers "applied" is not: that
    the edit is missing is proven by a text that came after the answer, or by a newer text
    that came before it and nothing since (the edit was stale, and skipped). A text that proves
    nothing may hold a part of the edit: Neovim sends the first change of several at once and the
    others 150 ms later.
    """
    loop = asyncio.get_running_loop()
    synchronises = server.profile.apply_edit or server.profile.overwrites
    patience = _APPLIED if synchronises else _REFUSED
    answered_at = len(track.texts)
    stale = answered_at > 0
    deadline = loop.time() + (patience if answer.applied and not stale else _REFUSED)
    while True:
        verdict = landed(track.before, changes, track.texts, document.encoding)
        if isinstance(verdict, Unclear):
            left = deadline - loop.time()
            if left <= 0 or not await track.wait(left):
                return verdict
            continue
        if not isinstance(verdict, Absent):
            return verdict
        if len(track.texts) > (answered_at if answer.applied else 0):
            return verdict
        left = deadline - loop.time()
        if left <= 0 or not await track.wait(left):
            if stale or not answer.applied:
                return verdict
            return Unconfirmed(track.before, changes)


def _landed(before: str, changes: tuple[Change, ...], proof: Applied, after: str) -> Landed:
    lines = sum(max(change.text.count("\n"), 1) for change in changes)
    user = proof.user_changes
    moved = rebase(changes, user, before)
    # `landed` proved that this is the text; a doubt would only cost the way back.
    if moved is None or apply(base := apply(before, user), moved) != after:
        return Landed(lines)
    return Landed(lines, after, invert(base, moved))
