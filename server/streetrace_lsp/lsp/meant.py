"""What a command means that names no document: the one that the person used last."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.edits.diff import diff
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.lsp.offered import plain
from streetrace_lsp.lsp.settings import PROJECT_FILE, local_path

if TYPE_CHECKING:
    from pathlib import Path

    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer


@dataclass(frozen=True)
class Place:
    """A document, and the lines that were asked about in the text of that moment.

    ``range`` is None where the whole document is meant.
    """

    document: Document
    range: types.Range | None
    text: str

    def now(self) -> Place | None:
        """The same place in the text as it is; None where that can't be told."""
        if self.range is None:
            return self
        moved = carried(self.range, self.text, self.document)
        return Place(self.document, moved, self.document.text) if moved is not None else None


def carried(area: types.Range, text: str, document: Document) -> types.Range | None:
    """A range of an earlier ``text`` of a document as it stands by now.

    None where that can't be told, since somebody changed the very lines.
    """
    if document.text == text:
        return area
    index = LineIndex(text)
    changes = diff(text, document.text)
    now = []
    for place in (area.start, area.end):
        offset = index.offset(place.line, place.character, document.encoding)
        if any(change.start < offset < change.end for change in changes):
            return None
        now.append(offset + sum(one.growth for one in changes if one.end <= offset))
    return document.range(*now)


def last_used(server: StreetraceServer, *, chats: bool = True) -> Document | None:
    """The open document that was opened, typed in or asked about last.

    Pages of our own do not count, nor chats without ``chats``: a command is about something else.
    """
    for document in reversed(server.mirror.documents()):
        if is_page(server, document.uri):
            continue
        if chats or not server.chats.holds(document.uri):
            return document
    return None


def pages_of(server: StreetraceServer) -> Path:
    """The folder of the pages that are opened, such as explanations."""
    return server.state_dir / "answers"


def is_page(server: StreetraceServer, uri: str) -> bool:
    """Whether a document is a page of our own, which belongs to no project."""
    path = local_path(uri)
    return path is not None and os.path.realpath(path.parent) == os.path.realpath(pages_of(server))


def last_place(server: StreetraceServer) -> Place | None:
    """The document used last, chats aside, with the lines that code actions were asked for."""
    document = last_used(server, chats=False)
    if document is None:
        return None
    seen = server.chats.last_place
    here = seen is not None and server.mirror.get_document(seen.uri) is document
    return Place(document, seen.range if here and seen is not None else None, document.text)


def with_place(server: StreetraceServer, given: Any) -> dict[str, Any]:
    """A command's argument with the document and lines that it means where it names no document."""
    known: dict[str, Any] = given if isinstance(given, dict) else {}
    place = last_place(server) if "uri" not in known else None
    if place is None:
        return known
    area = {"range": plain(place.range)} if place.range is not None else {}
    return {**known, "uri": place.document.uri, **area}


def named_or_used(server: StreetraceServer, given: dict[str, Any]) -> str:
    """The document that was named, or the one used last: its project is meant.

    Over a page of our own that is the one used last, too.
    Where none is open, the configuration file of the first workspace folder, there or not.
    """
    uri = given.get("uri")
    if isinstance(uri, str) and not is_page(server, uri):
        if (named := server.mirror.get_document(uri)) is not None:
            server.mirror.used(named)
        return uri
    document = last_used(server)
    if document is not None:
        return document.uri
    folder = next((entry.uri for entry in server.mirror.folders.values()), server.mirror.root_uri)
    return f"{folder.rstrip('/')}/{PROJECT_FILE}" if folder else ""


def range_of(value: Any) -> types.Range | None:
    """A range as a client sent it, or None where it is none."""
    if not isinstance(value, dict):
        return None
    start, end = position_of(value.get("start")), position_of(value.get("end"))
    return types.Range(start, end) if start is not None and end is not None else None


def position_of(value: Any) -> types.Position | None:
    """A position as a client sent it, or None where it is none."""
    try:
        return types.Position(int(value["line"]), int(value["character"]))
    except (KeyError, TypeError, ValueError):
        return None
