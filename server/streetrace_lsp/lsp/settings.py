"""The configuration that holds for each document, kept fresh, with its diagnostics."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.prompts.actions import Action, actions

if TYPE_CHECKING:
    from streetrace_lsp.config.editor_keys import EditorKeys
    from streetrace_lsp.config.load import Configuration, ConfigurationSource
    from streetrace_lsp.config.problems import Problem
    from streetrace_lsp.config.switch import SwitchStore
    from streetrace_lsp.config.trust import TrustStore
    from streetrace_lsp.config.variables import Variables
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp.settings")

PROJECT_FILE = ".streetrace.toml"


class Settings:
    """Finds the configuration of a document and publishes what is wrong in it."""

    def __init__(self, server: StreetraceServer) -> None:
        self._server = server
        self._source: ConfigurationSource | None = None
        self._published: dict[str, object] = {}
        self._editor: dict[str, Any] = {}

    def from_editor(self, sent: Any) -> None:
        """Take the settings that the editor sent: an object, or one under ``streetrace``.

        They may come from the repository, so they count as its own; see `editor_settings`.
        """
        section = sent.get("streetrace", sent) if isinstance(sent, dict) else None
        if isinstance(section, dict):
            self._editor = section

    @property
    def restricted(self) -> bool:
        """Whether the editor does not trust the workspace: then no project in it is trusted."""
        return self._editor.get("restrictedMode") is True

    def of(self, uri: str) -> Configuration:
        """The configuration for a document; files are looked at again, cheaply."""
        found = self.known(uri)
        self._publish(found)
        return found

    def known(self, uri: str) -> Configuration:
        """The same, without showing what is wrong in it."""
        path = local_path(uri)
        root = self.root_of(path)
        # A document outside every workspace folder has the user's configuration only.
        return self._read().load(
            path if root else None, root, switched=self._switched(root), editor=self._editor
        )

    def draft(self, uri: str, text: str) -> Configuration:
        """The configuration as it would be if the configuration file ``uri`` held ``text``."""
        path = local_path(uri)
        assert path is not None  # noqa: S101 - only files are configuration
        # Help is given in a file that no workspace folder holds, too.
        root = self.root_of(path) or path.parent
        return self._read().draft(
            path, text, root, switched=self._switched(root), editor=self._editor
        )

    def _switched(self, root: Path | None) -> str | None:
        return self._server.model_flag or self.switches.target(root)

    @property
    def store(self) -> TrustStore:
        """What the person trusts."""
        return self._read().store

    @cached_property
    def editor_keys(self) -> EditorKeys:
        """The keys that the editor holds, as far as it says so."""
        from streetrace_lsp.config.editor_keys import EditorKeys

        return EditorKeys()

    @property
    def variables(self) -> Variables:
        """The person's own variables and keys."""
        return self._read().variables

    @cached_property
    def switches(self) -> SwitchStore:
        """The targets that the person switched to, by workspace folder."""
        from streetrace_lsp.config.switch import SwitchStore

        return SwitchStore(self._server.state_dir)

    def _read(self) -> ConfigurationSource:
        if self._source is None:
            from streetrace_lsp.config.load import ConfigurationSource

            self._source = ConfigurationSource(
                environ=os.environ,
                user_dir=self._server.user_dir,
                state_dir=self._server.state_dir,
                editor_keys=self.editor_keys if self._server.profile.holds_keys else None,
            )
        return self._source

    def actions(self, uri: str) -> dict[str, Action]:
        """The actions, built in and custom, for a document."""
        settings = self.of(uri).settings
        return actions(settings.actions)

    def enabled(self, uri: str) -> bool:
        """Whether anything is offered in a document at all."""
        return bool(self.of(uri).settings.enabled)

    def folder_of(self, path: Path | None) -> Path | None:
        """The innermost workspace folder that holds a path by its name."""
        if path is None:
            return None
        holding = [folder for folder in self.folders() if path.is_relative_to(folder)]
        return max(holding, key=lambda folder: len(folder.parts), default=None)

    def first_folder(self) -> Path | None:
        """The workspace folder that comes first."""
        return next(iter(self.folders()), None)

    def folders(self) -> list[Path]:
        """The workspace folders."""
        folders = [
            Path(folder)
            for entry in self._server.mirror.folders.values()
            if (folder := to_fs_path(entry.uri))
        ]
        if not folders and (root := self._server.mirror.root_path):
            folders = [Path(root)]
        return folders

    def root_of(self, path: Path | None) -> Path | None:
        """The innermost workspace folder that holds a path by its name, and really.

        What a link in the folder leads out to does not belong to its project.
        """
        folder = self.folder_of(path)
        if path is None or folder is None:
            return None
        real = Path(os.path.realpath(path))
        return folder if real.is_relative_to(os.path.realpath(folder)) else None

    def relative(self, uri: str) -> str:
        """The path of a document relative to its workspace folder, with '/'."""
        path = local_path(uri)
        if path is None:
            return uri
        root = self.root_of(path)
        return path.relative_to(root).as_posix() if root else path.name

    def look(self, uri: str) -> None:
        """Show what is wrong in the configuration of a document, if it has one.

        Costs nothing where no configuration stands beside the code.
        """
        path = local_path(uri)
        if path is None:
            return
        document = self._server.config_documents.open_at(uri)
        if document is not None:
            self.publish_open(document)
        if self._has_project_file(path):
            self.of(uri)

    def look_again(self) -> None:
        """Look at the configuration of every open document."""
        for document in self._server.mirror.documents():
            self.look(document.uri)

    def _has_project_file(self, path: Path) -> bool:
        root = self.root_of(path)
        if root is None:
            return False
        folders = [path.parent, *path.parent.parents]
        inside = folders[: folders.index(root) + 1] if root in folders else []
        return any((folder / PROJECT_FILE).is_file() for folder in inside)

    def publish_open(self, document: Document) -> None:
        """Show what is wrong in an open configuration file as it stands in the editor."""
        problems = self._server.config_documents.problems(document)
        self._show(document.uri, [as_diagnostic(one, document.range) for one in problems])

    def publish_closed(self, uri: str) -> None:
        """Show what is wrong in a configuration file as it stands on the disk."""
        self.of(uri)

    def _publish(self, configuration: Configuration) -> None:
        by_file: dict[Path, list[Problem]] = {configuration.user_path: []}
        if configuration.project is not None:
            by_file[configuration.project.path] = []
        for problem in configuration.problems:
            by_file.setdefault(problem.path, []).append(problem)
        for path, problems in by_file.items():
            uri = from_fs_path(str(path)) or ""
            document = self._server.config_documents.open_at(uri)
            if document is not None:
                self.publish_open(document)
                continue
            where = _ranges(_text(path), self._server.profile.encoding) if problems else None
            self._show(uri, [as_diagnostic(one, where) for one in problems if where is not None])

    def _show(self, uri: str, diagnostics: list[types.Diagnostic]) -> None:
        shown = [(d.range, d.message) for d in diagnostics]
        if self._published.get(uri, []) == shown:
            return
        self._published[uri] = shown
        self._server.protocol.notify(
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
            types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics),
        )


Ranges = Callable[[int, int], types.Range]


def as_diagnostic(problem: Problem, where: Ranges) -> types.Diagnostic:
    """A problem for the editor; ``where`` makes a range of two offsets in code points."""
    return types.Diagnostic(
        range=where(problem.start, problem.end),
        severity=types.DiagnosticSeverity.Error
        if problem.severity == "error"
        else types.DiagnosticSeverity.Warning,
        source="streetrace",
        code=problem.code,
        message=f"{problem.message} {problem.suggestion}".strip(),
    )


def _ranges(text: str, encoding: str) -> Ranges:
    index = LineIndex(text)

    def where(start: int, end: int) -> types.Range:
        return types.Range(
            types.Position(*index.position(start, encoding)),
            types.Position(*index.position(end, encoding)),
        )

    return where


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def local_path(uri: str) -> Path | None:
    """The local path of a ``file:`` URI, or None."""
    if not uri.startswith("file:"):
        return None
    path = to_fs_path(uri)
    # A ".." in the middle must not make a file look as if it stood in another folder.
    return Path(os.path.normpath(path)) if path else None
