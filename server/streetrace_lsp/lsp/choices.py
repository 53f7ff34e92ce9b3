"""A choice that a command lacks, as a page: its code actions are what can be chosen.

A client such as Helix runs a command from a list, without an argument, and LSP has no question
with more than a few answers. Code actions on a Markdown page are in every client.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.edits.characters import escaped
from streetrace_lsp.lsp.settings import local_path

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

Offers = Sequence[types.CodeAction]


class Choices:
    """The pages of this session, and what can be chosen on each."""

    def __init__(self) -> None:
        self._pages: dict[str, Callable[[], Offers]] = {}

    def add(self, path: Path, offers: Callable[[], Offers]) -> None:
        """Remember a page; ``offers`` is asked anew whenever its code actions are."""
        self._pages[os.path.realpath(path)] = offers

    def on(self, document: Document) -> Offers | None:
        """What can be chosen on this page; None where the document is none."""
        path = local_path(document.uri) if self._pages else None
        offers = self._pages.get(os.path.realpath(path)) if path is not None else None
        return offers() if offers is not None else None


def choose(
    server: StreetraceServer,
    title: str,
    about: str,
    offers: Callable[[], Offers],
    otherwise: str,
) -> dict[str, Any]:
    """Open a page to choose on, and say so. Answers at once; the choice is a command of its own.

    ``otherwise``: what is said where there is nothing to choose from, or no page can be shown.
    """
    from streetrace_lsp.lsp.answers import show_text

    listed = [action.title for action in offers()]
    if not listed or not server.profile.show_document:
        return server.say(otherwise)
    rows = "\n".join(f"- {escaped(entry)}" for entry in listed)
    text = f"{about}\n\nOpen the code actions on this page and choose:\n\n{rows}"
    server.spawn(
        show_text(server, title, text, written=lambda path: server.choices.add(path, offers))
    )
    return server.say(f"{title} Open the code actions on the page, and choose.")
