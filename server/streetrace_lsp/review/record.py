"""The reviews of a document as plain data, and back: what survives a restart."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.requests.account import Told
from streetrace_lsp.review.hunk import Hunk
from streetrace_lsp.review.layer import Layer
from streetrace_lsp.review.reviewed import Reviewed

_VERSION = 1
_FLAGS = ("doubt", "gone")
_MARKS = ("kept", "taken_back")


def to_record(reviewed: Reviewed, text: str) -> dict[str, Any]:
    """JSON of the layers that still wait for the person, and the ``text`` that they stand in."""
    return {
        "version": _VERSION,
        "uri": reviewed.uri,
        "path": reviewed.path,
        "sha256": _digest(text),
        "text": text,
        "layers": [
            {
                "review": layer.review,
                "title": layer.title,
                "made": layer.made,
                "deleted": layer.deleted,
                "account": layer.told.account,
                "explanation": layer.told.explanation,
                "hunks": [_hunk_record(hunk) for hunk in layer.hunks],
            }
            for layer in reviewed.layers
            if layer.open
        ],
    }


def from_record(record: Any) -> tuple[Reviewed, str] | None:
    """The reviews and the text they stand in; None for a record that can't be believed."""
    try:
        if record["version"] != _VERSION or record["sha256"] != _digest(record["text"]):
            return None
        text = str(record["text"])
        layers = tuple(
            Layer(
                str(one["review"]),
                str(one["title"]),
                _hunks(one["hunks"], text),
                made=one["made"] is True,
                deleted=one.get("deleted") is True,
                told=Told(str(one.get("account", "")), str(one.get("explanation", ""))),
            )
            for one in record["layers"]
        )
        return Reviewed(str(record["uri"]), str(record["path"]), layers), text
    except (KeyError, TypeError, ValueError):
        return None


def reconciled(reviewed: Reviewed, before: str, text: str) -> Reviewed:
    """The reviews in the text that the document has by now, whoever changed it meanwhile."""
    if text == before:
        return reviewed
    found = reviewed.after(before, Change(0, len(before), text))
    # Nobody returns to a text from before a restart.
    return replace(found, layers=tuple(replace(one, past=()) for one in found.layers))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hunk_record(hunk: Hunk) -> dict[str, Any]:
    flags = {name: getattr(hunk, name) for name in _FLAGS if getattr(hunk, name)}
    return {
        "id": hunk.id,
        "old": hunk.old,
        "new": hunk.new,
        "now": hunk.now,
        "start": hunk.start,
        **{name: True for name in _MARKS if getattr(hunk, name)},
        **flags,
    }


def _hunks(records: Any, text: str) -> tuple[Hunk, ...]:
    """Raises ValueError where a hunk does not stand in the text where it should."""
    hunks = []
    done = 0
    for record in records:
        strings = {name: str(record[name]) for name in ("id", "old", "new", "now")}
        flags = {name: str(record.get(name, "")) for name in _FLAGS}
        kept, taken_back = (record.get(name) is True for name in _MARKS)
        start = int(record["start"])
        hunk = Hunk(**strings, start=start, kept=kept, taken_back=taken_back, **flags)
        if not hunk.gone:
            if hunk.start < done or text[hunk.start : hunk.end] != hunk.now:
                raise ValueError("a hunk stands elsewhere")
            done = hunk.end
        hunks.append(hunk)
    return tuple(hunks)
