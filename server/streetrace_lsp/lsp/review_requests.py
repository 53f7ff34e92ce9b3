"""``streetrace/review/*``: what waits for a person, for a client that shows it in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streetrace_lsp.edits.changes import apply
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.lsp import review_params
from streetrace_lsp.lsp.params import VERSION
from streetrace_lsp.lsp.protocol import RefusedError
from streetrace_lsp.lsp.request_errors import read

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.review.proposals import Part, Proposal
    from streetrace_lsp.review.reviewed import Reviewed

Answer = dict[str, Any]


def list_reviews(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/review/list``: every open change and every result that is not applied yet."""
    read(review_params.read_list, params)
    reviewed = server.reviews.all() if server.has_reviews() else []
    return {
        "version": VERSION,
        "documents": [_document(server, one) for one in reviewed],
        "proposals": [_proposal(one) for one in server.proposals.all()],
    }


def texts(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/review/texts``: a document without its open changes, and as it is; or what a
    kept result would make of it. ``null`` stands for a document that is not there.
    """
    given = read(review_params.read_texts, params)
    if given.proposal is not None:
        part = _part(server, given.proposal, given.uri)
        return {"version": VERSION, "before": part.base, "after": part.new}
    found = server.reviews.on(given.uri) if server.has_reviews() else None
    if found is None:
        raise RefusedError.of_params("uri: nothing in it is under review.")
    text = server.reviews.text_of(given.uri)
    before = apply(text, found.undoing(found.all_ids(), text).changes)
    return {"version": VERSION, "before": before, "after": None if found.deleted else text}


def _document(server: StreetraceServer, reviewed: Reviewed) -> Answer:
    index, encoding = LineIndex(server.reviews.text_of(reviewed.uri)), server.profile.encoding
    layers = {hunk.id: layer for layer in reviewed.layers for hunk in layer.hunks}

    def place(offset: int) -> dict[str, int]:
        line, character = index.position(offset, encoding)
        return {"line": line, "character": character}

    return {
        "uri": reviewed.uri,
        "path": reviewed.path,
        "hunks": [
            {
                "hunk": hunk.id,
                "proposal": layers[hunk.id].review,
                "title": layers[hunk.id].title,
                "state": hunk.state,
                "range": {"start": place(hunk.start), "end": place(hunk.end)},
                "old": hunk.old,
                "doubt": hunk.doubt,
                "account": layers[hunk.id].told.account,
                "explanation": layers[hunk.id].told.explanation,
            }
            for hunk in reviewed.open
        ],
    }


def _proposal(proposal: Proposal) -> Answer:
    return {
        "proposal": proposal.id,
        "title": proposal.title,
        "confirm": list(proposal.confirm),
        "parts": [
            {"uri": part.uri, "path": part.path, "kind": _kind(part)} for part in proposal.parts
        ],
    }


def _kind(part: Part) -> str:
    if part.base is None:
        return "create"
    return "delete" if part.new is None else "change"


def _part(server: StreetraceServer, proposal_id: str, uri: str) -> Part:
    proposal = server.proposals.get(proposal_id)
    part = next((one for one in proposal.parts if one.uri == uri), None) if proposal else None
    if part is None:
        raise RefusedError.of_params("proposal: this result is not kept any more.")
    return part
