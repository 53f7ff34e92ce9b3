"""The end of an edit: into its documents, or kept as a proposal with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.lsp.answers import proposal_text, show_text
from streetrace_lsp.lsp.apply import Landed, NotApplied, when_shown
from streetrace_lsp.lsp.apply_parts import Done, Held, apply_parts
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.preview import Accepted, can_preview, preview_parts
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.account import account, job_facts, told
from streetrace_lsp.requests.job import Outcome
from streetrace_lsp.review.proposals import Part

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.lsp.track import Track

UNCONFIRMED = (
    "sent to {path}. The editor says that it is applied, and has not shown its text yet. "
    "Should it be missing, the code action “Streetrace: Apply result” tries again."
)

KEPT = "The result is kept: the code action “Streetrace: Apply result” tries again."

AGREE = "The code action “Streetrace: Apply result” applies it; streetrace.show shows it again."


@dataclass(frozen=True)
class Edit:
    """A checked edit that is ready to go into its documents."""

    outcome: Outcome
    parts: tuple[Part, ...]
    # The whole lines that the action was about: typing there means hands off.
    region: tuple[int, int]

    @property
    def paths(self) -> str:
        """The documents by their paths, for a sentence."""
        return ", ".join(part.path for part in self.parts)


async def finish_edit(
    server: StreetraceServer, document: Document, job: Job, edit: Edit, meanwhile: Track
) -> Ending:
    """Apply the edit over what was typed meanwhile; keep it where that is not certain.

    ``meanwhile`` records the document since the snapshot.
    """

    def keep(message: str) -> Ending:
        kept = server.proposals.keep(job.title, edit.parts, edit.outcome.confirm)
        about = job_facts(edit.outcome)
        return Ending("proposed", f"{job.title}: {message}", kept.id, loud=True, facts=about)

    async def keep_for_agreement(why: str) -> Ending:
        ending = keep(f"{edit.paths} waits for your agreement: {why}. {AGREE}")
        kept = server.proposals.get(str(ending.proposal))
        if kept is not None:
            await show_text(server, f"{job.title}: not applied yet", proposal_text(kept))
        return ending

    def keep_since(why: str) -> Ending:
        return keep(f"not applied to {edit.paths}: {why}. {KEPT}")

    if meanwhile.closed:
        return keep_since("the document was closed")
    if _touched(edit.region, meanwhile):
        return keep_since("you changed the same place meanwhile")
    if edit.outcome.confirm:
        return await keep_for_agreement(" ".join(edit.outcome.confirm).rstrip("."))
    settings = server.settings.of(document.uri).settings
    if settings.previews and can_preview(server, edit.parts):
        return await _previewed(server, Held(document, meanwhile), job, edit)
    if settings.previews:
        said = "confirm = true" if settings.confirm else 'review = "preview"'
        return await keep_for_agreement(f"the configuration says {said}")
    if not server.profile.apply_edit:
        return keep(f"ready for {edit.paths}. Choose the code action “Streetrace: Apply result”.")
    job.report("Applying")
    held = Held(document, meanwhile)
    result = await apply_parts(server, edit.parts, held, job.title, told(edit.outcome))
    if isinstance(result, NotApplied):
        return keep_since(result.why)
    if result.unconfirmed:
        ending = keep(UNCONFIRMED.format(path=edit.paths))
        follow(server, result, str(ending.proposal))
        return ending
    lines = "1 line" if result.lines == 1 else f"{result.lines} lines"
    said = f"{job.title}: changed {lines} in {edit.paths}, not saved yet"
    reply = edit.outcome.reply
    return Ending("applied", f"{said} ({account(reply)}).", facts=job_facts(edit.outcome))


async def _previewed(server: StreetraceServer, held: Held, job: Job, edit: Edit) -> Ending:
    """The editor asks; what the person does not accept at all is kept."""
    kept = server.proposals.keep(job.title, edit.parts)
    about = job_facts(edit.outcome)
    await show_text(server, f"{job.title}: not applied yet", proposal_text(kept))
    job.report("Waiting for you to accept the changes")
    result = await preview_parts(server, edit.parts, held, job.title, told(edit.outcome))
    if isinstance(result, Accepted) and result.count:
        server.proposals.drop(kept.id)
        return _accepted(server, job, edit, result)
    why = result.why if isinstance(result, NotApplied) else "you accepted none of its changes"
    message = f"{job.title}: not applied to {edit.paths}: {why}. The result is kept. {AGREE}"
    return Ending("proposed", message, kept.id, loud=True, facts=about)


def _accepted(server: StreetraceServer, job: Job, edit: Edit, result: Accepted) -> Ending:
    """The person chose; the documents in which nothing was accepted can still be applied."""
    left = tuple(part for part, _ in result.left)
    paths = ", ".join(part.path for part in edit.parts if part not in left)
    changes = "the change" if result.total == 1 else f"{result.count} of {result.total} changes"
    said = f"{job.title}: you accepted {changes} in {paths}, not saved yet"
    said = f"{said} ({account(edit.outcome.reply)})."
    about = job_facts(edit.outcome)
    if not left:
        return Ending("applied", said, facts=about)
    rest = server.proposals.keep(job.title, left)
    reasons = [
        why if why.startswith(part.path) else f"{part.path}: {why}" for part, why in result.left
    ]
    said = f"{said} Not applied, and kept: {'; '.join(reasons)}. {AGREE}"
    return Ending("applied", said, rest.id, loud=True, facts=about)


def follow(server: StreetraceServer, done: Done, proposal: str) -> None:
    """Drop a proposal when the client's next texts have it, and say so when they have not."""
    missing = {document.uri for document, _ in done.unconfirmed}

    def shown(document: Document, result: NotApplied | Landed) -> None:
        if isinstance(result, Landed):
            server.reviews.begin(done.review, document, result)
            missing.discard(document.uri)
            if not missing:
                server.proposals.drop(proposal)
            return
        path = server.settings.relative(document.uri)
        server.show(
            f"The result was not applied to {path}: {result.why}. "
            "The code action “Streetrace: Apply result” tries again.",
            types.MessageType.Warning,
        )

    for document, sent in done.unconfirmed:
        when_shown(server, document, sent, partial(shown, document))


def parts_of(server: StreetraceServer, document: Document, outcome: Outcome) -> tuple[Part, ...]:
    """The parts of a plan, the document that was asked about first."""
    assert outcome.plan is not None  # noqa: S101 - the caller looked
    own = server.settings.relative(document.uri)
    root = server.settings.root_of(local_path(document.uri))
    parts = []
    for name in sorted(outcome.plan.files, key=lambda name: (name != own, name)):
        uri = document.uri
        if name != own and root is not None:
            uri = from_fs_path(str(root / name)) or uri
        changes = tuple(
            Change(hunk.start, hunk.end, hunk.new)
            for hunk in outcome.plan.hunks
            if hunk.path == name
        )
        new = outcome.plan.files[name]
        parts.append(Part(uri, name, outcome.bases.get(name), new, changes))
    return tuple(parts)


def _touched(region: tuple[int, int], track: Track) -> bool:
    """Whether the person typed inside the region since the track began."""
    moved: tuple[int, int] | None = region
    for change in track.one_by_one():
        moved = _past(moved, change) if moved is not None else None
    return moved is None


def _past(region: tuple[int, int], change: Change) -> tuple[int, int] | None:
    """The region after a change outside it; None when the change touches the region.

    Whole lines inserted right above or right below the region are outside of it.
    """
    start, end = region
    grown = len(change.text) - (change.end - change.start)
    whole = change.text.endswith(("\n", "\r"))
    if change.end < start or (change.end == start and (whole or change.start < start)):
        return start + grown, end + grown
    if change.start > end or (change.start == end and change.start != start):
        return region
    return None
