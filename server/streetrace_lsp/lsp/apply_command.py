"""``streetrace.apply`` and ``discard``: what becomes of a kept result.

Its documents are opened where they are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.apply import NotApplied
from streetrace_lsp.lsp.apply_parts import Held, apply_parts
from streetrace_lsp.lsp.finish_edit import KEPT, UNCONFIRMED, follow
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.review.proposals import Proposal

Answer = dict[str, Any]


def apply_proposal(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.apply {proposal?}``: bring a kept result into its document."""
    proposal = _named(server, given)
    if proposal is None:
        return server.say("There is no result to apply.")
    try:
        return {"job": begin_apply(server, proposal).id}
    except RefusedError as error:
        return server.say(error.sentence)


def discard_proposal(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.discard {proposal?}``: a kept result is not wanted any more."""
    proposal = _named(server, given)
    if proposal is None:
        return server.say("There is no result to discard.")
    server.proposals.drop(proposal.id)
    said = f"{proposal.title}: the result for {proposal.paths} is discarded."
    return {**server.say(said), "discarded": proposal.id}


def begin_apply(
    server: StreetraceServer, proposal: Proposal, *, once: bool = False, quiet: bool = False
) -> Job:
    """Start the job that applies a result; it is not kept any longer once it is in.

    ``once``: nor where it can't be applied, since who asked has it still. ``quiet``: a program
    asked, and is told. Raises `RefusedError` where no document of it is open or can be opened.
    """
    opened = [found for part in proposal.parts if (found := server.mirror.get_document(part.uri))]
    shut = any(part.base is not None and part.new is not None for part in proposal.parts)
    if not opened and shut and not server.profile.show_document:
        if once:
            server.proposals.drop(proposal.id)
        raise RefusedError(
            f"{proposal.paths} is not open in the editor.", "Open it, and try again."
        )

    async def work(_: Job) -> Ending:
        if opened:
            async with opened[0].writer:
                return await uncancelled(_apply(server, proposal, Held(opened[0]), once=once))
        return await uncancelled(_apply(server, proposal, None, once=once))

    uri = opened[0].uri if opened else proposal.parts[0].uri
    return server.jobs.start("apply", "Apply result", uri, work, quiet=quiet, at_once=True)


def _named(server: StreetraceServer, given: Any) -> Proposal | None:
    wanted = given.get("proposal") if isinstance(given, dict) else None
    if isinstance(wanted, str):
        return server.proposals.get(wanted)
    return server.proposals.newest()


async def _apply(
    server: StreetraceServer, proposal: Proposal, held: Held | None, *, once: bool
) -> Ending:
    paths = proposal.paths
    result = await apply_parts(server, proposal.parts, held, proposal.title)
    if isinstance(result, NotApplied):
        said = f"Not applied to {paths}: {result.why}."
        if once:
            server.proposals.drop(proposal.id)
            return Ending("refused", said, loud=True)
        return Ending("refused", f"{said} {KEPT}", proposal.id, loud=True)
    if result.unconfirmed:
        follow(server, result, proposal.id)
        message = f"{proposal.title}: {UNCONFIRMED.format(path=paths)}"
        return Ending("proposed", message, proposal.id, loud=True)
    server.proposals.drop(proposal.id)
    return Ending("applied", f"{proposal.title}: {_did(proposal)}, not saved yet.")


def _did(proposal: Proposal) -> str:
    made = all(part.base is None for part in proposal.parts)
    return f"made {proposal.paths}" if made else f"applied to {proposal.paths}"
