"""Bring a document to the front, with the cursor at a place and nothing selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.edits.lines import LineIndex

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


async def bring_to_front(
    server: StreetraceServer, uri: str, text: str, offset: int | None = None
) -> bool:
    """Have the editor show a document, and say whether it did.

    ``text``: what stands in it. ``offset``: where the cursor goes, in code points; without it the
    editor decides.
    """
    if not server.profile.show_document:
        return False
    cursor = None
    if offset is not None:
        place = min(offset, end_of_last_line(text))
        at = types.Position(*LineIndex(text).position(place, server.profile.encoding))
        cursor = types.Range(at, at)
    params = types.ShowDocumentParams(uri, external=False, take_focus=True, selection=cursor)
    try:
        shown = await server.protocol.send_request_async(types.WINDOW_SHOW_DOCUMENT, params)
    except Exception:
        # A client that refuses: the person is told in words.
        return False
    return shown is not None and bool(shown.success)


def end_of_last_line(text: str) -> int:
    """The end of the last line that every editor has.

    To Neovim a line end at the end of a file ends the last line and begins none; it fails for a
    place behind it.
    """
    for eol in ("\r\n", "\n", "\r"):
        if text.endswith(eol):
            return len(text) - len(eol)
    return len(text)
