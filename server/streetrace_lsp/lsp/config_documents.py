"""The configuration files that are open in the editor: what they say while somebody types.

What is typed is looked at, for diagnostics and help, and never acted by: that is what is saved.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.lsp.settings import PROJECT_FILE, local_path

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.model import Settings as Written
    from streetrace_lsp.config.problems import Problem
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

# Seconds without a change after which what is typed is checked.
_PAUSE = 0.2


class ConfigDocuments:
    """The open configuration files of one session."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        self._drafts: dict[str, tuple[object, Configuration]] = {}
        # What each file said when it was TOML for the last time.
        self._readable: dict[str, Written] = {}
        self._due: dict[str, asyncio.TimerHandle] = {}
        # Whether the table of the models that are sold was read: some 50 ms, on a thread.
        self._has_table = False
        # What was found out on demand, until the text changes: by URI.
        self._found: dict[str, tuple[int | None, Problem]] = {}

    def holds(self, uri: str) -> bool:
        """Whether ``uri`` is a configuration file: a project's, or the user's own."""
        path = local_path(uri)
        return path is not None and (path.name == PROJECT_FILE or path == self._own)

    def is_own(self, uri: str) -> bool:
        """Whether it is the user's own file."""
        return local_path(uri) == self._own

    @property
    def _own(self) -> Path:
        return self._server.user_dir / "config.toml"

    def open_at(self, uri: str) -> Document | None:
        """The open configuration document of this URI."""
        return self._server.mirror.get_document(uri) if self.holds(uri) else None

    def draft(self, document: Document) -> Configuration:
        """The configuration as it would be with the document's text in its file.

        While the text is no TOML, ``written`` is what it said before.
        """
        settings, uri = self._server.settings, document.uri
        made_of = (document.version, document.text, settings.known(uri))
        kept = self._drafts.get(uri)
        if kept is not None and kept[0] == made_of:
            return kept[1]
        found = settings.draft(uri, document.text)
        if any(problem.code == "syntax" for problem in self._own_problems(uri, found)):
            found = replace(found, written=self._readable.get(uri, found.written))
        elif found.written is not None:
            self._readable[uri] = found.written
        self._drafts[uri] = (made_of, found)
        return found

    def latest(self, document: Document) -> Configuration:
        """The same as of a moment ago, where making it anew would keep a person waiting."""
        kept = self._drafts.get(document.uri)
        return kept[1] if kept is not None else self.draft(document)

    def problems(self, document: Document) -> tuple[Problem, ...]:
        """What is wrong in the text as it stands, and what was found out about it on demand."""
        found = (*self._own_problems(document.uri, self.draft(document)), *self._models(document))
        version, problem = self._found.get(document.uri, (None, None))
        if problem is not None and version == document.version:
            return (*found, problem)
        return found

    def _models(self, document: Document) -> tuple[Problem, ...]:
        path = local_path(document.uri)
        if not self._has_table or path is None:
            return ()
        from streetrace_lsp.authoring.odd_models import odd_models

        listed = self._server.model_lists.of
        return odd_models(path, document.text, self.draft(document), listed)

    def opened(self, uri: str) -> None:
        """Look for misspelt models, too, once the table of known ones is read."""
        document = self.open_at(uri)
        if document is not None and not self._has_table:
            self._server.spawn(self._read_table(document))

    async def _read_table(self, document: Document) -> None:
        from streetrace_lsp.routing.table_names import models_of

        await asyncio.to_thread(models_of, "openai")
        self._has_table = True
        if self.open_at(document.uri) is document:
            self._server.settings.publish_open(document)

    def found_out(self, document: Document, problem: Problem) -> None:
        """Show what was found out on demand, until the text changes."""
        self._found[document.uri] = (document.version, problem)
        self._server.settings.publish_open(document)

    def changed(self, uri: str) -> None:
        """The text changed: check it once it rests."""
        document = self.open_at(uri)
        if document is None:
            return
        self._cancel(uri)
        loop = asyncio.get_running_loop()
        self._due[uri] = loop.call_later(_PAUSE, self._check, document)

    def _check(self, document: Document) -> None:
        self._due.pop(document.uri, None)
        self._server.settings.publish_open(document)
        self._server.refresh_hints()

    def closed(self, uri: str) -> None:
        """Forget what was typed; the file on the disk is what counts again."""
        self._cancel(uri)
        self._drafts.pop(uri, None)
        self._readable.pop(uri, None)
        self._found.pop(uri, None)
        if self.holds(uri):
            self._server.settings.publish_closed(uri)

    def _cancel(self, uri: str) -> None:
        due = self._due.pop(uri, None)
        if due is not None:
            due.cancel()

    def _own_problems(self, uri: str, found: Configuration) -> tuple[Problem, ...]:
        path = local_path(uri)
        return tuple(problem for problem in found.problems if problem.path == path)
