"""Show a text to the person: as a Markdown document, or as a message."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lsprotocol import types

from streetrace_lsp.edits.characters import escaped
from streetrace_lsp.lsp.meant import pages_of
from streetrace_lsp.requests.display import escape_controls, for_reading

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.review.proposals import Proposal

log = logging.getLogger("streetrace_lsp.answers")

# So many answers stay on disk; older ones are deleted.
_KEPT = 50


async def show_text(
    server: StreetraceServer,
    title: str,
    text: str,
    how: Literal["document", "message"] = "document",
    *,
    about: str = "",
    literal: bool = False,
    written: Callable[[Path], None] = lambda _: None,
) -> bool:
    """Open ``text`` as a Markdown document, or show it as a message: if ``how`` says so, or where
    no document can be shown.

    ``about``: the file that it speaks of. It is no part of the page's own name: who looks for the
    file by its name shall not find the page before it.
    ``literal``: what may be rendered is in code blocks already, and every word of it counts.
    ``written`` is told of the document's file before the client is.
    Returns whether the client showed a document.
    """
    body = escape_controls(text) if literal else for_reading(text)
    heading = f"{title}: {about}" if about else title
    if how == "document" and server.profile.show_document:
        try:
            path = write_answer(pages_of(server), title, f"# {heading}\n\n{body}")
        except OSError as error:
            log.warning("an answer could not be written: %s", error.strerror)
            return _as_message(server, heading, body)
        written(path)
        request = server.protocol.send_request_async(
            types.WINDOW_SHOW_DOCUMENT,
            types.ShowDocumentParams(uri=path.as_uri(), external=False, take_focus=False),
        )
        try:
            answer = await request
            if answer is not None and answer.success:
                return True
        except Exception:  # noqa: S110 - a client that refuses gets the message
            pass
    return _as_message(server, heading, body)


def _as_message(server: StreetraceServer, title: str, body: str) -> bool:
    server.show(f"{title}\n\n{body}", types.MessageType.Info)
    return False


def proposal_text(proposal: Proposal) -> str:
    """A kept result as Markdown: what has to be agreed to, and a diff for each document."""
    from streetrace_lsp.review.unified import unified

    parts = [f"- {escaped(reason)}" for reason in proposal.confirm]
    for part in proposal.parts:
        diff = escaped(unified(part.path, part.base, part.new))
        fence = "`" * max(3, max((len(run) for run in re.findall("`+", diff)), default=0) + 1)
        parts.append(f"{fence}diff\n{diff}{fence}")
    return "\n\n".join([*parts, "The code action “Streetrace: Apply result” applies it."])


def write_answer(folder: Path, name: str, text: str) -> Path:
    """Write a new Markdown file that only its owner can read, and return its path."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60] or "answer"
    handle, path = tempfile.mkstemp(prefix=f"{name}-", suffix=".md", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"{text.rstrip()}\n")
    old = sorted(folder.glob("*.md"), key=lambda p: p.stat().st_mtime_ns)[:-_KEPT]
    for stale in old:
        stale.unlink(missing_ok=True)
    return Path(path)
